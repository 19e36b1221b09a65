"""Every life of a gate of three seats under one rule, breadth first: the application beside the rules written again.

A moment is told by what each seat says, how far time has gone, and how the gate ended: what led there changes nothing,
and each is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, combinations
from typing import Any

from app.domain.decide.decide import decide
from app.domain.decide.request import Request, Review
from app.domain.policy.model import Rule
from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    Fact,
    GateDecided,
    GateRequested,
    GateWithdrawn,
    PhaseEntered,
    RecusalEnded,
    SeatAtGate,
)
from app.domain.product.lawful import breach
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.product.state import Product
from app.domain.reading.commands import (
    Abstain,
    CloseGate,
    Command,
    Go,
    NoGo,
    Override,
    Rectify,
    Recuse,
    TakenInSession,
    Unrecuse,
    Withdraw,
)
from tests.builders import AUTHOR, T0, a_small_policy, at_gate
from verifier import rules_spec

LOGINS = ("techno", "secu", "design")
SEATS = ("technologie", "securite", "design")
ELECTORATE = [{"seat": seat, "voices": [rank]} for rank, seat in enumerate(SEATS, start=1)]
SMALL = a_small_policy()
POLICY = replace(SMALL, second_thoughts=replace(SMALL.second_thoughts, direction=("directrice",)))
VOTES: dict[str, Command] = {"go": Go(), "nogo": NoGo("non"), "abstain": Abstain(), "recuse": Recuse()}
QUIET, OPEN, LATE = range(3)
"""Before the session that a no-go waits for, before the deadline, after it."""
DAYS = {QUIET: T0, OPEN: T0 + timedelta(days=5), LATE: T0 + timedelta(days=40)}
ATTENDANCES = [
    dict(some) for some in chain.from_iterable(combinations(zip(SEATS, LOGINS, strict=True), n) for n in range(4))
]


@dataclass(frozen=True)
class Moment:
    product: Product
    said: tuple[str, ...] = ("silent",) * 3
    time: int = OPEN
    ended: str = ""
    """How: ballots, hand, withdrawn; nothing while the gate is open."""

    @property
    def key(self) -> tuple[Any, ...]:
        return self.said, self.time, self.ended, self.product.standing.gates[1].outcome

    @property
    def now(self) -> datetime:
        return DAYS[self.time]

    @property
    def counted(self) -> dict[str, Any]:
        words = [(n, [SEATS[n - 1]], one, True) for n, one in enumerate(self.said, start=1) if one != "silent"]
        return rules_spec.count(ELECTORATE, (), words)


class Lives:
    """One rule, and every moment that a gate may live under it."""

    def __init__(self, rule: Rule, *, is_quiet: bool) -> None:
        self.rule, self.start = rule, QUIET if is_quiet else OPEN
        lists = {"mandatory": rule.mandatory, "veto": rule.veto}
        self.written = {"quorum": rule.quorum, "people": rule.people, "threshold": str(rule.threshold), **lists}
        self.closings = self.transitions = 0

    def opened(self) -> Moment:
        start = at_gate(POLICY)
        seats = tuple(SeatAtGate(seat, seat, (login,)) for seat, login in zip(SEATS, LOGINS, strict=True))
        changes: dict[str, Any] = {"rule": self.rule, "seats": seats, "deadline": DAYS[LATE] - timedelta(days=1)}
        changes |= {"quiet_until": DAYS[OPEN] - timedelta(days=1) if self.start == QUIET else None}
        history = tuple(replace(one, **changes) if isinstance(one, GateRequested) else one for one in start.history)
        return Moment(replace(start, history=history), time=self.start)

    def explored(self) -> int:
        """How many moments there are; each transition is judged."""
        first = self.opened()
        seen, frontier = {first.key}, [first]
        while frontier:
            after = []
            for moment in frontier:
                for one in self._following(moment):
                    self.transitions += 1
                    if one.key not in seen:
                        seen.add(one.key)
                        after.append(one)
            frontier = after
        return len(seen)

    def _following(self, moment: Moment) -> Iterator[Moment]:
        if moment.ended:
            yield from self._second_thoughts(moment)
            return
        for seat in range(len(SEATS)):
            yield from self._votes(moment, seat)
        yield from self._time(moment)
        yield from self._closed(moment)
        yield from self._sessions(moment)
        yield from self._overridden(moment)

    def _asked(self, moment: Moment, by: str, command: Command) -> tuple[Fact, ...]:
        number = 900 + len(moment.product.history)
        asked = Request(command, by, f"comment:{number}:x", number, said_at=moment.now)
        return decide(asked, moment.product, POLICY, moment.now)

    def _after(self, moment: Moment, facts: tuple[Fact, ...], **changes: Any) -> Moment:
        return replace(moment, product=moment.product.with_facts(facts), **changes)

    def _votes(self, moment: Moment, seat: int) -> Iterator[Moment]:
        is_gone = moment.said[seat] == "recuse"
        for word, vote in VOTES.items():
            facts = self._asked(moment, LOGINS[seat], vote)
            if is_gone or moment.time == LATE:
                assert isinstance(facts[0], CommandRefused), (moment.key, word)
                continue
            assert isinstance(facts[0], BallotCast)
            said = (*moment.said[:seat], word, *moment.said[seat + 1 :])
            then = self._after(moment, facts, said=said)
            expected = rules_spec.at_once(self.written, then.counted, quiet=moment.time == QUIET)
            yield self._judged(then, facts[1:], expected, "ballots")
        back = self._asked(moment, LOGINS[seat], Unrecuse())
        assert isinstance(back[0], RecusalEnded) == is_gone
        if is_gone:
            yield self._after(moment, back, said=(*moment.said[:seat], "silent", *moment.said[seat + 1 :]))

    def _time(self, moment: Moment) -> Iterator[Moment]:
        """Nobody speaks, and the next day comes on which something may be decided."""
        if moment.time == LATE:
            return
        then = replace(moment, time=moment.time + 1)
        facts = decide(Request(Review(), "", f"deadline:1:{then.time}"), then.product, POLICY, then.now)
        decides = rules_spec.closing if then.time == LATE else rules_spec.at_once
        yield self._judged(self._after(then, facts), facts, decides(self.written, then.counted), "ballots")

    def _closed(self, moment: Moment) -> Iterator[Moment]:
        withdrawn = self._asked(moment, AUTHOR, Withdraw())
        assert isinstance(withdrawn[0], GateWithdrawn)
        yield self._after(moment, withdrawn, ended="withdrawn")
        facts = self._asked(moment, "secretariat", CloseGate())
        if moment.time == QUIET:
            assert isinstance(facts[0], CommandRefused)
            return
        expected = rules_spec.closing(self.written, moment.counted)
        if expected:
            yield self._judged(self._after(moment, facts), facts, expected, "hand")
        else:
            assert [type(one) for one in facts] == [GateWithdrawn]
            yield self._after(moment, facts, ended="withdrawn")

    def _sessions(self, moment: Moment) -> Iterator[Moment]:
        for present in ATTENDANCES:
            allowed = rules_spec.in_session(self.written, ELECTORATE, moment.counted, list(present))
            for outcome in ("go", "nogo"):
                taken = TakenInSession(outcome, tuple(present.values()), reason="dit en séance")
                facts = self._asked(moment, "secretariat", taken)
                expected = outcome if outcome in allowed else ""
                if expected:
                    yield self._judged(self._after(moment, facts), facts, expected, "hand")
                else:
                    assert isinstance(facts[0], CommandRefused), (moment.key, present, outcome)

    def _overridden(self, moment: Moment) -> Iterator[Moment]:
        for outcome in ("go", "nogo"):
            facts = self._asked(moment, "directrice", Override(outcome, "engagement"))
            assert isinstance(facts[0], DecisionOverridden)
            then = self._after(moment, facts, ended="overridden")
            assert (then.product.standing.gates[1].outcome, self._phase(then)) == (outcome, self._of(outcome))
            assert breach(then.product.history) == 0
            yield then

    def _second_thoughts(self, moment: Moment) -> Iterator[Moment]:
        """No ballot, no closing, and no day changes what is decided; the session's own word may be put right."""
        for by, command in (("secu", Go()), ("secretariat", CloseGate()), (AUTHOR, Withdraw())):
            assert isinstance(self._asked(moment, by, command)[0], CommandRefused)
        assert not decide(Request(Review(), "", "deadline:1:after"), moment.product, POLICY, DAYS[LATE])
        for present in ATTENDANCES if moment.ended != "withdrawn" else ():
            allowed = rules_spec.in_session(self.written, ELECTORATE, moment.counted, list(present))
            for outcome in ("go", "nogo"):
                said = Rectify(outcome, tuple(present.values()), reason="dit en séance", why="erreur de saisie")
                facts = self._asked(moment, "secretariat", said)
                if outcome in allowed and moment.ended == "hand":
                    assert isinstance(facts[0], DecisionRectified)
                    then = self._after(moment, facts)
                    assert self._phase(then) == self._of(outcome)
                    assert breach(then.product.history) == 0
                    yield then
                else:
                    assert isinstance(facts[0], CommandRefused), (moment.key, present, outcome)

    def _judged(self, then: Moment, facts: tuple[Fact, ...], expected: str, how: str) -> Moment:
        """The gate closed as expected, with the figures of its votes, and the phase entered if it is a go."""
        decided = [one for one in facts if isinstance(one, GateDecided)]
        assert [one.outcome for one in decided] == [expected] * bool(expected), (then.key, expected)
        assert sum(isinstance(one, PhaseEntered) for one in facts) == (expected == "go")
        assert self._phase(then) == self._of(expected)
        if not expected:
            return then
        counted, (one,) = then.counted, decided
        figures = {"go": one.go, "nogo": one.nogo, "abstain": one.abstain, "recuse": one.recused, "silent": one.silent}
        assert figures == {word: len(counted[word]) for word in figures}
        assert breach(then.product.history) == 0
        self.closings += 1
        return replace(then, ended=how)

    @staticmethod
    def _phase(moment: Moment) -> str | None:
        return moment.product.standing.phase

    @staticmethod
    def _of(outcome: str) -> str:
        return "mvp" if outcome == "go" else "idee"
