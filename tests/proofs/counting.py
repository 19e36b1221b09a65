"""Every rule and every vote of so many seats, counted by the application and by the rules written a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any, NamedTuple

from app.domain.policy.model import Rule
from app.domain.product import gates
from app.domain.product.gates import Tally
from tests.builders import T0
from verifier import rules_spec

THRESHOLDS = (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(1))
WORDS = ("go", "nogo", "abstain", "recuse", "silent")
Votes = tuple[str, ...]
LATER = T0 + timedelta(days=1)


class Law(NamedTuple):
    quorum: int
    threshold: Fraction
    mandatory: tuple[int, ...] = ()
    veto: tuple[int, ...] = ()
    people: int = 0

    @property
    def rule(self) -> Rule:
        return Rule(self.quorum, self.threshold, names(self.mandatory), names(self.veto), people=self.people)

    @property
    def written(self) -> dict[str, Any]:
        """As an entry of the register tells it."""
        lists = {"mandatory": names(self.mandatory), "veto": names(self.veto)}
        return {"quorum": self.quorum, "threshold": str(self.threshold), "people": self.people, **lists}


def names(seats: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"s{seat}" for seat in seats)


def subsets(count: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(count), size) for size in range(count + 1)))


def shared(count: int) -> Iterator[tuple[int, ...]]:
    """Every way persons share seats, whoever they are: each seat has a person of a former one, or one more."""
    for speakers in product(range(count), repeat=count):
        if all(person <= max((-1, *speakers[:seat])) + 1 for seat, person in enumerate(speakers)):
            yield speakers


def laws(count: int, quorum: int, threshold: Fraction) -> Iterator[tuple[Law, tuple[int, ...]]]:
    """Every rule of so many seats, each held by one person; then every way persons share them."""
    for mandatory, veto in product(subsets(count), subsets(count)):
        yield Law(quorum, threshold, mandatory, veto), tuple(range(count))
    for people, speakers in product(range(1, count + 1), shared(count)):
        yield Law(quorum, threshold, people=people), speakers


def by_word(votes: Votes) -> dict[str, list[str]]:
    return {word: [f"s{seat}" for seat, vote in enumerate(votes) if vote == word] for word in WORDS}


def differences(count: int, law: Law, speakers: tuple[int, ...]) -> Iterator[tuple[Law, Votes, str]]:
    """The votes that end otherwise than the rules say, with the moment."""
    rule, written = law.rule, law.written
    for votes in product(WORDS, repeat=count):
        said = by_word(votes)
        heard = {speakers[seat] for seat, vote in enumerate(votes) if vote not in ("recuse", "silent")}
        tally = Tally(rule, *(tuple(said[word]) for word in WORDS), len(heard))
        counted = {**said, "people": len(heard)}
        closing, at_once = rules_spec.closing(written, counted), rules_spec.at_once(written, counted)
        moments: dict[str, tuple[Callable[[], str | None], str]] = {
            "before": (lambda tally=tally: gates.outcome(tally, LATER, T0), at_once),
            "quiet": (lambda tally=tally: gates.outcome(tally, LATER, T0, LATER), at_once.replace("nogo", "")),
            "deadline": (lambda tally=tally: gates.outcome(tally, T0, T0), closing),
            "closed": (lambda tally=tally: gates.at_closing(tally), closing),
        }
        for moment, (found, expected) in moments.items():
            if (found() or "") != expected:
                yield law, votes, moment


def all_differences(count: int) -> Iterator[tuple[Law, Votes, str]]:
    for quorum, threshold in product(range(1, count + 1), THRESHOLDS):
        for law, speakers in laws(count, quorum, threshold):
            yield from differences(count, law, speakers)
