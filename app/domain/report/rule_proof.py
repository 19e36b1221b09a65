"""A committee's own rules tried on every vote there can be, against the rules that somebody else wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product
from math import comb
from typing import Any

from app.domain.policy.model import Policy, Rule
from app.domain.product import gates

Judge = Callable[[Mapping[str, Any], Mapping[str, Any]], str]
"""What the ballots decide once nobody speaks any more, by the rules written a second time."""
Words = tuple[int, int, int, int]
"""Of seats that the rule does not tell apart: how many say go, no-go, abstain, or are silent; the others are out."""
State = tuple[Words, ...]
MOST_STATES = 250_000
"""Votes told apart, at most: half a minute."""
MOST_FAULTS = 5
DEADLINE = datetime(2000, 1, 1, tzinfo=UTC)
BEFORE = DEADLINE - timedelta(days=1)


class Broken(StrEnum):
    """What a vote would break."""

    COUNT = "count"
    EARLY = "early"
    BARE = "bare"
    AGAINST = "against"


@dataclass(frozen=True)
class Law:
    """One rule, the seats it is for, and the moves that follow it, by the ids of their phases."""

    rule: Rule
    seats: tuple[str, ...]
    moves: tuple[tuple[str, str], ...]

    @property
    def written(self) -> dict[str, Any]:
        rule = self.rule
        lists = {"mandatory": list(rule.mandatory), "veto": list(rule.veto)}
        return {"quorum": rule.quorum, "people": rule.people, "threshold": rule.threshold, **lists}

    @property
    def kinds(self) -> list[list[str]]:
        """The seats that the rule does not tell apart, together: who of them says what changes nothing."""
        found: dict[tuple[bool, bool], list[str]] = {}
        for seat in self.seats:
            found.setdefault((seat in self.rule.mandatory, seat in self.rule.veto), []).append(seat)
        return list(found.values())

    @property
    def states(self) -> int:
        sizes = [comb(len(kind) + 4, 4) for kind in self.kinds]
        total = 1
        for size in sizes:
            total *= size
        return total


@dataclass(frozen=True)
class Fault:
    """A vote that breaks something: the seats by what they say."""

    law: Law
    broken: Broken
    said: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class RuleProof:
    laws: tuple[Law, ...]
    states: int
    """Votes told apart: seats that the rule treats alike may be exchanged."""
    votes: int
    """The votes that they stand for, seat by seat."""
    faults: tuple[Fault, ...] = ()
    too_many: bool = False
    """Whether there are too many to be tried: nothing was."""


def laws(policy: Policy) -> tuple[Law, ...]:
    """The rules that differ in what they decide, in the order of the file."""
    seats = tuple(seat.id for seat in policy.committee.seats)
    found: dict[Rule, list[tuple[str, str]]] = {}
    for gate in policy.gates:
        rule = replace(gate.rule, deadline_days=0)
        found.setdefault(rule, []).extend((origin, gate.to) for origin in gate.origins)
    return tuple(Law(rule, seats, tuple(moves)) for rule, moves in found.items())


def prove(policy: Policy, judge: Judge) -> RuleProof:
    """Every vote under every rule of a file: what the application counts is what the judge says, and holds."""
    every = laws(policy)
    states = sum(law.states for law in every)
    votes = sum(5 ** len(law.seats) for law in every)
    if states > MOST_STATES:
        return RuleProof(every, states, votes, too_many=True)
    faults: list[Fault] = []
    for law in every:
        for fault in _Trial(law, judge).faults():
            faults.append(fault)
            if len(faults) == MOST_FAULTS:
                return RuleProof(every, states, votes, tuple(faults))
    return RuleProof(every, states, votes, tuple(faults))


def _words(size: int) -> Iterator[Words]:
    for go, nogo, abstain in product(range(size + 1), repeat=3):
        for silent in range(size - go - nogo - abstain + 1):
            yield go, nogo, abstain, silent


def vote_of(kinds: Sequence[Sequence[str]], state: State) -> dict[str, tuple[str, ...]]:
    """One of the votes that a state stands for."""
    found: dict[str, list[str]] = {"go": [], "nogo": [], "abstain": [], "silent": [], "recuse": []}
    for kind, words in zip(kinds, state, strict=True):
        at = 0
        for word, number in zip(found, (*words, len(kind) - sum(words)), strict=True):
            found[word] += kind[at : at + number]
            at += number
    return {word: tuple(seats) for word, seats in found.items()}


def _changed(state: State, kind: int, taken: int, given: int) -> State:
    """The same with one seat of a kind that says something else."""
    words = list(state[kind])
    words[taken] -= 1
    words[given] += 1
    return (*state[:kind], (words[0], words[1], words[2], words[3]), *state[kind + 1 :])


class _Trial:
    """One rule, and every vote under it."""

    def __init__(self, law: Law, judge: Judge) -> None:
        self._law, self._judge, self._written, self._kinds = law, judge, law.written, law.kinds
        self._ends: dict[State, str] = {}
        self._still: dict[State, frozenset[str]] = {}
        self._tallies: dict[State, gates.Tally] = {}

    def faults(self) -> Iterator[Fault]:
        every = list(product(*(list(_words(len(kind))) for kind in self._kinds)))
        for state in every:
            broken = self._at_the_end(state)
            if broken:
                yield Fault(self._law, broken, vote_of(self._kinds, state))
        for state in sorted(every, key=lambda one: sum(words[3] for words in one)):
            broken = self._before(state)
            if broken:
                yield Fault(self._law, broken, vote_of(self._kinds, state))

    def _at_the_end(self, state: State) -> Broken | None:
        held, rule = vote_of(self._kinds, state), self._law.rule
        seats = (held["go"], held["nogo"], held["abstain"], held["recuse"], held["silent"])
        spoken = sum(map(len, seats[:3]))
        tally = self._tallies[state] = gates.Tally(rule, *seats, spoken)
        end = self._ends[state] = self._judge(self._written, {**held, "people": spoken})
        if (gates.outcome(tally, DEADLINE, DEADLINE) or "") != end:
            return Broken.COUNT
        if spoken >= rule.people > 1:  # the same, said by one person less than the rule asks for
            short = replace(tally, people=rule.people - 1)
            if (gates.at_closing(short) or "") != self._judge(self._written, {**held, "people": short.people}):
                return Broken.COUNT
        return Broken.BARE if end == "go" and not self._is_borne_out(tally) else None

    def _is_borne_out(self, tally: gates.Tally) -> bool:
        """Whether a go has what the rule asks of one, word for word."""
        rule, go, nogo = self._law.rule, len(tally.go), len(tally.nogo)
        heard = {*tally.go, *tally.nogo, *tally.abstain}
        is_heard = len(heard) >= rule.quorum and heard.issuperset(rule.mandatory) and not {*rule.veto} & {*tally.nogo}
        return is_heard and go > 0 and go * rule.threshold.denominator >= rule.threshold.numerator * (go + nogo)

    def _before(self, state: State) -> Broken | None:
        """Closed before the deadline when one end alone is left, and only then; a no-go turned into a go harms none."""
        still, loses = {self._ends[state]}, False
        for kind, words in enumerate(state):
            if words[3]:
                still.update(*(self._still[_changed(state, kind, 3, word)] for word in range(3)))
            if words[1] and self._ends[state] == "go":
                loses = loses or self._ends[_changed(state, kind, 1, 0)] != "go"
        self._still[state] = frozenset(still)
        only = next(iter(still)) if len(still) == 1 else ""
        if (gates.outcome(self._tallies[state], DEADLINE, BEFORE) or "") != only:
            return Broken.EARLY
        return Broken.AGAINST if loses else None
