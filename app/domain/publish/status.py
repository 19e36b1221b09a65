"""Where a product stands, for the one comment that always says it: what is missing, who has spoken, who acts next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.policy.calendar import Week, cut_off, day_of, last_day, next_session, session_of
from app.domain.policy.later_fields import later
from app.domain.policy.model import Policy
from app.domain.product import gates, reuse_gate
from app.domain.product.facts import ConditionAdded, Point
from app.domain.product.gate_record import GateRecord
from app.domain.product.history_in_comments import decision_key
from app.domain.product.second_thought_keys import second_thought_key
from app.domain.product.state import Product, ProductState
from app.domain.publish.second_thought_comments import SHOWN_REASON, comment_address
from app.domain.reading.text import clipped


@dataclass(frozen=True)
class RefusalView:
    """The committee's last word, when it was a no-go; `link` is where its decision is read, once that is known."""

    on: date
    target: str
    points: tuple[Point, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class PauseView:
    """Nothing is asked of the product since a day, until another if one was named, for that reason."""

    since: date
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class StatusView:
    """`missing` counts the required items left in each aspect.

    `actor` is committee, secretariat, team, nobody or paused.
    """

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
    refusal: RefusalView | None = later(None)  # noqa: RUF009 - a field, not a value
    numbers: tuple[tuple[int, ...], ...] = later(())
    """Of the items that `missing` counts, aspect by aspect."""
    lifters: tuple[tuple[int, str], ...] = later(())
    """Number of each condition to lift, and the seat that lifts it; none for one set in session."""
    ways: tuple[str, ...] = later(())
    """The ways of RADAR of which nothing is said yet."""
    lines: tuple[int, ...] = later(())
    """Numbers of what may already answer the need, and awaits an answer."""
    paused: PauseView | None = later(None)  # noqa: RUF009 - a field, not a value

    @property
    def lacking(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each aspect with the numbers of its items left."""
        return tuple(zip((aspect for aspect, _ in self.missing), self.numbers, strict=True))


def status(product: Product, policy: Policy, now: datetime) -> StatusView:
    """What the history says, and nothing that changes by itself from one day to the next while nobody acts."""
    state = product.standing
    phase = policy.phase(state.phase or policy.entry.id)
    exits = policy.exits(phase.id)
    gate = state.open_gate
    left = defaultdict[str, list[int]](list)
    for line in reuse_gate.unsettled(product, policy):
        if exits and exits[0].checklist:
            left[line.item.aspect].append(line.number)
    seats = _seats(gate) if gate else ((), ())
    return StatusView(
        phase=phase.name,
        next_phase=policy.phase(exits[0].to).name if exits else "",
        actor="paused" if state.paused else _actor(gate, bool(exits), now),
        missing=tuple((policy.aspects[aspect], len(left[aspect])) for aspect in policy.aspects if left[aspect]),
        numbers=tuple(tuple(left[aspect]) for aspect in policy.aspects if left[aspect]),
        conditions=len(state.open_conditions),
        ways=reuse_gate.ways_left(product, policy),
        lines=tuple(one.number for one in reuse_gate.awaited_suggestions(product, policy)),
        lifters=tuple((one.fact.number, _lifter(one.fact, state)) for one in state.open_conditions),
        target=policy.phase(gate.request.target).name if gate else "",
        spoken=seats[0],
        awaited=seats[1],
        deadline=gate.last_day if gate else None,
        session=session_for(gate, policy, now) if gate else None,
        refusal=None if gate else _refusal(product, policy),
        paused=_pause(state, policy),
    )


def _pause(state: ProductState, policy: Policy) -> PauseView | None:
    paused = state.paused
    if paused is None:
        return None
    until = last_day(paused.until, paused.timezone) if paused.until else None
    return PauseView(day_of(paused.at, policy.timezone), until, clipped(paused.reason, SHOWN_REASON))


def _lifter(condition: ConditionAdded, state: ProductState) -> str:
    return gates.seat_name(state.gates[condition.gate], condition.seat)


def _refusal(product: Product, policy: Policy) -> RefusalView | None:
    """Until the committee says something else of the product, what it refused is what there is to do."""
    record = product.standing.last_decided
    if record is None or record.ending is None or record.outcome != "nogo":
        return None
    key = second_thought_key(record.revised, product.history) if record.revised else decision_key(record.request.gate)
    return RefusalView(
        day_of(record.ending.at, policy.timezone),
        policy.phase(record.request.target).name,
        gates.objections(record),
        comment_address(product.issue, key),
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
