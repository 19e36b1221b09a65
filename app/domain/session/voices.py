"""Who speaks for a seat while somebody is away from it, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.domain.policy.model import Seat
from app.domain.session.model import Absence


def speaking(seat: Seat, absences: Iterable[Absence], first: date, last: date) -> tuple[str, ...]:
    """The logins that may speak for a seat at a gate open from one day to another: those of the rules on its first
    day, the holder before all, then whoever stands in for one of them meanwhile.

    Who is away keeps their voice: an absence is no recusal, and a seat has one vote whoever speaks.
    """
    stand_ins = (one.stand_in for one in absences if one.seat == seat.id and one.overlaps(first, last))
    found = dict.fromkeys(seat.members(first))
    known = {login.lower() for login in found}
    for login in filter(None, stand_ins):
        if login.lower() not in known:
            known.add(login.lower())
            found[login] = None
    return tuple(found)


def away(seat: str, absences: Iterable[Absence], day: date) -> tuple[Absence, ...]:
    """Who is away from a seat on a day."""
    return tuple(one for one in absences if one.seat == seat and one.covers(day))


def voices_to_ask(able: Iterable[str], gone: Iterable[Absence]) -> tuple[str, ...]:
    """Of those who may speak for a seat, whom to ask while some are away: who stands in for them, else the others."""
    able, gone = tuple(able), tuple(gone)
    stand_ins = {one.stand_in.lower() for one in gone if one.stand_in}
    absent = {one.login.lower() for one in gone}
    standing = tuple(login for login in able if login.lower() in stand_ins - absent)
    return standing or tuple(login for login in able if login.lower() not in absent)


def seats_stood_in(login: str, absences: Iterable[Absence], day: date) -> tuple[str, ...]:
    """Ids of the seats for which a person stands in on a day."""
    mine = (one.seat for one in absences if one.covers(day) and one.stand_in.lower() == login.lower())
    return tuple(dict.fromkeys(mine))
