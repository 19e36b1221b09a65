"""Signed notes, keys and checkpoints as C2SP writes them: what the log signs, and what witnesses sign after it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG, WITNESS = 1, 4
"""Kinds of signature: Ed25519 over the text, and cosignatures that carry their time."""
KEY_BYTES, ID_BYTES, TIME_BYTES = 32, 4, 8
PRIVATE = "PRIVATE+KEY"
MOST = 16
"""Signatures read of one note: what others must accept, and a bound on what a stranger makes us compute."""
SIGNATURE = re.compile(r"^— ([^\s+]+) ([A-Za-z0-9+/=]+)$")


class NoteError(ValueError):
    """What was given is no key, no note or no checkpoint, or a signature of a known key is wrong."""


@dataclass(frozen=True, slots=True)
class Key:
    """What checks signatures: `kind` is LOG or WITNESS, `public` the 32 bytes of an Ed25519 key."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_text(bytes([self.kind]) + self.public)}"


def parse_vkey(text: str) -> Key:
    """A key as published, « name+id+key »; raises NoteError."""
    name, _, rest = text.strip().partition("+")
    number, _, packed = rest.partition("+")
    data = _bytes(packed)
    if not is_name(name) or len(data) != 1 + KEY_BYTES or data[0] not in {LOG, WITNESS}:
        raise NoteError(f"not a public key of a log or of a witness: {text[:80]}")
    key = Key(name, data[0], data[1:])
    if key.id.hex() != number.lower():
        raise NoteError(f"the number of the key does not match it: {text[:80]}")
    return key


def is_name(name: str) -> bool:
    """Whether a log or a witness may bear this name: no blank, no sign « + »."""
    return bool(name) and "+" not in name and not any(char.isspace() or ord(char) < ord(" ") for char in name)


@dataclass(frozen=True)
class Signer:
    """A private key and the name it signs under; the name of a log's is its origin."""

    name: str
    seed: bytes = field(repr=False)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def key(self) -> Key:
        return Key(self.name, LOG, self._public)

    @cached_property
    def witness_key(self) -> Key:
        return Key(self.name, WITNESS, self._public)

    @cached_property
    def _public(self) -> bytes:
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, text: str) -> str:
        """The line of signature under a note."""
        return _line(self.name, self.key.id + self._private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> str:
        """The line of a witness under a checkpoint; `time` in seconds since 1970."""
        signed = self._private.sign(cosigned_text(text, time).encode())
        return _line(self.name, self.witness_key.id + time.to_bytes(TIME_BYTES, "big") + signed)


def new_signer(name: str) -> Signer:
    """Raises NoteError unless a log or a witness may bear this name."""
    if not is_name(name):
        raise NoteError(f"a name without blank nor « + » is needed: {name[:80]!r}")
    return Signer(name, secrets.token_bytes(KEY_BYTES))


def signer_text(signer: Signer) -> str:
    """The private key as its file keeps it."""
    return f"{PRIVATE}+{signer.name}+{signer.key.id.hex()}+{_text(bytes([LOG]) + signer.seed)}"


def read_signer(text: str) -> Signer:
    """The private key of a file; raises NoteError, which never repeats it."""
    text = text.strip()
    name, _, rest = text.removeprefix(f"{PRIVATE}+").partition("+")
    number, _, packed = rest.partition("+")
    data = _bytes(packed)
    if not text.startswith(f"{PRIVATE}+") or not is_name(name) or len(data) != 1 + KEY_BYTES or data[0] != LOG:
        raise NoteError("this is not the private key of a seal, which « jalon seal init » makes")
    signer = Signer(name, data[1:])
    if signer.key.id.hex() != number.lower():
        raise NoteError("the private key of the seal was cut or altered")
    return signer


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note; `time` is that of a witness, in seconds since 1970, 0 of a log."""

    name: str
    data: bytes

    @property
    def line(self) -> str:
        return _line(self.name, self.data)

    @property
    def time(self) -> int:
        return int.from_bytes(self.data[ID_BYTES : ID_BYTES + TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last line break included, and the signatures under it, checked or not."""

    text: str
    signatures: tuple[Signature, ...]


def note(text: str, lines: Iterable[str]) -> str:
    """A text and the lines of signature under it, as they travel."""
    return text + "\n" + "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Note:
    """Raises NoteError for what is no signed note."""
    body, between, under = text.rpartition("\n\n")
    if not between or not under.endswith("\n") or any(ord(char) < ord(" ") and char != "\n" for char in text):
        raise NoteError("not a signed note")
    found = [SIGNATURE.match(line) for line in under[:-1].split("\n")]
    if len(found) > MOST:
        raise NoteError("more signatures than anybody needs")
    signatures = tuple(Signature(one[1], _bytes(one[2])) for one in found if one)
    if len(signatures) != len(found) or any(len(one.data) <= ID_BYTES for one in signatures):
        raise NoteError("a line under the note is no signature")
    return Note(f"{body}\n", signatures)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that is right: whose, and at what time if it is a witness's (seconds since 1970)."""

    key: Key
    time: int = 0


def verified(signed: Note, keys: Iterable[Key]) -> tuple[Verified, ...]:
    """The signatures of known keys, those of others left aside; raises NoteError when one of a known key is wrong."""
    known = {(key.name, key.id): key for key in keys}
    right = []
    for one in signed.signatures:
        key = known.get((one.name, one.data[:ID_BYTES]))
        if key is None:
            continue
        if not _holds(one, key, signed.text):
            raise NoteError(f"the signature of {key.name} is not right")
        right.append(Verified(key, one.time if key.kind == WITNESS else 0))
    return tuple(right)


def _holds(one: Signature, key: Key, text: str) -> bool:
    data = one.data[ID_BYTES:]
    if key.kind == WITNESS:
        text, data = cosigned_text(text, one.time), data[TIME_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(data, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def cosigned_text(text: str, time: int) -> str:
    """What a witness signs: the text, and the time at which it knew no larger tree."""
    return f"cosignature/v1\ntime {time}\n{text}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log signs of itself: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is, other lines below left aside; raises NoteError."""
    origin, size, root, *_ = (*text.split("\n"), "", "", "")
    found = _bytes(root)
    if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size) or len(found) != hashlib.sha256().digest_size:
        raise NoteError("not a checkpoint of a log")
    return Checkpoint(origin, int(size), found)


def _line(name: str, data: bytes) -> str:
    return f"— {name} {_text(data)}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Nothing for what is not base64: whoever asked finds that the length is wrong."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
