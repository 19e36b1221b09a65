"""A session of the committee and who sat there, a person away from a seat: what the comments of its issue say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Attending:
    """A seat that sat; `login` is who sat for it where one was named, `stands_in` when they replaced its people."""

    seat: str
    login: str = ""
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One session, known by its issue: that of its agenda.

    `planned` is the day of the agenda, `day` the one the session was moved to; `begun` and `ended` are hours of the
    committee's place (« 09:30 »), empty while nobody said them.
    """

    repository: str
    issue: str
    """Node id of its issue."""
    number: int
    planned: date
    day: date
    place: str = ""
    link: str = ""
    begun: str = ""
    ended: str = ""
    cancelled: bool = False
    present: tuple[Attending, ...] = ()
    """In the order of the committee; a seat that was replaced is present through whoever stood in."""
    excused: tuple[str, ...] = ()
    """Ids of seats."""
    apologies: tuple[str, ...] = ()
    """Whoever else was excused, as the secretariat named them."""
    guests: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    """Numbers of issues, in the order in which the session takes them."""

    @property
    def seats(self) -> tuple[str, ...]:
        """Ids of the seats that sat."""
        return tuple(one.seat for one in self.present)

    @property
    def replaced(self) -> tuple[Attending, ...]:
        return tuple(one for one in self.present if one.stands_in)

    @property
    def has_attendance(self) -> bool:
        return bool(self.present)


@dataclass(frozen=True, slots=True)
class Absence:
    """A person away from a seat from one day to another, both included, and who stands in for them.

    `number` names it on its issue: what the secretariat writes to agree to a substitute whom the rules do not name.
    """

    seat: str
    login: str
    since: date
    until: date
    substitute: str = ""
    is_agreed: bool = True
    """Whether the substitute may speak for the seat; True where there is none to agree to."""
    number: int = 0
    issue: int = 0
    """The number of the issue on which it was said."""
    comment: int = 0

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until

    def overlaps(self, first: date, last: date) -> bool:
        return self.since <= last and first <= self.until

    @property
    def stand_in(self) -> str:
        """Who speaks for the seat meanwhile, once it is agreed; empty when the rules' own substitutes do."""
        return self.substitute if self.is_agreed else ""

    def ended(self, last: date) -> Absence | None:
        """The same, cut after a day; None when nothing is left of it."""
        return None if last < self.since else replace(self, until=min(self.until, last))


@dataclass(frozen=True, slots=True)
class EarlyReturn:
    """A person back at their seats from a day on, sooner than was said; every seat of theirs when none is named."""

    login: str
    day: date
    seat: str = ""
    comment: int = 0

    def ends(self, absence: Absence) -> bool:
        """Whether it is about an absence: one said before it, by the same person, that the day falls in."""
        is_theirs = self.login.lower() == absence.login.lower() and self.seat in {"", absence.seat}
        return is_theirs and self.comment > absence.comment and absence.covers(self.day)
