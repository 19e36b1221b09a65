"""An absence as it is declared: of which seats, from when to when, with whose voice meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.policy.model import Seat
from app.domain.reading import dates
from app.domain.reading.command_types import DeclareAbsence, EndAbsence
from app.domain.reading.text import normalised, vocabulary
from app.domain.session.model import Absence, EarlyReturn
from app.domain.session.said import People, SessionComment, Unheard

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Unfit:
    """Why an absence, or a return, could not be taken."""

    why: Unheard
    words: str = ""


def declared(
    command: DeclareAbsence, comment: SessionComment, people: People, *, by_secretariat: bool
) -> tuple[Absence, ...] | Unfit:
    """One for each seat of whoever is away; agreed to at once when the rules name who stands in, or the secretariat
    says it of somebody else.
    """
    today = people.day(comment.edited_at or comment.at)
    days = _days(command, today)
    if isinstance(days, Unfit):
        return days
    meant = _seats(command.seat, comment, people, days[0], by_secretariat=by_secretariat)
    if isinstance(meant, Unfit):
        return meant
    stand_in = people.spelt(command.substitute)
    if any(login.lower() == stand_in.lower() for _, login in meant):
        return Unfit(Unheard.STANDS_FOR_SELF, stand_in)
    is_of_another = all(login.lower() != comment.author.lower() for _, login in meant)
    return tuple(
        Absence(seat.id, login, *days, stand_in, _is_named(stand_in, seat) or (by_secretariat and is_of_another))
        for seat, login in meant
    )


def _is_named(stand_in: str, seat: Seat) -> bool:
    """Whether there is nobody to agree to, or somebody whom the rules name."""
    return not stand_in or stand_in.lower() in {one.lower() for one in seat.substitutes}


def _days(command: DeclareAbsence, today: date) -> tuple[date, date] | Unfit:
    """A day without a year is the next one; the first is the last before the end, so that one under way is told."""
    last = dates.resolved_day(command.last, today)
    if not last:
        return Unfit(Unheard.DAY_UNFIT, command.last)
    until = date.fromisoformat(last)
    first = dates.latest(command.first, until) if command.first else today.isoformat()
    if not first or date.fromisoformat(first) > until:
        return Unfit(Unheard.DAY_UNFIT, last)
    since = date.fromisoformat(first)
    if until < today:
        return Unfit(Unheard.ALREADY_OVER, last)
    return (since, until) if until - since < LONGEST else Unfit(Unheard.TOO_LONG_AWAY, last)


def _seats(
    named: str, comment: SessionComment, people: People, day: date, *, by_secretariat: bool
) -> list[tuple[Seat, str]] | Unfit:
    """The seats of whoever is away, each with that person: their own, or those the secretariat names."""
    committee = people.policy.committee
    meant = [seat for seat in committee.seats if not named or _is_called(named, seat)]
    if not meant:
        return Unfit(Unheard.SEAT_UNKNOWN, named)
    if people.team is None and not by_secretariat:
        return Unfit(Unheard.TEAM_UNKNOWN)
    is_seated = people.is_theirs(comment.author, comment.author_id)
    own = [(seat, people.spelt(comment.author)) for seat in meant if is_seated and _holds(comment.author, seat, day)]
    if own:
        return own
    if not by_secretariat:
        return Unfit(Unheard.NOT_SEATED)
    if not named:
        return Unfit(Unheard.WHICH_SEAT)
    found = [(seat, _person(named, seat)) for seat in meant]
    return [(seat, login) for seat, login in found if login] or Unfit(Unheard.SEAT_VACANT, named)


def _person(named: str, seat: Seat) -> str:
    """Who is away from a seat: the person named, or its holder."""
    people = (seat.holder, *seat.substitutes)
    return next((login for login in people if normalised(login) == named), seat.holder)


def _holds(login: str, seat: Seat, day: date) -> bool:
    return login.lower() in {one.lower() for one in seat.members(day)}


def _is_called(named: str, seat: Seat) -> bool:
    """By its id, its name, or one of its people; small words aside, since a sentence may hold them."""
    names = (seat.id, seat.name, seat.holder, *seat.substitutes)
    return any(normalised(name) == named or _words(name) == _words(named) for name in names if name)


def _words(text: str) -> frozenset[str]:
    return frozenset(normalised(text).replace("-", " ").replace("'", " ").split()) - SMALL


SMALL = vocabulary("d de des du et l la le les of the and")


def returned(
    command: EndAbsence, comment: SessionComment, people: People, *, by_secretariat: bool
) -> list[EarlyReturn] | Unfit:
    """Back today, or on the day that is given."""
    today = people.day(comment.edited_at or comment.at)
    written = dates.resolved_day(command.day, today) if command.day else today.isoformat()
    if not written:
        return Unfit(Unheard.DAY_UNFIT, command.day)
    day = date.fromisoformat(written)
    meant = _seats(command.seat, comment, people, day, by_secretariat=by_secretariat)
    if isinstance(meant, Unfit):
        return meant
    return [EarlyReturn(login, day, seat.id, comment.id) for seat, login in meant]


def agreed_content(absences: Iterable[Absence]) -> str:
    """What the secretariat agrees to: if it changes, it is to be agreed to anew."""
    told = (f"{one.seat} {one.login} {one.since} {one.until} {one.substitute}".lower() for one in absences)
    return "; ".join(sorted(told))
