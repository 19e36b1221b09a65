"""What is needed of a session's issue and of those who write there: where, who, and what was read before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.session.model import Absence, EarlyReturn, Session
from app.domain.session.names import SeatNow, seats_on


class SessionComment(Protocol):
    """A comment as GitHub shows it now."""

    @property
    def id(self) -> int: ...

    @property
    def body(self) -> str: ...

    @property
    def author(self) -> str: ...

    @property
    def author_id(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def edited_at(self) -> datetime | None: ...

    @property
    def edited_by_other(self) -> bool: ...

    @property
    def via_email(self) -> bool: ...


@dataclass(frozen=True)
class SessionPlace:
    """The issue of a session: `planned` is the day of its agenda."""

    repository: str
    issue: str
    number: int
    planned: date


@dataclass(frozen=True)
class People:
    """Who may say what. An account is its number: `keeps` tells whether one keeps the secretariat today.

    `team` is None while GitHub does not tell it: nobody is then believed to hold a seat.
    """

    policy: Policy
    keeps: Callable[[str, int], bool]
    team: frozenset[str] | None
    numbers: Mapping[str, int] = field(default_factory=dict)

    def day(self, moment: datetime) -> date:
        return day_of(moment, self.policy.timezone)

    def seats(self, day: date) -> tuple[SeatNow, ...]:
        return seats_on(self.policy.committee, day)

    def is_theirs(self, login: str, number: int) -> bool:
        """Whether an account is in the committee's team, and bears that login today."""
        known = self.numbers.get(login.lower(), 0)
        return self.team is not None and login.lower() in self.team and (not known or known == number)

    def spelt(self, login: str) -> str:
        """A login as the rules spell it."""
        named = (one for seat in self.policy.committee.seats for one in (seat.holder, *seat.substitutes))
        return next((one for one in named if one.lower() == login.lower()), login)


class Unheard(StrEnum):
    """Why a command was not taken, nothing when it was; each has its sentence in `session_record.md.j2`."""

    HEARD = ""
    ABSENCE_CHANGED = "absence_changed"
    ABSENCE_UNKNOWN = "absence_unknown"
    ALREADY_OVER = "already_over"
    DAY_UNFIT = "day_unfit"
    DOUBT = "doubt"
    NAME_UNKNOWN = "name_unknown"
    NOT_SEATED = "not_seated"
    NOT_SECRETARIAT = "not_secretariat"
    OF_PRODUCT = "of_product"
    OWN_ABSENCE = "own_absence"
    SEAT_UNKNOWN = "seat_unknown"
    SEAT_VACANT = "seat_vacant"
    STANDS_FOR_SELF = "stands_for_self"
    TAMPERED = "tampered"
    TEAM_UNKNOWN = "team_unknown"
    TOO_LONG_AWAY = "too_long_away"
    UNKNOWN = "unknown"
    WHICH_SEAT = "which_seat"


@dataclass(frozen=True)
class CommandAnswer:
    """What became of one command."""

    comment: int
    by: str
    row: str
    """The command's row in its table; empty for words that are none."""
    why: Unheard = Unheard.HEARD
    words: str = ""
    near: str = ""


@dataclass(frozen=True)
class Told:
    """All that the comments of a session's issue say, and the answer to each of their commands.

    `memory` is what the next reading must know of this one: the numbers that absences bear, what was agreed to.
    """

    session: Session
    absences: tuple[Absence, ...] = ()
    returns: tuple[EarlyReturn, ...] = ()
    answers: tuple[CommandAnswer, ...] = ()
    asked_help: bool = False
    memory: Mapping[str, str] = field(default_factory=dict)
