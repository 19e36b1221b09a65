"""What a calendar shows: the committee's sessions, and the days by which something is due, of one person or of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.accounts import Account
from app.domain.product.gate_record import GateRecord
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.reminders import team_of
from app.domain.session import held
from app.domain.session.model import Session

BEHIND, AHEAD = timedelta(weeks=4), timedelta(weeks=26)
"""How far sessions are shown."""


@dataclass(frozen=True)
class CalendarEvent:
    """One whole day. `key` names it for ever in its committee, whatever its day becomes.

    `kind` is session, ballot (a seat's opinion is awaited), gate, condition or expiry.
    """

    kind: str
    key: str
    day: date
    number: int = 0
    title: str = ""
    phase: str = ""
    rank: int = 0
    """The number of a condition."""
    text: str = ""
    """What the condition, or the item that expires, says."""
    place: str = ""
    link: str = ""
    is_cancelled: bool = False

    @property
    def shown(self) -> str:
        """What tells a calendar that the event is no longer as it was."""
        return f"{self.day.isoformat()} {self.place} {self.link}{' cancelled' if self.is_cancelled else ''}"


def sessions_shown(found: Iterable[Session], policy: Policy, today: date) -> tuple[CalendarEvent, ...]:
    """The sessions lately held and to come, those moved on their new day, those cancelled as such."""
    known, first, last = tuple(found), today - BEHIND, today + AHEAD
    older = {one.planned: one.number for one in sorted(known, key=lambda one: -one.number)}

    def key(one: Session) -> str:
        """Of two issues for one day, the older has the name that the day alone would have."""
        return f"session-{one.planned}" + ("" if one.number == older[one.planned] else f"-{one.number}")

    events = []
    for day in held.session_days(known, policy.committee, first, last):
        told = next((one for one in held.by_day(known) if one.day == day and not one.cancelled), None)
        if told:
            events.append(CalendarEvent("session", key(told), day, place=told.place, link=told.link))
        else:
            events.append(CalendarEvent("session", f"session-{day}", day))
    off = (one for one in known if one.cancelled and first <= one.planned <= last)
    gone = (CalendarEvent("session", key(one), one.planned, is_cancelled=True) for one in off)
    seen = {one.day for one in events}
    return (*events, *(one for one in gone if one.day not in seen))


def committee_events(rows: Iterable[ProductRow], policy: Policy) -> tuple[CalendarEvent, ...]:
    """Every deadline of a gate, every condition with a day, every answer that expires."""
    return _sorted(event for row in rows for event in (*_gate(row, policy), *_conditions(row), *_expiries(row, policy)))


def of_person(rows: Iterable[ProductRow], policy: Policy, who: Account) -> tuple[CalendarEvent, ...]:
    """What is theirs to do: the opinions awaited of their seats, what their products owe, what they are to close."""
    return _sorted(event for row in rows for event in _theirs(row, policy, who))


def _theirs(row: ProductRow, policy: Policy, who: Account) -> Iterator[CalendarEvent]:
    login, record = who.login.lower(), row.standing.open_gate
    is_team = login in {one.lower() for one in team_of(row)}
    if record and _is_awaited(record, who):
        yield from _gate(row, policy, "ballot")
    elif record and (is_team or _closes(record, policy, who)):
        yield from _gate(row, policy)
    yield from _conditions(row, login, is_team=is_team)
    yield from _expiries(row, policy) if is_team else ()


def _is_awaited(record: GateRecord, who: Account) -> bool:
    """Whether one of the seats for which they were named at the opening has not spoken."""
    voter, silent = record.voter(who), set(gates.tally(record).silent)
    mine = {seat.id for seat in record.request.seats if voter in {login.lower() for login in seat.logins}}
    return bool(voter) and voter not in record.recused and bool(mine & silent)


def _closes(record: GateRecord, policy: Policy, who: Account) -> bool:
    if record.secretariat is None:
        return policy.is_secretariat(who.login)
    return any(who.is_same(one) for one in record.secretariat)


def _gate(row: ProductRow, policy: Policy, kind: str = "gate") -> Iterator[CalendarEvent]:
    if row.gate:
        phase = policy.phase(row.gate.target).name
        yield CalendarEvent(
            kind, f"{kind}-{row.number}-{row.gate.gate}", row.gate.last_day, row.number, row.title, phase
        )


def _conditions(row: ProductRow, login: str = "", *, is_team: bool = False) -> Iterator[CalendarEvent]:
    """Those with a day: all of them, or those that one person owes."""

    def is_owed(one: Condition) -> bool:
        return one.owner.lower() == login if one.owner else is_team

    for one in row.conditions:
        if one.due and (not login or is_owed(one)):
            key = f"condition-{row.number}-{one.number}"
            day = date.fromisoformat(one.due)
            yield CalendarEvent("condition", key, day, row.number, row.title, "", one.number, one.text)


def _expiries(row: ProductRow, policy: Policy) -> Iterator[CalendarEvent]:
    days = dict(row.standing.days)
    for item in policy.checklist(row.phase):
        if item.expires and item.id in days:
            day = date.fromisoformat(days[item.id])
            key = f"expiry-{row.number}-{item.id}"
            yield CalendarEvent("expiry", key, day, row.number, row.title, "", 0, item.text)


def _sorted(events: Iterable[CalendarEvent]) -> tuple[CalendarEvent, ...]:
    return tuple(sorted(events, key=lambda one: (one.day, one.number, one.key)))
