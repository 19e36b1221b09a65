"""Where a product stands, for the one comment that always says it: what is missing, who has spoken, who acts next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.policy.calendar import Week, cut_off, day_of, next_session, session_of
from app.domain.policy.model import Policy
from app.domain.product import checklist, gates
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import ProductState


@dataclass(frozen=True)
class StatusView:
    """`missing` counts the required items left in each aspect; `actor` is committee, secretariat, team or nobody."""

    phase: str = ""
    next_phase: str = ""
    actor: str = "team"
    missing: tuple[tuple[str, int], ...] = ()
    conditions: int = 0
    target: str = ""
    spoken: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    deadline: date | None = None
    session: date | None = None
    """The day the committee sits on the open gate."""


def status(state: ProductState, policy: Policy, now: datetime) -> StatusView:
    """What the history says, and nothing that changes by itself from one day to the next while nobody acts."""
    phase = policy.phase(state.phase or policy.entry.id)
    exits = policy.exits(phase.id)
    gate = state.open_gate
    left = Counter(
        line.item.aspect
        for line in checklist.unsettled_required(checklist.lines(policy, phase.id, state.answers))
        if exits and exits[0].checklist
    )
    seats = _seats(gate) if gate else ((), ())
    return StatusView(
        phase=phase.name,
        next_phase=policy.phase(exits[0].to).name if exits else "",
        actor=_actor(gate, bool(exits), now),
        missing=tuple((policy.aspects[aspect], left[aspect]) for aspect in policy.aspects if left[aspect]),
        conditions=len(state.open_conditions),
        target=policy.phase(gate.request.target).name if gate else "",
        spoken=seats[0],
        awaited=seats[1],
        deadline=gate.last_day if gate else None,
        session=session_for(gate, policy, now) if gate else None,
    )


def _actor(gate: GateRecord | None, goes_on: bool, now: datetime) -> str:
    if gate:
        return "secretariat" if now >= gate.deadline else "committee"
    return "team" if goes_on else "nobody"


def _seats(gate: GateRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the seats that have spoken, and of those awaited; a recused one is neither."""
    count = gates.tally(gate)
    heard = {*count.go, *count.nogo, *count.abstain}
    return (
        tuple(seat.name for seat in gate.request.seats if seat.id in heard),
        tuple(seat.name for seat in gate.request.seats if seat.id in count.silent),
    )


def session_for(gate: GateRecord, policy: Policy, now: datetime) -> date | None:
    """The first session whose cut-off the request was in time for; once it is past, the next one."""
    asked = gate.postponed.at if gate.postponed else gate.request.at
    week = Week.of(day_of(asked, policy.timezone))
    sessions = (session_of(week.plus(ahead), policy.committee) for ahead in range(10))
    first = next((day for day in sessions if day and asked < cut_off(day, policy) and day > _held(gate, policy)), None)
    today = day_of(now, policy.timezone)
    return first if first and first >= today else next_session(policy.committee, today)


def _held(gate: GateRecord, policy: Policy) -> date:
    """The day of the session that put the gate off: it will not be looked at again that day."""
    return day_of(gate.postponed.at, policy.timezone) if gate.postponed else date.min
