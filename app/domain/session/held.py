"""Which sessions are to come and which were held: the committee's calendar, as its sessions' issues correct it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.domain.policy.calendar import HORIZON_WEEKS, Week, session_of
from app.domain.policy.model import Committee
from app.domain.session.model import Absence, EarlyReturn, Session


def by_day(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """One session a day, by day: of two issues for one day, the older."""
    found: dict[date, Session] = {}
    for session in sorted(sessions, key=lambda one: (one.cancelled, one.number)):
        found.setdefault(session.day, session)
    return tuple(found[day] for day in sorted(found))


def session_on(sessions: Iterable[Session], day: date) -> Session | None:
    """The session held, or to be held, on a day: by the day it was moved to, else by that of its agenda."""
    known = tuple(sessions)
    by_planned = {one.planned: one for one in sorted(known, key=lambda one: -one.number)}
    return next((one for one in by_day(known) if one.day == day), by_planned.get(day))


def session_days(sessions: Iterable[Session], committee: Committee, first: date, last: date) -> tuple[date, ...]:
    """The days on which the committee sits between two days, both included."""
    known = tuple(sessions)
    corrected = {one.planned for one in known if one.cancelled or one.day != one.planned}
    corrected -= {one.planned for one in known if not one.cancelled and one.day == one.planned}
    usual = _usual(committee, first, last)
    told = {one.day for one in known if not one.cancelled and first <= one.day <= last}
    return tuple(sorted(({*usual} - corrected) | told))


def _usual(committee: Committee, first: date, last: date) -> Iterable[date]:
    week = Week.of(first)
    while week.monday <= last:
        day = session_of(week, committee)
        if day is not None and first <= day <= last:
            yield day
        week = week.plus(1)


def last_held(sessions: Iterable[Session], committee: Committee, today: date) -> date | None:
    """The day of the last session, today's included; None when the committee has not sat for a year."""
    found = session_days(sessions, committee, today - timedelta(weeks=HORIZON_WEEKS), today)
    return found[-1] if found else None


def next_held(sessions: Iterable[Session], committee: Committee, today: date) -> date | None:
    """The day of the next session, today's included; None when it sits no more within a year."""
    found = session_days(sessions, committee, today, today + timedelta(weeks=HORIZON_WEEKS))
    return found[0] if found else None


def standing_absences(absences: Iterable[Absence], returns: Sequence[EarlyReturn]) -> tuple[Absence, ...]:
    """The absences once the returns have shortened them, by seat and by day."""
    kept = []
    for absence in absences:
        left: Absence | None = absence
        for back in returns:
            if left is not None and back.ends(left):
                left = left.ended(back.day - timedelta(days=1))
        if left is not None:
            kept.append(left)
    return tuple(sorted(kept, key=lambda one: (one.since, one.seat, one.comment)))
