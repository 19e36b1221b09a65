"""Where the reuse of a product stands: each candidate shown or named, and what was answered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.product.reuse_facts import REUSED, SET_ASIDE, ReuseAnswered, ReuseSuggested, Suggestion


@dataclass(frozen=True, slots=True)
class ReuseCandidate:
    """`shown` is None for one that a person named by themselves; `answers` are every one given, the last one last."""

    ref: str
    name: str
    shown: Suggestion | None = None
    answers: tuple[ReuseAnswered, ...] = ()
    is_dropped: bool = False

    @property
    def answer(self) -> ReuseAnswered | None:
        """The last one given, which holds."""
        return self.answers[-1] if self.answers else None

    @property
    def awaits(self) -> bool:
        """Whether it was shown, still holds, and was not answered."""
        return self.shown is not None and not self.answers and not self.is_dropped


@dataclass(frozen=True, slots=True)
class ReuseCandidates:
    """By reference, in the order in which they came."""

    candidates: Mapping[str, ReuseCandidate]
    last: int = 0
    """The greatest number given."""

    @property
    def awaited(self) -> tuple[ReuseCandidate, ...]:
        """Those that still ask for an answer, in the order of their numbers."""
        return tuple(one for one in self.candidates.values() if one.awaits)

    @property
    def reused(self) -> tuple[ReuseCandidate, ...]:
        return tuple(one for one in self.candidates.values() if one.answer and one.answer.answer == REUSED)

    @property
    def set_aside(self) -> frozenset[str]:
        """The references of those that answer nothing here: never shown again."""
        return frozenset(one.ref for one in self.candidates.values() if one.answer and one.answer.answer == SET_ASIDE)

    def after(self, fact: ReuseSuggested | ReuseAnswered) -> ReuseCandidates:
        """Where it stands once one more fact is known."""
        known = dict(self.candidates)
        if isinstance(fact, ReuseAnswered):
            before = known.get(fact.ref, ReuseCandidate(fact.ref, fact.name))
            known[fact.ref] = replace(before, answers=(*before.answers, fact))
            return replace(self, candidates=known)
        for ref, one in known.items():
            if one.shown and one.shown.number in fact.dropped:
                known[ref] = replace(one, is_dropped=True)
        for shown in fact.shown:
            before = known.pop(shown.ref, ReuseCandidate(shown.ref, shown.name))
            known[shown.ref] = replace(before, shown=shown, is_dropped=False)
        return ReuseCandidates(known, max((self.last, *(one.number for one in fact.shown))))


NOTHING = ReuseCandidates({})
