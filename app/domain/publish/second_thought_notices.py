"""What Jalon says of second thoughts: a decision rectified, contested or overridden, a product paused and resumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.product.facts import Point
from app.domain.publish.condition_view import ConditionView
from app.domain.publish.notice import Notice


@dataclass(frozen=True)
class Rectified(Notice):
    """The decision of a gate as it was really taken; `was` is what was entered, on the day `on`.

    `outcome` is go, nogo or later: then gate `again` takes the place of this one, until `last_day`. `phase` is the one
    the product enters by it, empty when it stays where it is.
    """

    number: int = 0
    origin: str = ""
    target: str = ""
    was: str = ""
    on: datetime | None = None
    link: str = ""
    outcome: str = ""
    by: str = ""
    why: str = ""
    reason: str = ""
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    held: str = ""
    quorum: int = 0
    against: tuple[str, ...] = ()
    """Seats whose written no-go the session went against."""
    objections: tuple[Point, ...] = ()
    conditions: tuple[ConditionView, ...] = ()
    dropped: tuple[int, ...] = ()
    phase: str = ""
    again: int = 0
    last_day: date | None = None


@dataclass(frozen=True)
class Relifted(Notice):
    """A condition lifted by mistake stands again; `on` is when it had been lifted, `lifted_by` whom."""

    number: int = 0
    text: str = ""
    seat: str = ""
    lifted_by: str = ""
    on: datetime | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Contested(Notice):
    """The committee is asked to look again at its next session: at a no-go, by gate `again`, or at a condition."""

    number: int = 0
    origin: str = ""
    target: str = ""
    by: str = ""
    grounds: str = ""
    session: date | None = None
    condition: int = 0
    text: str = ""
    again: int = 0


@dataclass(frozen=True)
class Overridden(Notice):
    """Decided by somebody whom the rules name, not by the committee; `was` is open, or nogo."""

    number: int = 0
    origin: str = ""
    target: str = ""
    was: str = ""
    outcome: str = ""
    by: str = ""
    reason: str = ""
    spoken: int = 0
    quorum: int = 0


@dataclass(frozen=True)
class Paused(Notice):
    """Nothing is asked of the product, until the end of a day if one was named."""

    by: str = ""
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Resumed(Notice):
    """Nobody resumed it when its day came; `since` is the day the pause began."""

    by: str = ""
    reason: str = ""
    since: datetime | None = None


SECOND_NOTICES: tuple[type[Notice], ...] = (Rectified, Relifted, Contested, Overridden, Paused, Resumed)
