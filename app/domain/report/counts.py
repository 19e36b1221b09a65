"""What happened to a portfolio between two moments, counted so that the days of a week add up to the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from app.domain.product.gate_record import GateRecord
from app.domain.product.state import ProductState, Stay


@dataclass(frozen=True)
class Counts:
    """`conditional` are the go with conditions, counted apart from the plain `go`."""

    new: int = 0
    moved: int = 0
    requested: int = 0
    go: int = 0
    conditional: int = 0
    nogo: int = 0
    postponed: int = 0
    """Decisions put off by the committee in session."""
    withdrawn: int = 0
    conditions_set: int = 0
    conditions_lifted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def decided(self) -> int:
        return self.go + self.conditional + self.nogo


def outcome_of(record: GateRecord, state: ProductState) -> str:
    """go, conditional or nogo; empty while undecided."""
    if record.decision is None:
        return ""
    with_conditions = any(one.fact.gate == record.request.gate for one in state.conditions.values())
    return "conditional" if record.decision.outcome == "go" and with_conditions else record.decision.outcome


def followed_since(state: ProductState) -> datetime:
    """When a product came here; one that was taken over was in its phase before."""
    return state.imported.at if state.imported else state.stays[0].since


def arrivals(state: ProductState) -> Iterator[Stay]:
    """The phases it entered under our eyes: not the one in which it was taken over, however lately that began."""
    yield from state.stays[1:] if state.imported else state.stays


def events(state: ProductState) -> Iterator[tuple[datetime, str]]:
    """Everything that counts in a product's life, with the moment it happened."""
    for stay in arrivals(state):
        yield stay.since, "new" if stay.number == 1 else "moved"
    for record in state.gates.values():
        yield record.request.at, "requested"
        yield from ((postponed.at, "postponed") for postponed in record.postponements)
        if record.decision:
            yield record.decision.at, outcome_of(record, state)
        elif record.withdrawal:
            yield record.withdrawal.at, "withdrawn"
    for condition in state.conditions.values():
        yield condition.fact.at, "conditions_set"
        if condition.lifted:
            yield condition.lifted.at, "conditions_lifted"


def between(states: Iterable[ProductState], start: datetime, end: datetime) -> Counts:
    """What happened from `start`, included, to `end`, excluded."""
    return Counts(**Counter(name for state in states for at, name in events(state) if start <= at < end))
