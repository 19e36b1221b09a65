"""Whether a gate would have opened under other rules, and when: its move, its committee, its checklist."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.domain.decide.late_entry import entry_gate
from app.domain.decide.openings import quiet_until
from app.domain.policy.calendar import day_of, end_of, term
from app.domain.policy.model import Gate, Policy, Seat
from app.domain.product.facts import Fact, GateRequested, ItemAnswered, SeatAtGate
from app.domain.product.reuse_facts import REUSED, ReuseAnswered

SETTLED = frozenset({"done", "na"})


class OpeningOutcome(StrEnum):
    """How a gate would have opened."""

    SAME = "same"
    LATER = "later"
    UNSETTLED = "unsettled"
    """Items left open then, and never answered since: on no day that is known."""
    UNKNOWN = "unknown"
    """Items that were not asked then: perhaps on the same day, perhaps later."""
    NO_MOVE = "no_move"
    VACANT = "vacant"
    """A seat without which no go is possible had nobody."""
    FEW = "few"
    """Fewer seats than the quorum."""


SHUT = frozenset({OpeningOutcome.NO_MOVE, OpeningOutcome.VACANT, OpeningOutcome.FEW})


@dataclass(frozen=True, slots=True)
class Opening:
    """`items` are texts of the checklist, `seats` names."""

    door: OpeningOutcome
    days: int = 0
    items: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    number: int = 0
    needed: int = 0


@dataclass(frozen=True, slots=True)
class Seating:
    """A gate as other rules would have opened it; `unheard` are seats that did not exist yet."""

    request: GateRequested
    unheard: frozenset[str] = frozenset()


@dataclass(slots=True)
class Answers:
    """What is answered of each item at one moment of a life, and whether something is reused."""

    states: dict[str, str] = field(default_factory=dict)
    _reuse: dict[str, str] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        if isinstance(fact, ItemAnswered):
            self.states[fact.item] = fact.answer
        elif isinstance(fact, ReuseAnswered):
            self._reuse[fact.ref] = fact.answer

    @property
    def is_reused(self) -> bool:
        return REUSED in self._reuse.values()


@dataclass(slots=True)
class RequiredItems:
    """The items that other rules require before a gate and that were not settled when it was asked for."""

    open: dict[str, str]
    """Text by id, of those that were asked then."""
    unknown: tuple[str, ...] = ()
    """Texts of those that were not."""
    states: dict[str, str] = field(default_factory=dict)
    settled_at: datetime | None = None

    def hear(self, fact: Fact) -> None:
        """One more fact of the same life: from the first moment when all are settled, the gate may open."""
        if self.settled_at is None and isinstance(fact, ItemAnswered) and fact.item in self.open:
            self.states[fact.item] = fact.answer
            if all(self.states.get(item) in SETTLED for item in self.open):
                self.settled_at = fact.at


def move(request: GateRequested, other: Policy) -> Gate | None:
    """The same move under other rules, if they know it."""
    if request.entry:
        return entry_gate(other, request.target)
    return other.gate(request.origin, request.target)


def required_items(request: GateRequested, gate: Gate, other: Policy, known: Answers) -> RequiredItems:
    """What was asked then is frozen with the gate; what a former phase asked is known from its answers."""
    if not gate.checklist or gate.entry:
        return RequiredItems({})
    frozen = dict(request.answers)
    radar = other.reuse.radar if other.reuse and known.is_reused else ""
    required = [item for item in other.checklist(request.origin) if item.required and item.id != radar]
    left = [item for item in required if frozen.get(item.id, known.states.get(item.id, "open")) not in SETTLED]
    seen = frozen.keys() | known.states.keys()
    return RequiredItems(
        {item.id: item.text for item in left if item.id in seen},
        tuple(item.text for item in left if item.id not in seen),
    )


def opening_under(request: GateRequested, found: RequiredItems, place: str) -> Opening:
    """The day it would have opened, as far as its checklist alone says."""
    if found.open and found.settled_at is None:
        return Opening(OpeningOutcome.UNSETTLED, items=tuple(found.open.values()))
    days = 0
    if found.settled_at:
        days = (day_of(found.settled_at, place) - day_of(request.at, place)).days
    if found.unknown:
        return Opening(OpeningOutcome.UNKNOWN, days, found.unknown)
    return Opening(OpeningOutcome.LATER, days, tuple(found.open.values())) if days else Opening(OpeningOutcome.SAME)


def seating(request: GateRequested, gate: Gate, other: Policy, existing: Collection[str]) -> Seating:
    """The seats of then that other rules keep, with the people of then; those that did not exist are named.

    `existing` are the seats known to have sat by then: one of them that was absent from this gate had nobody for it.
    """
    kept = tuple(seat for seat in request.seats if other.seat(seat.id))
    fresh = tuple(_unheard(request, other, existing)) if request.policy != other.version else ()
    rule, deadline = gate.rule, request.deadline
    if rule.deadline_days != request.rule.deadline_days:
        last = term(day_of(request.at, request.timezone), rule.deadline_days, other.committee)
        deadline = end_of(last, request.timezone)
    quiet = _quiet_until(request, other)
    changed = replace(request, rule=rule, seats=(*kept, *fresh), deadline=deadline, quiet_until=quiet)
    return Seating(changed, frozenset(seat.id for seat in fresh))


def _quiet_until(request: GateRequested, other: Policy) -> datetime | None:
    """Until when a no-go would have waited; a gate that waited for its session does so still."""
    if request.policy == other.version:
        return request.quiet_until
    if not other.committee.nogo_after_session:
        return None
    return request.quiet_until or quiet_until(other, request.at)


def absent_seats(request: GateRequested, other: Policy, existing: Collection[str]) -> tuple[Seat, ...]:
    """The seats of other rules that were not at a gate, and that are not known to have existed."""
    there = {seat.id for seat in request.seats}
    return tuple(seat for seat in other.committee.seats if seat.id not in there and seat.id not in existing)


def _unheard(request: GateRequested, other: Policy, existing: Collection[str]) -> Iterable[SeatAtGate]:
    aside = {login.lower() for login in request.concerned}
    day = day_of(request.at, request.timezone)
    for seat in absent_seats(request, other, existing):
        able = tuple(login for login in seat.members(day) if login.lower() not in aside)
        if able:
            yield SeatAtGate(seat.id, seat.name, able)


def shut(seated: Seating, other: Policy) -> Opening | None:
    """Why the gate could not have opened that day whatever its dossier; None when it could, or when nobody can tell."""
    request = seated.request
    aside = set(map(str.lower, request.recused))
    able = [seat.id for seat in request.seats if not aside.issuperset(map(str.lower, seat.logins))]
    vacant = [seat for seat in request.rule.mandatory if seat not in able]
    if vacant:
        names = {seat.id: seat.name for seat in other.committee.seats}
        return Opening(OpeningOutcome.VACANT, seats=tuple(names.get(seat, seat) for seat in vacant))
    if len(able) < request.rule.quorum:
        return Opening(OpeningOutcome.FEW, number=len(able), needed=request.rule.quorum)
    return None
