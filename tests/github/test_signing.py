"""Every call in the App's own name is signed, by a key that is read once."""

from __future__ import annotations

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.github.client import as_the_app
from app.settings import Settings


def test_the_key_is_read_once_however_often_it_signs(monkeypatch):
    """Reading a key checks it, which costs more than all the rest of such a call."""
    read: list[bytes] = []

    def reading(text: bytes, **how: Any) -> Any:
        read.append(text)
        return load_pem_private_key(text, **how)

    monkeypatch.setattr("app.settings.load_pem_private_key", reading)
    key = rsa.generate_private_key(65537, 2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    auth = as_the_app(Settings(12, text.decode(), ("secret",)))
    for token in (auth.token, auth.token):
        assert jwt.decode(token, key.public_key(), algorithms=["RS256"])["iss"] == "12"
    assert read == [text]
