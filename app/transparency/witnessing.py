"""How a log asks a witness to vouch for it, and what the witness answers: C2SP `tlog-witness`, without a network."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.transparency.notes import Checkpoint, Key, NoteError, parse, parse_checkpoint, verified
from app.transparency.tree import EMPTY, verify_consistency

MOST_HASHES = 63
"""Lines of the longest proof; a tree of 2^63 leaves needs no more."""
LIMIT = 64 * 1024
"""Bytes of the longest request or answer: 63 hashes take 3 kB, sixteen signatures at most 80 kB with the heaviest
kind, and 2 kB with the one that logs use.
"""
SIZE_TYPE = "text/x.tlog.size"
OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n?")


class CosigningRefusedError(Exception):
    """Why a witness does not cosign: the status of its answer, and its body.

    `is_lie`: the log itself signed what contradicts what it had signed before; this is worth keeping.
    """

    def __init__(self, status: int, said: str, *, is_lie: bool = False) -> None:
        super().__init__(f"{status}: {said}")
        self.status, self.said, self.is_lie = status, said, is_lie


@dataclass(frozen=True)
class Submission:
    """`old`: the size that the log believes the witness saw last; `proof` leads from it to the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str


@dataclass(frozen=True)
class LastCosigned:
    """The latest checkpoint that a witness cosigned for a log."""

    size: int
    root: bytes


NOTHING = LastCosigned(0, EMPTY)


def checkpoint_request(old: int, proof: Sequence[bytes], note: str) -> str:
    """The body of an `add-checkpoint`."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof)]
    return "\n".join(lines) + "\n\n" + note


def read_request(body: bytes) -> Submission:
    """Raises CosigningRefusedError, 400, for what is no such body."""
    try:
        head, blank, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise CosigningRefusedError(400, "the body is no UTF-8") from None
    first, *lines = head.split("\n")
    old = OLD.fullmatch(first)
    if not old or not blank or len(lines) > MOST_HASHES:
        raise CosigningRefusedError(400, "an old size, at most 63 hashes, an empty line and a checkpoint are expected")
    return Submission(int(old[1]), tuple(_hash(line) for line in lines), note)


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        found = b""
    if len(found) != len(EMPTY) or base64.b64encode(found).decode() != line:
        raise CosigningRefusedError(400, "a line of the proof is no hash in base64")
    return found


def authentic(asked: Submission, logs: Mapping[str, Sequence[Key]]) -> Checkpoint:
    """The checkpoint, signed by a key known for its origin; raises CosigningRefusedError: 400, 403 or 404."""
    try:
        note = parse(asked.note)
        checkpoint = parse_checkpoint(note.text)
    except NoteError as error:
        raise CosigningRefusedError(400, f"this is no checkpoint: {error}") from error
    keys = logs.get(checkpoint.origin)
    if keys is None:
        raise CosigningRefusedError(404, "this log is unknown here")
    try:
        signed = verified(note, keys)
    except NoteError:
        signed = ()
    if not signed:
        raise CosigningRefusedError(403, "no key known for this log has signed the checkpoint")
    if asked.old > checkpoint.size:
        raise CosigningRefusedError(400, "the old size is over the checkpoint's")
    return checkpoint


def follow(asked: Submission, checkpoint: Checkpoint, seen: LastCosigned) -> None:
    """Raises CosigningRefusedError unless an authentic checkpoint goes on from the last one seen: 409 or 422."""
    if asked.old != seen.size:
        raise CosigningRefusedError(409, f"{seen.size}\n")
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        raise CosigningRefusedError(409, f"{seen.size}\n", is_lie=True)
    if not verify_consistency(seen.size, seen.root, checkpoint.size, checkpoint.root, asked.proof):
        # A proof cut short by accident would show as much: kept as what may be a lie, judged by a person.
        told = "the proof does not lead from the last checkpoint to this one"
        raise CosigningRefusedError(422, told, is_lie=bool(seen.size))


def size_told(body: str) -> int | None:
    """The size that a witness saw last, of its 409; None when it tells none."""
    found = SIZE.fullmatch(body)
    return int(found[1]) if found else None
