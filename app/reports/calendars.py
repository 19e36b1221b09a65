"""A calendar as its readers' programs take it (RFC 5545): whole days, names that last, revisions that are counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.policy.model import Policy
from app.domain.reading.text import clipped
from app.domain.reading.visible import visible
from app.domain.report.calendar_events import CalendarEvent
from app.messages import plain_macros
from app.messages.typography import one_line

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)
LONGEST = 120
"""Characters of a title, of a place."""
Address = Callable[[CalendarEvent], str]


def uid(repository: str, event: CalendarEvent) -> str:
    """The name of an event for every calendar that shows it."""
    place = hashlib.sha256(repository.encode()).hexdigest()[:16]
    return f"{event.key}.{place}@jalon"


def as_calendar(
    events: Iterable[CalendarEvent],
    repository: str,
    policy: Policy,
    address: Address,
    turns: Mapping[str, int],
    now: datetime,
    *,
    is_person: bool,
) -> bytes:
    """`turns` counts the revisions of each event, by its name; `address` gives the page where one acts."""
    from icalendar import Calendar  # noqa: PLC0415 - a tenth of a second, which who subscribes to nothing does without

    words = plain_macros("calendar.txt.j2", policy.language, policy.timezone)
    made = Calendar()
    for name, value in (
        ("prodid", "-//Jalon//Comite produit//FR"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", one_line(words.name(is_person))),
        ("x-wr-timezone", policy.timezone),
    ):
        made.add(name, value)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        name = uid(repository, event)
        made.add_component(_event(event, name, words, address(event), turns.get(name, 0), now))
    return bytes(made.to_ical())


def _event(event: CalendarEvent, name: str, words: object, address: str, turn: int, now: datetime) -> Event:
    from icalendar import Event  # noqa: PLC0415

    shown = Event()
    told = _clean(event)
    summary, description = (one_line(getattr(words, part)(told)) for part in ("summary", "description"))
    link = event.link if event.link.startswith("https://") else ""
    shown.add("uid", name)
    shown.add("dtstamp", now)
    shown.add("dtstart", event.day)
    shown.add("dtend", event.day + timedelta(days=1))
    shown.add("summary", summary)
    shown.add("description", "\n".join(filter(None, (description, link, address))))
    shown.add("sequence", turn)
    shown.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    shown.add("transp", "TRANSPARENT")  # a deadline keeps nobody from a meeting
    if address:
        shown.add("url", address)
    if told.place or link:
        shown.add("location", told.place or link)
    return shown


def _clean(event: CalendarEvent) -> CalendarEvent:
    """What people typed, on one line and in sight."""
    given = {
        field: clipped(one_line(visible(getattr(event, field))), LONGEST)
        for field in ("title", "phase", "text", "place")
    }
    return CalendarEvent(
        event.kind, event.key, event.day, event.number, rank=event.rank, is_cancelled=event.is_cancelled, **given
    )
