"""What happened to a portfolio between two moments, counted so that the days of a week add up to the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import datetime

from app.domain.product.state import Stay
from app.domain.report.present import Present


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
    rectified: int = 0
    contested: int = 0
    overridden: int = 0
    """What somebody named by the rules decided in the committee's place: no decision of the committee's."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def decided(self) -> int:
        return self.go + self.conditional + self.nogo


def followed_since(told: Present) -> datetime:
    """When a product came here; one that was taken over was in its phase before."""
    return told.imported.at if told.imported else told.stays[0].since


def arrivals(told: Present) -> tuple[Stay, ...]:
    """The phases it entered under our eyes: not the one in which it was taken over, however lately that began."""
    return told.stays[1:] if told.takeovers else told.stays


def counted_events(told: Present) -> Iterator[tuple[datetime, str]]:
    """Everything that counts in a product's life, with the moment it happened."""
    for stay in arrivals(told):
        yield stay.since, "new" if stay.number == 1 else "moved"
    for gate in told.gates:
        yield gate.asked, "requested"
        yield from ((one.at, "postponed") for one in gate.put_off)
        if gate.ended:
            yield gate.ended, gate.first
        yield from ((one.at, one.kind) for one in gate.second_thoughts if one.at != gate.ended)
    for condition in told.conditions:
        yield condition.since, "conditions_set"
    for begun, lifted in told.lifted:
        yield begun, "conditions_set"
        yield lifted, "conditions_lifted"


def between(products: Iterable[Present], start: datetime, end: datetime) -> Counts:
    """What happened from `start`, included, to `end`, excluded."""
    return Counts(**Counter(name for told in products for at, name in counted_events(told) if start <= at < end))
