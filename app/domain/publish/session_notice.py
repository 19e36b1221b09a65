"""What is said on a session's issue, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.publish.notice import Notice


@dataclass(frozen=True)
class SatView:
    """A seat that sat, by its name; through whom, where a person was named."""

    seat: str
    login: str = ""
    stands_in: bool = False


@dataclass(frozen=True)
class AbsenceView:
    """`state` says of who stands in: agreed, waiting, stranger (to the committee's team); nothing without anybody."""

    number: int
    seat: str
    login: str
    since: date
    until: date
    substitute: str = ""
    state: str = ""


@dataclass(frozen=True)
class ReturnView:
    login: str
    seat: str
    day: date


@dataclass(frozen=True)
class QuestionView:
    """A command that was not taken, and why."""

    by: str
    row: str
    why: str
    words: str = ""
    near: str = ""


@dataclass(frozen=True)
class SessionRecord(Notice):
    """All that was said of a session on its issue, and what was not understood."""

    planned: date | None = None
    day: date | None = None
    place: str = ""
    link: str = ""
    begun: str = ""
    ended: str = ""
    cancelled: bool = False
    sat: tuple[SatView, ...] = ()
    excused: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    absences: tuple[AbsenceView, ...] = ()
    returns: tuple[ReturnView, ...] = ()
    vacant: tuple[str, ...] = ()
    """Seats for which nobody can speak on that day."""
    questions: tuple[QuestionView, ...] = ()
    helps: bool = False
    team: str = ""
    """The committee's team, where whoever stands in is not in it."""
