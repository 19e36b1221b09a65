"""The fork guard: the log must hold whatever its seal signed and GitHub still shows; else nothing more is sealed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile

from app.domain.product.facts import History
from app.domain.product.issue import Comment
from app.domain.product.proof import unpacked
from app.store.log import Log
from app.store.troubles import Troubles
from app.transparency.key_ring import KeyRing, change_of, log_events, ring
from app.transparency.notes import Checkpoint, NoteError, Signer
from app.transparency.placed import entry_of
from app.transparency.proofs import parse_proof

log = logging.getLogger(__name__)
TROUBLE = "seal"
MOST_MET = 20_000
"""Notes remembered as found right, or as none of ours: a note is judged once."""


@dataclass(frozen=True)
class ShownCheckpoint:
    """A checkpoint that the seal signed, and the log's own entries that came with it."""

    checkpoint: Checkpoint
    note: str
    events: tuple[str, ...] = ()


class ForkGuard:
    """Fed with the comments that turns read anyway, and with one look at GitHub when a process starts, then daily.

    Only what the key of the settings signed, or a key that it took over from, can hold the log back: whoever writes
    the rules of one repository must not be able to.
    """

    def __init__(self, kept: Log, signer: Signer | None, troubles: Troubles) -> None:
        self._log, self._signer, self._troubles = kept, signer, troubles
        self._met = set[bytes]()
        self._was_behind = True
        """Whether facts may wait since a time when the log was behind; unknown when a process starts."""

    @property
    def is_behind(self) -> bool:
        """Whether the log lacks entries that it sealed, or holds others in their place."""
        return self._log.wanted > 0

    @property
    def has_key(self) -> bool:
        """Whether this installation is given a key to seal with."""
        return self._signer is not None

    def look(self, comments: Iterable[Comment]) -> None:
        """Compare every seal that our comments show with the log."""
        for one in self._new(comments):
            self.meet(one)

    def look_at(self, texts: Iterable[str]) -> None:
        """The same for texts of ours that show a whole checkpoint, as the digest does."""
        known = self.ring()
        if known is None:
            return
        for text in texts:
            for note in _notes_in(text, known.first.name):
                try:
                    self.meet(ShownCheckpoint(known.believed(note), note))
                except NoteError as error:
                    log.warning("a text of ours shows a checkpoint that is none of this register: %s", error)

    def meet(self, seen: ShownCheckpoint) -> None:
        """One checkpoint of ours, wherever it was found."""
        origin, said = self._log.origin, seen.checkpoint
        if not origin and self._signer and said.origin == self._signer.name:
            log.error("the register was sealed as %s, and this database knows nothing of it", said.origin)
            self._log.adopt(said.origin)
            origin = said.origin
        if said.origin != origin:
            return
        size = self._log.size
        if said.size <= size and self._log.root(said.size) == said.root:
            return
        here = f"{size} are here" if said.size > size else "here they are others"
        what = f"{said.size} entries, {here}"
        level = logging.INFO if self._log.wanted else logging.ERROR  # once behind, each seal met says it again
        log.log(level, "the sealed register %s is not what its seal signed: %s; nothing is sealed", origin, what)
        self._log.behind(said.size, said.root)
        for text in seen.events:
            self._log.take(text)
        self._log.keep_checkpoint(seen.note, 0.0)
        self._was_behind = True
        self.tell()

    def heard(self, witness: str, size: int) -> None:
        """A witness answers that it has cosigned a larger tree of this log than ours."""
        if size > self._log.size:
            told = "the witness %s knows %d entries of the sealed register, %d are here"
            log.error(told, witness, size, self._log.size)
            self._log.behind(size)
            self._was_behind = True
            self.tell()

    def settle(self) -> int:
        """Seal what waited, once the log holds again all that it signed; how many facts were sealed."""
        if not self._log.origin:
            return 0
        if self.tell() or not self._was_behind:
            return 0
        self._was_behind = False
        sealed = self._log.seal_pending()
        if sealed:
            log.warning("the sealed register is whole: %d facts that waited are sealed", sealed)
        return sealed

    def tell(self) -> bool:
        """Note what keeps the register from being sealed, or that nothing does any more; whether something does."""
        told = self.trouble()
        self._troubles.keep(TROUBLE, {self._log.origin: told} if told else {})
        return bool(told)

    def trouble(self) -> str:
        """What keeps the register from being sealed; empty when nothing does."""
        kept = self._log
        if wanted := kept.wanted:
            return f"{wanted} entries were sealed, {kept.size} are here" if wanted > kept.size else "forked"
        key = self._signer.key if self._signer else None
        if kept.origin and key is None:
            return "no key"
        if kept.origin and (found := self.ring()) and key != found.present:
            return "another key"
        return ""

    def ring(self) -> KeyRing | None:
        """The keys that have signed this log; None while none is known, or when they do not follow from one another."""
        events = log_events(self._log.events())
        if self._signer is None and not any(change_of(n, event) for n, event in events):
            return None
        try:
            return ring([self._signer.key] if self._signer else [], events)
        except NoteError:
            log.exception("the keys of the sealed register do not follow from one another")
            return None

    def _new(self, comments: Iterable[Comment]) -> Iterator[ShownCheckpoint]:
        """The checkpoints met for the first time, each signed by a key of ours for its size."""
        for comment in comments:
            if comment.trace is None or not comment.trace.seal or comment.edited_by_other:
                continue
            name = hashlib.sha256(comment.trace.seal.encode()).digest()
            if name in self._met:
                continue
            if len(self._met) >= MOST_MET:
                self._met.clear()
            self._met.add(name)
            if found := self._believed(comment.trace.seal):
                yield found

    def _believed(self, packed: str) -> ShownCheckpoint | None:
        try:
            carried, known = unpacked(packed), self.ring()
            note = parse_proof(carried.proof).note
            return ShownCheckpoint(known.believed(note), note, carried.log) if known else None
        except ValueError as error:  # NoteError is one
            log.warning("a comment of ours carries a seal that is none of this register: %s", error)
            return None

    def unplaced(self, history: History, known: int) -> int:
        """The rank of the first fact, beyond those the register holds, that has no place of its own in the log; 0 for
        none. Nothing to compare with before the register is sealed.

        A fact is in its place when the log holds that very entry. While the log is behind, one that the log does not
        hold is taken on trust below the size that the seal signed: the root says at the end whether it was right.
        """
        kept = self._log
        if not kept.origin:
            return 0
        numbers = [fact.sealed.n for fact in history[known:] if fact.sealed]
        held, size, wanted = kept.held(numbers), kept.size, kept.wanted
        for rank, fact in enumerate(history[known:], start=known + 1):
            text = entry_of(kept.origin, history, rank)
            if not text or fact.sealed is None:
                return rank
            there = held.get(fact.sealed.n)
            if (there is not None and there != text) or (there is None and not size <= fact.sealed.n < wanted):
                return rank
        return 0


def origins(comments: Iterable[Comment], texts: Iterable[str]) -> set[str]:
    """The names of the registers of which comments of ours, or other texts, show a seal, whoever signed it."""
    found = set[str]()
    for comment in comments:
        if comment.trace and comment.trace.seal:
            with suppress(ValueError):
                found.add(parse_proof(unpacked(comment.trace.seal).proof).checkpoint.origin)
    for text in texts:
        lines = text.replace("\r\n", "\n").split("\n")
        after = lines[4:]  # a checkpoint is a name, a size, a root, then a blank line and its signatures
        found |= {name for name, line in zip(lines, after, strict=False) if name and line.startswith("— ")}
    return found


def _notes_in(text: str, origin: str) -> Iterator[str]:
    """The signed notes of a log that a text shows, line for line."""
    lines = text.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines):
        if line == origin and lines[place + 3 : place + 4] == [""]:
            signed = takewhile(lambda one: one.startswith("— "), lines[place + 4 :])
            yield "\n".join((*lines[place : place + 4], *signed, ""))
