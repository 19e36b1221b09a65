"""The clock of a story that lasts a month: it runs as this machine's does, days ahead of it or behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.messages import MONTHS

PLACE = ZoneInfo("Europe/Paris")
MIDNIGHT, DAWN, NINE = time(0, 5), time(6, 41), time(9, 5)
"""The hours of a day at which something falls due: deadlines, the installed workflows, reminders."""
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class StoryClock:
    """Handed to the App and to the local GitHub, which are never told that it is not this machine's."""

    def __init__(self, begins: datetime) -> None:
        self._ahead = begins - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def passes_to(self, moment: datetime) -> None:
        """Never backwards: a moment that has passed while the story was told is now."""
        self._ahead += max(timedelta(), moment - self())

    @property
    def today(self) -> date:
        return self().astimezone(PLACE).date()


def at(text: str) -> datetime:
    """« 2026-11-05 09:30 » in the committee's place."""
    return datetime.fromisoformat(text).replace(tzinfo=PLACE)


def hours(after: datetime, until: datetime) -> Iterator[datetime]:
    """Those of every day in between, in order."""
    day = after.astimezone(PLACE).date()
    while day <= until.astimezone(PLACE).date():
        found = (datetime.combine(day, hour, PLACE) for hour in (MIDNIGHT, DAWN, NINE))
        yield from (moment for moment in found if after < moment < until)
        day += timedelta(days=1)


def moment_told(moment: datetime) -> str:
    """« jeudi 5 novembre 2026, 9 h 30 »."""
    day = f"{moment.day}{'er' if moment.day == 1 else ''} {MONTHS['fr'][moment.month - 1]} {moment.year}"
    hour = f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"
    return f"{WEEKDAYS[moment.weekday()]} {day}, {hour}"
