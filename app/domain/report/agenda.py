"""The agenda of a session: what the committee will look at, in its order, with all it must know beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.policy.calendar import Week, cut_off, session_of
from app.domain.policy.model import Committee, Policy
from app.domain.product.facts import Point
from app.domain.reading.condition_wording import beyond
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.present import SeatAwaited
from app.domain.report.report_lines import ContestLine, Ref, ref


@dataclass(frozen=True)
class AgendaItem:
    """One gate to look at; `since` when it was requested, `postponed` how often the committee put it off."""

    product: Ref
    origin: str
    target: str
    requested_by: str
    since: datetime
    days: int
    overdue: bool
    postponed: int
    spoken: int
    quorum: int
    awaited: tuple[SeatAwaited, ...]
    recused: tuple[str, ...]
    concerned: tuple[str, ...]
    conditions: tuple[Condition, ...]
    required_left: int
    revisit: tuple[Point, ...]
    changes: tuple[str, ...]
    """What its team says has changed on each of them; empty in what former versions opened."""
    needs: tuple[str, ...]
    contest: str = ""
    """The grounds on which the no-go before was contested, when that is why it is here."""


@dataclass(frozen=True)
class Agenda:
    """`later` are the requests that came after the cut-off; nothing is final before it."""

    session: date
    cut_off: datetime
    items: tuple[AgendaItem, ...]
    later: tuple[AgendaItem, ...]
    minutes: int
    is_final: bool = True
    place: str = ""
    link: str = ""
    contested: tuple[ContestLine, ...] = ()
    """Conditions that products' people contest, and that still stand."""


def agenda(found: Iterable[ProductRow], policy: Policy, session: date, now: datetime | None = None) -> Agenda:
    """The open gates in the order the committee takes them: late first, then put off, then by waiting time."""
    limit, rows = cut_off(session, policy), tuple(found)
    items = sorted((_item(row, policy) for row in rows if row.gate), key=lambda pair: pair[0])
    asked = tuple(item for _, item in items if item.since < limit)
    later = tuple(item for _, item in items if item.since >= limit)
    minutes = len(asked) * policy.follow_up.minutes_per_gate
    contested = tuple(line for row in rows for line in _contests(row))
    return Agenda(session, limit, asked, later, minutes, now is None or now >= limit, contested=contested)


def _contests(row: ProductRow) -> Iterator[ContestLine]:
    standing = {one.number: one.text for one in row.conditions}
    for one in (second for gate in row.standing.gates for second in gate.second_thoughts if second.kind == "contested"):
        if one.condition in standing:
            yield ContestLine(ref(row), one.condition, standing[one.condition], one.by, one.why)


Order = tuple[bool, bool, datetime, int, str, int]


def _item(row: ProductRow, policy: Policy) -> tuple[Order, AgendaItem]:
    record, waiting = row.standing.open_gate, row.gate
    if record is None or waiting is None:
        raise ValueError(f"{row.repository}#{row.number} has no open gate")
    rank = policy.rank(waiting.target) if policy.knows(waiting.target) else len(policy.phases)
    put_off = len(record.postponements)
    order = not waiting.overdue, not put_off, waiting.since, -rank, row.repository, row.number
    return order, AgendaItem(
        product=ref(row),
        origin=policy.phase(record.request.origin).name,
        target=policy.phase(waiting.target).name,
        requested_by=record.request.by,
        since=waiting.since,
        days=waiting.days,
        overdue=waiting.overdue,
        postponed=put_off,
        spoken=waiting.spoken,
        quorum=waiting.quorum,
        awaited=waiting.awaited,
        recused=waiting.recused,
        concerned=waiting.concerned,
        conditions=row.conditions,
        required_left=row.required_left,
        revisit=tuple(Point(one.seat, beyond(one.text, one.seat)) for one in record.request.revisit),
        changes=record.request.changes,
        needs=row.needs,
        contest=record.request.contest,
    )


def previous_session(committee: Committee, day: date, weeks: int = 60) -> date | None:
    """The last session strictly before a day."""
    week = Week.of(day)
    sessions = (session_of(week.plus(-back), committee) for back in range(weeks))
    return next((session for session in sessions if session is not None and session < day), None)
