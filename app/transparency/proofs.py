"""One file that proves, without any network, that an entry is in the log: C2SP's `tlog-proof@v1`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.transparency import notes
from app.transparency.notes import Checkpoint, Key, NoteError, Verified
from app.transparency.tree import leaf_hash, verify_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
LONGEST = 64
"""Digests in a path: more than the tree of any log has levels."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Where the entry is, the way from it to the root, and the checkpoint whose root it is."""

    n: int
    path: tuple[bytes, ...]
    note: str

    @property
    def checkpoint(self) -> Checkpoint:
        return notes.parse_checkpoint(notes.parse(self.note).text)


def proof_text(n: int, path: Sequence[bytes], checkpoint_note: str) -> str:
    way = "".join(f"{base64.b64encode(digest).decode()}\n" for digest in path)
    return f"{FIRST_LINE}\nindex {n}\n{way}\n{checkpoint_note}"


def parse_proof(text: str) -> InclusionProof:
    """Raises NoteError for what is no proof; nothing is checked yet."""
    head, _, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    lines = lines[1:] if lines and lines[0].startswith("extra ") else lines
    found = INDEX.fullmatch(lines[0]) if lines else None
    if first != FIRST_LINE or not found or len(lines) > LONGEST:
        raise NoteError("not a proof of a log")
    try:
        path = tuple(base64.b64decode(line, validate=True) for line in lines[1:])
    except (binascii.Error, ValueError) as error:
        raise NoteError("the way to the root cannot be read") from error
    proof = InclusionProof(int(found[1]), path, note)
    proof.checkpoint  # noqa: B018 - a note that is none is told here
    return proof


def check_proof(proof: InclusionProof, entry: bytes, keys: Iterable[Key]) -> tuple[Verified, ...]:
    """Who signed the checkpoint under which this very entry is; raises NoteError when the proof does not hold."""
    signed = notes.parse(proof.note)
    by, checkpoint = notes.verified(signed, keys), notes.parse_checkpoint(signed.text)
    if not any(one.key.kind == notes.LOG and one.key.name == checkpoint.origin for one in by):
        raise NoteError("the checkpoint is signed by no key of the log")
    if not verify_inclusion(leaf_hash(entry), proof.n, checkpoint.size, proof.path, checkpoint.root):
        raise NoteError("this entry is not the one that was sealed there")
    return by
