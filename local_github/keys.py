"""RSA keys of Apps."""

from __future__ import annotations

import functools
from typing import cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


@functools.lru_cache(maxsize=8)
def public_key(pem: str) -> RSAPublicKey:
    # Checking a key we made ourselves would be most of the time it takes to start.
    key = serialization.load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    return cast("RSAPublicKey", key.public_key())


@functools.cache
def new_key() -> str:
    """One key per process: making one is slow, and tests start many sandboxes."""
    return another_key()


def another_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return pem.decode()
