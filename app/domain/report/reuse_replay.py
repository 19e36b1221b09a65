"""The whole history looked at again under another threshold: what it would show, beside what people answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy, ReuseSettings
from app.domain.product.facts import Fact, History, ProductFiled
from app.domain.product.purpose import KEPT, filing, purpose_of
from app.domain.product.reuse import ReuseCandidates
from app.domain.product.reuse_facts import DOORS, SET_ASIDE, ReuseAnswered, ReuseSuggested
from app.domain.product.state import ProductState, standing
from app.domain.report.reuse_figures import ENOUGH
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.near import Index
from app.domain.reuse.suggest import MOST, Candidate, Silence, SuggestionSource, suggest

FREE = {None, Silence.MORE_THAN_THREE}
"""The silences that a threshold alone decides."""


@dataclass(frozen=True)
class LivedProduct:
    """One product of a backlog, with its whole history."""

    product: str
    number: int
    history: History


@dataclass(frozen=True)
class Replayed:
    """A product as it was last looked at: what its other doors show, what is near, and what people made of each."""

    sure: tuple[Candidate, ...]
    """Named, or asked: no threshold changes them."""
    near: tuple[Candidate, ...]
    answers: Mapping[str, str]
    """What holds of each reference that somebody answered."""

    def shown(self, least: float) -> tuple[Candidate, ...]:
        passed = [one for one in self.near if one.score >= least]
        return (*self.sure, *passed)[:MOST]


@dataclass(frozen=True)
class DoorReplay:
    """What one door would have shown; `unanswered` were never put to anybody."""

    door: str
    shown: int
    accepted: int
    aside: int

    @property
    def unanswered(self) -> int:
        return self.shown - self.accepted - self.aside

    @property
    def precision(self) -> int | None:
        """Whole percents of what was answered; None while too few were."""
        answered = self.accepted + self.aside
        return round(100 * self.accepted / answered) if answered >= ENOUGH else None


@dataclass(frozen=True)
class ThresholdReplay:
    """`spoken` filings would have been told something; `missed` were taken by people and would not have been shown."""

    least: float
    spoken: int
    doors: tuple[DoorReplay, ...]
    missed: int


@dataclass(frozen=True)
class Replay:
    filings: int
    answers: int
    thresholds: tuple[ThresholdReplay, ...]

    @property
    def is_enough(self) -> bool:
        return self.answers >= ENOUGH


def replay(
    recorded: Iterable[LivedProduct], repository: str, policy: Policy, catalogue: Catalogue, least: Iterable[float]
) -> Replay:
    """Of one backlog, from its facts alone and the catalogue of today."""
    found = tuple(_Replaying(repository, policy, catalogue).of(tuple(recorded)))
    answers = sum(len(one.answers) for one in found)
    return Replay(len(found), answers, tuple(_at(found, one) for one in least))


def _at(found: tuple[Replayed, ...], least: float) -> ThresholdReplay:
    told: dict[str, Counter[str]] = {door: Counter() for door in DOORS}
    spoken = missed = 0
    for one in found:
        shown = one.shown(least)
        spoken += bool(shown)
        refs = {candidate.ref for candidate in shown}
        missed += sum(answer != SET_ASIDE and ref not in refs for ref, answer in one.answers.items())
        for candidate in shown:
            said = one.answers.get(candidate.ref, "")
            told[candidate.door].update(("shown", *(["aside" if said == SET_ASIDE else "accepted"] if said else [])))
    doors = tuple(DoorReplay(door, c["shown"], c["accepted"], c["aside"]) for door, c in told.items() if c["shown"])
    return ThresholdReplay(least, spoken, doors, missed)


class _Replaying:
    """Walks the facts of every product in the order in which they came, as the machine met them."""

    def __init__(self, repository: str, policy: Policy, catalogue: Catalogue) -> None:
        self._repository, self._policy, self._catalogue = repository, policy, catalogue
        settings = policy.reuse or ReuseSettings()
        self._settings = replace(settings, least=0.0)
        self._index = Index(settings.plain_words)
        self._states: dict[str, ProductState] = {}
        self._found: dict[str, Replayed] = {}

    def of(self, recorded: tuple[LivedProduct, ...]) -> Iterator[Replayed]:
        for _, one, fact in sorted(_facts(recorded), key=lambda told: told[0]):
            self._add(one, fact)
        for one in recorded:
            found = self._found.get(one.product)
            if found:
                yield replace(found, answers=_answers(standing(_of_reuse(one.history)).reuse))

    def _add(self, one: LivedProduct, fact: Fact) -> None:
        state = self._states.setdefault(one.product, ProductState())
        state.add(fact)
        if isinstance(fact, ReuseAnswered):
            return
        need = purpose_of(state).need(one.product, self._repository, one.number, self._policy)
        if state.left:
            self._index.drop(need.ref)
        else:
            self._index.put(need)
        if isinstance(fact, ProductFiled | ReuseSuggested):
            today = day_of(fact.at, self._policy.timezone)
            looked = suggest(filing(state, need), self._index, self._catalogue, self._settings, frozenset(), today)
            sure = tuple(each for each in looked.shown if each.door is not SuggestionSource.NEAR)
            near = tuple(each.candidate for each in looked.nearest if each.silence in FREE)
            known = {each.ref for each in sure}
            self._found[one.product] = Replayed(sure, tuple(each for each in near if each.ref not in known), {})


def _facts(recorded: Iterable[LivedProduct]) -> Iterator[tuple[tuple[datetime, int, int], LivedProduct, Fact]]:
    """Those that say what a product is for, with their place among all."""
    for one in recorded:
        for rank, fact in enumerate(one.history):
            if isinstance(fact, KEPT):
                yield (fact.at, one.number, rank), one, fact


def _of_reuse(history: History) -> History:
    return tuple(fact for fact in history if isinstance(fact, KEPT))


def _answers(reuse: ReuseCandidates) -> dict[str, str]:
    return {ref: one.answer.answer for ref, one in reuse.candidates.items() if one.answer}
