"""Days and ISO weeks as they pass in the committee's place, and the days on which it sits.

A place is the name of its time zone, which the rules tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from app.domain.policy.model import WEEKDAYS, Committee, Policy

INSTANT = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
LAST = date(9000, 1, 1)
"""Where a count of days that never ends is left."""
FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
"""Month and day."""
HORIZON_WEEKS = 60
"""A committee that sits no more within a year has no next session."""


@cache
def known_places() -> frozenset[str]:
    """Every name of a time zone; the machine's own settings are no place."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def day_of(moment: datetime, place: str) -> date:
    """The day it is in a place at a moment given with its time zone."""
    return moment.astimezone(ZoneInfo(place)).date()


def midnight(day: date, place: str) -> datetime:
    """The first instant of a day there."""
    return datetime.combine(day, time(), ZoneInfo(place))


def end_of(day: date, place: str) -> datetime:
    """The first instant that is no longer that day there, in UTC as every moment that is kept."""
    return midnight(day + timedelta(days=1), place).astimezone(UTC)


def last_day(limit: datetime, place: str) -> date:
    """The day within which a limit falls: midnight ends the day before it, and begins nothing."""
    return day_of(limit - INSTANT, place)


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, from Monday to Sunday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week of a day; a datetime must be brought to its place first (`day_of`)."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Week:
        """« 2026-W48 »; raises ValueError when no such week exists."""
        match = re.fullmatch(r"(\d{4})-?W(\d{2})", text.strip().upper())
        if not match:
            raise ValueError(f"not a week: {text!r}")
        date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    def start(self, place: str) -> datetime:
        return midnight(self.monday, place)

    def end(self, place: str) -> datetime:
        """The first instant of the following week."""
        return midnight(self.monday + timedelta(days=7), place)

    def plus(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays of France aside (Code du travail, article L3133-1)."""
    easter = _easter(day.year)
    moving = {easter + timedelta(days=days) for days in (1, 39, 50)}
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in moving


def _easter(year: int) -> date:
    """Easter Sunday, by the rule of Butcher (1876)."""
    century, rest = divmod(year, 100)
    lunar = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekly = (32 + 2 * (century % 4) + 2 * (rest // 4) - lunar - rest % 4) % 7
    late = (year % 19 + 11 * lunar + 22 * weekly) // 451
    month, day = divmod(lunar + weekly - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_stopped(day: date, committee: Committee) -> bool:
    """Whether no clock runs that day: in a week off, or in a freeze."""
    return str(Week.of(day)) in committee.weeks_off or any(freeze.holds(day) for freeze in committee.freezes)


def term(start: date, days: int, committee: Committee) -> date:
    """The last day of a delay counted from the day after `start`: days on which no clock runs do not count.

    It ends on a working day: the next one, when it would fall on another.
    """
    day, left = start, days
    while left > 0 and day < LAST:
        day = _next(day, committee)
        left -= not is_stopped(day, committee)
    while day < LAST and not _is_open(day, committee):
        day = _next(day, committee)
    return day


def working_term(start: date, days: int, committee: Committee) -> date:
    """The same, counted in working days."""
    day, left = start, days
    while left > 0 and day < LAST:
        day = _next(day, committee)
        left -= _is_open(day, committee)
    return day


def _next(day: date, committee: Committee) -> date:
    """The day after; the last of a freeze when it falls in one: a freeze may last longer than anybody counts."""
    day += ONE_DAY
    return min(LAST, max((freeze.until for freeze in committee.freezes if freeze.holds(day)), default=day))


def _is_open(day: date, committee: Committee) -> bool:
    return is_working_day(day) and not is_stopped(day, committee)


def session_after(asked: datetime, policy: Policy) -> date | None:
    """The first session for which a request made at a moment is in time; None when every week ahead is off."""
    week = Week.of(day_of(asked, policy.timezone))
    sessions = (session_of(week.plus(ahead), policy.committee) for ahead in range(HORIZON_WEEKS))
    return next((day for day in sessions if day and asked < cut_off(day, policy)), None)


def session_of(week: Week, committee: Committee) -> date | None:
    """The day the committee sits in a week; None in a week off."""
    if str(week) in committee.weeks_off:
        return None
    return week.monday + timedelta(days=WEEKDAYS.index(committee.day))


def next_session(committee: Committee, today: date) -> date | None:
    """The first session from today on, today included; None when every week ahead is off."""
    week = Week.of(today)
    sessions = (session_of(week.plus(ahead), committee) for ahead in range(HORIZON_WEEKS))
    return next((day for day in sessions if day is not None and day >= today), None)


def cut_off(session: date, policy: Policy) -> datetime:
    """The end of the day by which a gate must be requested: that of the session itself when there is no delay."""
    return midnight(session + timedelta(days=1 - policy.follow_up.cut_off_days), policy.timezone)
