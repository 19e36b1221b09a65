"""What lies ahead of the committee: the load of its next sessions, conditions overdue, answers that expire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.policy.calendar import cut_off, last_day
from app.domain.policy.model import Item, Policy
from app.domain.report.participation import SilentSeat, silent_seats
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.session import held
from app.domain.session.model import Session

SESSIONS = 4
HORIZON = timedelta(days=183)
"""Half a year: what expires later is not looked at yet."""
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class SessionAhead:
    """One session with what it will take: gates asked in time, those put off to it, conditions due by then.

    What is overdue already is told apart, by whoever lifts it.
    """

    day: date
    asked: tuple[ProductRow, ...]
    put_off: tuple[ProductRow, ...]
    due: tuple[tuple[ProductRow, Condition], ...]
    minutes: int

    @property
    def gates(self) -> tuple[ProductRow, ...]:
        return (*self.put_off, *self.asked)


@dataclass(frozen=True)
class LifterLine:
    """Whoever lifts conditions: a seat by its name, or the secretariat for those set in session (no name)."""

    seat: str
    id: str
    """Of the seat in today's rules; empty when they have none of that name."""
    overdue: int
    open: int
    since: str
    """The day by which the oldest was due (ISO)."""


@dataclass(frozen=True)
class ExpiryLine:
    """An answer that holds until a day; `number` is the one its item has in the list."""

    row: ProductRow
    item: Item
    number: int
    day: date
    past: bool


@dataclass(frozen=True)
class Ahead:
    sessions: tuple[SessionAhead, ...]
    lifters: tuple[LifterLine, ...]
    expiries: tuple[ExpiryLine, ...]
    silent: tuple[SilentSeat, ...]


def ahead(found: Sequence[ProductRow], policy: Policy, today: date, sessions: Iterable[Session] = ()) -> Ahead:
    """`sessions` are those whose issue moved or cancelled them; the calendar tells the others."""
    days = held.session_days(sessions, policy.committee, today, today + YEAR)[:SESSIONS]
    return Ahead(
        _load(found, policy, days),
        _lifters(found, policy),
        tuple(sorted(_expiries(found, policy, today), key=lambda one: (one.day, one.row.number, one.number))),
        silent_seats(found, policy),
    )


def _load(found: Iterable[ProductRow], policy: Policy, days: Sequence[date]) -> tuple[SessionAhead, ...]:
    """Each gate once, at the first session that may take it."""
    taken: dict[date, tuple[list[ProductRow], list[ProductRow]]] = defaultdict(lambda: ([], []))
    due: dict[date, list[tuple[ProductRow, Condition]]] = defaultdict(list)
    for row in found:
        if row.gate and (day := session_taking(row, policy, days)):
            taken[day][_is_put_off(row)].append(row)
        for condition in row.conditions:
            last = next((day for day in days if condition.due and condition.due <= day.isoformat()), None)
            if last and not condition.overdue:
                due[last].append((row, condition))
    return tuple(
        SessionAhead(
            day,
            _oldest_first(taken[day][False]),
            _oldest_first(taken[day][True]),
            tuple(sorted(due[day], key=lambda pair: (pair[1].due, pair[0].number, pair[1].number))),
            policy.follow_up.minutes_per_gate * sum(map(len, taken[day])),
        )
        for day in days
    )


def session_taking(row: ProductRow, policy: Policy, days: Sequence[date]) -> date | None:
    """The session that takes a gate: the last one before the deadline it was put off to, else the first whose cut-off
    it met; None when that is further than the days given.
    """
    gate = row.gate
    if gate is None:
        return None
    if _is_put_off(row):
        reached = [day for day in days if day <= last_day(gate.deadline, policy.timezone)]
        return reached[-1] if reached else next(iter(days), None)
    return next((day for day in days if gate.since < cut_off(day, policy)), None)


def _is_put_off(row: ProductRow) -> bool:
    return bool(row.standing.gates and row.standing.gates[-1].put_off)


def _oldest_first(found: Iterable[ProductRow]) -> tuple[ProductRow, ...]:
    return tuple(sorted(found, key=lambda row: (row.gate.since if row.gate else row.since, row.number)))


def _lifters(found: Iterable[ProductRow], policy: Policy) -> tuple[LifterLine, ...]:
    """Those with something overdue, whoever has most of it first."""
    by_seat: dict[str, list[Condition]] = defaultdict(list)
    for row in found:
        for condition in row.conditions:
            by_seat[condition.seat].append(condition)
    ids = {seat.name: seat.id for seat in policy.committee.seats}
    lines = (_lifter(seat, ids.get(seat, ""), conditions) for seat, conditions in by_seat.items())
    return tuple(sorted((one for one in lines if one.overdue), key=lambda one: (-one.overdue, one.since, one.seat)))


def _lifter(seat: str, number: str, conditions: Sequence[Condition]) -> LifterLine:
    late = [one.due for one in conditions if one.overdue]
    return LifterLine(seat, number, len(late), len(conditions), min(late, default=""))


def _expiries(found: Iterable[ProductRow], policy: Policy, today: date) -> Iterator[ExpiryLine]:
    """What the checklist of each product's phase asks to keep up to date."""
    for row in found:
        days = dict(row.standing.days) if row.active else {}
        for number, item in enumerate(policy.checklist(row.phase) if days else (), start=1):
            last = date.fromisoformat(days[item.id]) if item.expires and item.id in days else None
            if last and last <= today + HORIZON:
                yield ExpiryLine(row, item, number, last, last < today)
