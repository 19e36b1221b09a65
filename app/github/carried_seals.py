"""The newest checkpoint of the register that decisions carry, for whoever reads GitHub alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.product.issue import Comment
from app.domain.product.proof import Carried, unpacked
from app.transparency.notes import Checkpoint, Key, NoteError, parse, parse_checkpoint, parse_vkey, verified
from app.transparency.proofs import parse_proof


def newest_seal(comments: Iterable[Comment], keys: Iterable[str]) -> str:
    """The note of the largest one; where the rules name keys, none that they did not sign is believed."""
    known = [parse_vkey(key) for key in keys]
    found = {checkpoint.size: note for note, checkpoint in _carried(comments) if _is_signed(note, known)}
    return found[max(found)] if found else ""


def every_seal(comments: Iterable[Comment]) -> tuple[Carried, ...]:
    """What our comments carry, as they carry it: whoever reads them judges them."""
    return tuple(one for one, _ in _unpacked(comments))


def _carried(comments: Iterable[Comment]) -> Iterator[tuple[str, Checkpoint]]:
    for _, note in _unpacked(comments):
        yield note, parse_checkpoint(parse(note).text)


def _unpacked(comments: Iterable[Comment]) -> Iterator[tuple[Carried, str]]:
    """Of comments of ours that nobody else touched, each with the note of its proof."""
    for comment in comments:
        if not comment.trace or not comment.trace.seal or comment.edited_by_other:
            continue
        try:
            found = unpacked(comment.trace.seal)
            note = parse_proof(found.proof).note
        except ValueError:
            continue
        yield found, note


def _is_signed(note: str, keys: list[Key]) -> bool:
    try:
        return not keys or bool(verified(parse(note), keys))
    except NoteError:
        return False
