"""ISO weeks whose days are those of Paris, and the days on which the committee sits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.policy import WEEKDAYS, Committee

PARIS = ZoneInfo("Europe/Paris")
HORIZON_WEEKS = 60
"""A committee that sits no more within a year has no next session."""


def day_of(moment: datetime) -> date:
    """The day it is in Paris at a moment given with its time zone."""
    return moment.astimezone(PARIS).date()


def midnight(day: date) -> datetime:
    """The first instant of a day in Paris."""
    return datetime.combine(day, time(), PARIS)


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, from Monday to Sunday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """The week of a day; a datetime must be brought to Paris first (`day_of`)."""
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

    @property
    def start(self) -> datetime:
        return midnight(self.monday)

    @property
    def end(self) -> datetime:
        """The first instant of the following week."""
        return midnight(self.monday + timedelta(days=7))

    def plus(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))


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
