"""Whole lives of products as facts, in a few words: filed, moved, gates asked, voted and decided on given days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.domain.policy.model import Policy
from app.domain.product.facts import (
    BallotCast,
    ConditionAdded,
    ConditionLifted,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    PhaseEntered,
    Point,
    ProductFiled,
    SeatAtGate,
)
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.reading.conditions import ConditionText
from app.domain.report.portfolio import Tracked

REPOSITORY = "dnum/produits"


def candidate(number: int, ref: str, name: str = "", door: str = "near", line: str = "Ce qu’il fait") -> Suggestion:
    return Suggestion(number, ref, name or ref, line, door)


def at(day: str, hour: int = 10) -> datetime:
    """« 2026-11-24 », in the morning of Paris by default."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


class Life:
    """A product's history written in order; days as « 2026-11-24 » or datetimes."""

    def __init__(self, policy: Policy, title: str = "SISAC", number: int = 1, needs: Iterable[str] = ()) -> None:
        self.policy, self.title, self.number, self.needs = policy, title, number, tuple(needs)
        self.facts: list[Fact] = []

    def _note(self, day: str | datetime, by: str = "cheffe-produit"):
        moment = at(day) if isinstance(day, str) else day
        return {"at": moment, "by": by, "cause": f"test:{len(self.facts)}"}

    def filed(self, day, phase: str = "", direction: str = "Direction métier") -> Life:
        note = self._note(day)
        self.facts.append(ProductFiled(**note, title=self.title, answers=(("direction", direction),)))
        self.facts.append(PhaseEntered(**note, phase=phase or self.policy.entry.id))
        return self

    def entered(self, day, phase: str) -> Life:
        self.facts.append(PhaseEntered(**self._note(day), phase=phase))
        return self

    @property
    def _origin(self) -> str:
        return [fact.phase for fact in self.facts if isinstance(fact, PhaseEntered)][-1]

    @property
    def _gate(self) -> int:
        return sum(isinstance(fact, GateRequested) for fact in self.facts)

    def asked(self, day, target: str, concerned: Iterable[str] = (), revisit: Iterable[Point] = ()) -> Life:
        rule = self.policy.gate(self._origin, target).rule
        seats = tuple(
            SeatAtGate(seat.id, seat.name, seat.members(at("2026-01-01").date()))
            for seat in self.policy.committee.seats
        )
        note = self._note(day)
        self.facts.append(
            GateRequested(
                **note,
                gate=self._gate + 1,
                origin=self._origin,
                target=target,
                policy="p1",
                rule=rule,
                seats=seats,
                concerned=tuple(concerned),
                revisit=tuple(revisit),
                deadline=note["at"] + timedelta(days=rule.deadline_days),
            )
        )
        return self

    def vote(self, day, seat: str, choice: str = "go", reason: str = "", conditions: Iterable[str] = ()) -> Life:
        holder = self.policy.seat(seat).holder
        texts = tuple(ConditionText(text) for text in conditions)
        self.facts.append(
            BallotCast(
                **self._note(day, holder),
                gate=self._gate,
                seats=(seat,),
                choice=choice,
                reason=reason,
                conditions=texts,
            )
        )
        return self

    def decided(self, day, outcome: str = "go", conditions: Iterable[tuple[str, str]] = (), **session) -> Life:
        """`conditions` are texts with their due day, or an empty one; `session` says who was there, and why."""
        note, gate = self._note(day, "secretariat"), self._gate
        target = [fact for fact in self.facts if isinstance(fact, GateRequested)][-1].target
        self.facts.append(
            GateDecided(
                **note, gate=gate, outcome=outcome, go=5, nogo=1, abstain=0, recused=0, silent=4, policy="p1", **session
            )
        )
        known = sum(isinstance(fact, ConditionAdded) for fact in self.facts)
        for number, (text, due) in enumerate(conditions, start=known + 1):
            condition = ConditionText(text, due=due, owner="cheffe-produit")
            seat = "" if session else self.policy.committee.seats[0].id
            self.facts.append(
                ConditionAdded(**note, number=number, gate=gate, seat=seat, author="techno", condition=condition)
            )
        if outcome == "go":
            self.facts.append(PhaseEntered(**note, phase=target, gate=gate))
        return self

    def postponed(self, day, reason: str = "") -> Life:
        note = self._note(day, "secretariat")
        later = note["at"] + timedelta(days=14)
        self.facts.append(GatePostponed(**note, gate=self._gate, deadline=later, reason=reason))
        return self

    def withdrawn(self, day, came_from: str = "") -> Life:
        self.facts.append(GateWithdrawn(**self._note(day), gate=self._gate, came_from=came_from))
        return self

    def lifted(self, day, number: int) -> Life:
        self.facts.append(ConditionLifted(**self._note(day, "secretariat"), number=number))
        return self

    def shown(self, day, *candidates: Suggestion, dropped: Iterable[int] = ()) -> Life:
        self.facts.append(ReuseSuggested(**self._note(day, ""), shown=candidates, dropped=tuple(dropped)))
        return self

    def answered(self, day, ref: str, answer: str = "reuse", name: str = "", number: int = 0) -> Life:
        reason = "" if answer == "reuse" else "Nos règles sont différentes"
        note = self._note(day)
        self.facts.append(ReuseAnswered(**note, ref=ref, name=name or ref, answer=answer, reason=reason, number=number))
        return self

    @property
    def tracked(self) -> Tracked:
        return Tracked(REPOSITORY, self.number, self.title, tuple(self.facts), self.needs)
