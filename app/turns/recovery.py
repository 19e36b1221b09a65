"""The sealed register taken back from comments: what they carry is proved by the seal, whoever wrote them there."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.product.facts import History
from app.domain.product.history_in_comments import Restored, restored_history
from app.domain.product.issue import Comment
from app.domain.product.proof import Carried, unpacked
from app.store.log import Log
from app.transparency.gaps import Compared, compared
from app.transparency.key_ring import KeyRing, log_events, ring
from app.transparency.notes import Checkpoint, Key, NoteError, parse_checkpoint
from app.transparency.notes import parse as parse_note
from app.transparency.placed import entry_of
from app.transparency.proofs import parse_proof
from app.transparency.tree import leaf_hash

log = logging.getLogger(__name__)


@dataclass
class Recovery:
    """What all the comments read hold; then what of it is proved, and by which checkpoint.

    `keys` are those known otherwise, the present one first. `on_trust` are the facts taken back though no seal covers
    them: their ranks by issue.
    """

    keys: tuple[Key, ...]
    carried: list[Carried] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    told: Compared = field(default_factory=lambda: Compared(0))
    newest: Checkpoint | None = None
    on_trust: dict[str, list[int]] = field(default_factory=dict)

    made_again: set[str] = field(default_factory=set)
    """Issues whose facts are carried by the comments of another App, as when ours was deleted and made again."""

    def reads_all(self, place: str) -> bool:
        """Whether comments of another App are believed there: a seal was found by which they are, and none is ours."""
        return self.newest is not None and place in self.made_again

    def read(self, place: str, comments: Iterable[Comment]) -> None:
        """The seals and the facts of one issue."""
        kept = tuple(comments)
        carrying = [one.trace for one in kept if one.trace and one.trace.record]
        if carrying and all(trace.is_anothers for trace in carrying):
            self.made_again.add(place)
        else:
            kept = tuple(one for one in kept if not (one.trace and one.trace.is_anothers))
        for comment in kept:
            if comment.trace and comment.trace.seal and not comment.edited_by_other:
                try:
                    self.carried.append(unpacked(comment.trace.seal))
                except ValueError:
                    log.warning("the seal of comment %s cannot be read", comment.id)
        self.histories.append(_begun(restored_history(kept)))

    def judge(self, kept: Log) -> None:
        """Compare it all with the newest checkpoint found; the log takes back its own entries and its checkpoints."""
        known = self._ring(kept)
        believed = dict(self._believed(known)) if known else {}
        here = [parse_checkpoint(parse_note(one.note).text) for one in kept.checkpoints()]
        found = dict.fromkeys((*believed.values(), *here))
        self.newest = max(found, key=lambda one: one.size, default=None)
        if self.newest is None:
            return
        kept.adopt(self.newest.origin)
        events = {n: text for one in self.carried for text in one.log for n, _ in log_events([text])}
        leaves = {row.n: leaf_hash(row.entry.encode()) for row in kept.entries()}
        leaves |= {n: leaf_hash(text.encode()) for n, text in events.items() if n not in leaves}
        leaves |= {n: leaf for n, leaf in self._leaves(self.newest.origin) if n not in leaves}
        proofs = [parse_proof(one.proof) for one in self.carried if one.proof in believed]
        self.told = compared(leaves, found, proofs)
        kept.behind(self.newest.size, self.newest.root)
        for text in events.values():
            kept.take(text)
        for note in {parse_proof(text).note for text in believed}:
            kept.keep_checkpoint(note, 0.0)

    def _ring(self, kept: Log) -> KeyRing | None:
        events = {text for one in self.carried for text in one.log} | set(kept.events())
        try:
            return ring(self.keys, log_events(events))
        except NoteError:
            log.warning("no key of the sealed register is known: give the one of the rules, or the seal's")
            return None

    def _believed(self, known: KeyRing) -> Iterator[tuple[str, Checkpoint]]:
        """Proofs whose checkpoint the key of its size signed."""
        for one in self.carried:
            try:
                yield one.proof, known.believed(parse_proof(one.proof).note)
            except ValueError as error:  # NoteError is one
                log.warning("a comment carries a seal that is none of this register: %s", error)

    def _leaves(self, origin: str) -> Iterator[tuple[int, bytes]]:
        for history in self.histories:
            for rank, fact in enumerate(history, start=1):
                text = entry_of(origin, history, rank)
                if fact.sealed and text:
                    yield fact.sealed.n, leaf_hash(text.encode())

    def refused(self, place: str, history: History, known: int, unplaced: int, *, ours: bool) -> int:
        """The rank of the first fact, beyond the known ones, that is not to be taken back; 0 when all are.

        `unplaced` is the first that has no place in the log. When no entry is missing, one that does not lead to the
        root was forged. What comes after the newest seal is taken on the word of our own comments, and named: nothing
        else holds it.
        """
        size = self.newest.size if self.newest else 0
        doubtful = set() if self.told.missing else set(self.told.doubtful)
        for rank, fact in enumerate(history[known:], start=known + 1):
            is_covered = fact.sealed is not None and fact.sealed.n < size
            is_after = bool(unplaced) and rank >= unplaced
            if (is_covered and (is_after or (fact.sealed and fact.sealed.n in doubtful))) or (is_after and not ours):
                return rank
        if unplaced:
            self.on_trust[place] = list(range(unplaced, len(history) + 1))
        return 0


def _begun(found: Restored) -> History:
    """The facts before the first that lacks or is contradicted: a rank tells what an entry must be."""
    wrong = [int(detail) for kind, detail in found.flaws if kind in {"missing", "contradiction"}]
    return found.history[: min(wrong) - 1] if wrong else found.history
