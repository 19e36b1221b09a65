"""Which key signs the log at each size: what a rotation, a loss or a theft leaves to be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from app.transparency.entries import read_entry
from app.transparency.notes import (
    LOG,
    WITNESS,
    Checkpoint,
    Key,
    NoteError,
    parse,
    parse_checkpoint,
    parse_vkey,
    verified,
)

CHANGED = "SealKeyChanged"
"""The kind of the log's own entry that tells it."""
ROTATION, LOSS, THEFT = "rotation", "loss", "theft"
WHYS = (ROTATION, LOSS, THEFT)


@dataclass(frozen=True)
class KeyChange:
    """An entry of the log: from the checkpoint that covers it on, `new` signs in place of `former`.

    `dead_from` is, after a theft, the size of the last checkpoint of the former key that is believed.
    """

    n: int
    former: Key
    new: Key
    why: str
    dead_from: int = 0

    @property
    def last(self) -> int:
        """The largest size that the former key signs."""
        return min(self.dead_from, self.n) if self.why == THEFT else self.n

    @property
    def event(self) -> Mapping[str, Any]:
        """What the entry says."""
        said: dict[str, Any] = {"kind": CHANGED, "former": self.former.vkey, "new": self.new.vkey, "why": self.why}
        return said | ({"dead_from": self.dead_from} if self.why == THEFT else {})


def change_of(n: int, event: Mapping[str, Any]) -> KeyChange | None:
    """The change that an entry of the log itself tells; None for another kind of entry. Raises NoteError."""
    if event.get("kind") != CHANGED:
        return None
    why, dead_from = event.get("why"), event.get("dead_from", 0)
    if why not in WHYS or type(dead_from) is not int or dead_from < 0:
        raise NoteError(f"entry {n} changes the key for no reason of ours")
    return KeyChange(n, parse_vkey(str(event.get("former"))), parse_vkey(str(event.get("new"))), why, dead_from)


@dataclass(frozen=True)
class KeyRing:
    """The first key of a log, and each change since; `unvouched` is a change that nobody has vouched for yet.

    Every size has one key. After a theft the sizes sealed since are sealed again by the new key: what the thief may
    have signed meanwhile proves nothing, and what we had is proved all the same.
    """

    first: Key
    changes: tuple[KeyChange, ...] = ()
    unvouched: KeyChange | None = None
    witnesses: tuple[Key, ...] = field(default=(), repr=False)
    quorum: int = 0

    def __post_init__(self) -> None:
        """Raises NoteError when a change does not follow from the one before."""
        keys = self.first, *(change.new for change in self.changes)
        if any(change.former != former for change, former in zip(self.changes, keys, strict=False)):
            raise NoteError("a change of key begins with another key than the one that signed")
        if any(not before.n < after.last for before, after in pairwise(self.changes)):
            raise NoteError("a key is said dead before it signed")

    @property
    def present(self) -> Key:
        """The key that signs now."""
        return self.changes[-1].new if self.changes else self.first

    @property
    def keys(self) -> tuple[Key, ...]:
        return self.first, *(change.new for change in self.changes)

    def at(self, size: int) -> Key:
        """The key that signs a checkpoint of this size."""
        signs = self.first
        for change in self.changes:
            signs = change.new if size > change.last else signs
        return signs

    def believed(self, text: str) -> Checkpoint:
        """The checkpoint that a signed note gives; raises NoteError unless it is signed by the key of its size, and
        vouched for as long as a change of key needs it.
        """
        signed = parse(text)
        checkpoint = parse_checkpoint(signed.text)
        key = self.at(checkpoint.size)
        if key not in {one.key for one in verified(signed, (key,))}:
            raise NoteError("not signed by the key that signs this size")
        if self.unvouched and checkpoint.size > self.unvouched.last and not self.vouches(text):
            raise NoteError("signed by a key that the witnesses have not vouched for yet")
        return checkpoint

    def vouches(self, text: str) -> bool:
        """Whether as many witnesses as the rules ask for have signed this note too."""
        try:
            found = {one.key for one in verified(parse(text), self.witnesses) if one.key.kind == WITNESS}
        except NoteError:
            return False
        return len(found) >= self.quorum

    def bridged(self, notes: Iterable[str]) -> KeyRing:
        """The same, knowing the checkpoints kept: what was not handed over as it must be is unvouched for.

        A rotation asks for one checkpoint signed by both keys; a loss or a theft for one that witnesses vouch for.
        """
        kept = [(self._size(text), text) for text in notes]
        for change in self.changes:
            later = [text for size, text in sorted(kept) if size > change.n]
            if not any(self._hands_over(change, text) for text in later):
                return replace(self, unvouched=change)
        return replace(self, unvouched=None)

    def _size(self, text: str) -> int:
        return parse_checkpoint(parse(text).text).size

    def _hands_over(self, change: KeyChange, text: str) -> bool:
        try:
            signed = {one.key for one in verified(parse(text), (change.former, change.new))}
        except NoteError:
            return False
        if change.why == ROTATION:
            return signed == {change.former, change.new}
        return change.new in signed and self.vouches(text)


def ring(keys: Iterable[Key], events: Iterable[tuple[int, Mapping[str, Any]]]) -> KeyRing:
    """The ring of a log, from its own entries in order; `keys` are those that are known otherwise, the present one
    first: where no entry tells of a change, it is the first. Raises NoteError.
    """
    changes = tuple(found for n, event in sorted(events, key=lambda one: one[0]) if (found := change_of(n, event)))
    if changes:
        return KeyRing(changes[0].former, changes)
    first = next((key for key in keys if key.kind == LOG), None)
    if first is None:
        raise NoteError("no key of the seal is known")
    return KeyRing(first)


def log_events(events: Iterable[str]) -> list[tuple[int, Mapping[str, Any]]]:
    """What entries of the log itself say, by number; those that are none are left aside."""
    found = list[tuple[int, Mapping[str, Any]]]()
    for text in events:
        try:
            entry = read_entry(text)
            found.append((int(entry["n"]), dict(entry["event"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def signs(key: Key, events: Iterable[str], first: str) -> bool:
    """Whether a key is the one that signs a log now: the one that its own entries name last, else the one that signed
    its first checkpoint, else any.
    """
    try:
        changes = [found for n, event in log_events(events) if (found := change_of(n, event))]
        if changes:
            return key == changes[-1].new
        return not first or key in {one.key for one in verified(parse(first), (key,))}
    except NoteError:
        return False
