"""Whom the names of an attendance mean: seats by their ids, names and people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.policy.model import Committee
from app.domain.reading.courtesy import words
from app.domain.reading.text import normalised, vocabulary

NOTE = re.compile(r"([^()]*+)\(([^()]*+)\)\s*+")
ATTENDING = vocabulary(
    "a au aux en par via la le l de du son sa avec on by in the and et visio visioconference video videoconference "
    "distance distanciel remote remotely online ligne teams webex zoom tchap tel telephone phone audio salle "
    "presentiel personne person site place retard late voix presente present presents presentes"
)
"""Words of a note that says how somebody was there; « excusé » or « représenté par » say otherwise."""


class NamedSeat(Protocol):
    """A seat as it stood at a gate, or as the rules have it."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def logins(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class SeatNow:
    """A seat with everybody who may speak for it on a day."""

    id: str
    name: str
    logins: tuple[str, ...]


def seats_on(committee: Committee, day: date) -> tuple[SeatNow, ...]:
    """Those of the rules, in their order; a seat that nobody holds that day has no login."""
    return tuple(SeatNow(seat.id, seat.name, seat.members(day)) for seat in committee.seats)


def bare(name: str) -> str:
    note = NOTE.fullmatch(name)
    return note[1].strip(" @") if note else name


def named_by(written: str, seats: Sequence[NamedSeat], renamed: Mapping[str, str]) -> str:
    """« secu (visio) », « Sécurité (secu) », « J. Martin (secu) »: who is meant; as written when nobody can tell."""
    note = NOTE.fullmatch(written)
    if note is None or any(normalised(written) in words_of_seat(seat) for seat in seats):
        return renamed.get(normalised(written)) or written
    before, inside = (renamed.get(normalised(name)) or name for name in (note[1].strip(" @"), note[2].strip(" @.")))
    if all(word in ATTENDING for word in words(inside)):
        return before
    by_note, by_name = (
        [seat for seat in seats if normalised(name) in words_of_seat(seat)] for name in (inside, before)
    )
    if not by_note or (by_name and not any(seat in by_name for seat in by_note)):
        return written
    is_account = any(normalised(before) == normalised(login) for seat in by_name for login in seat.logins)
    return before if is_account else inside


def words_of_seat(seat: NamedSeat) -> set[str]:
    """By which it may be meant."""
    return {normalised(seat.id), normalised(seat.name), *map(normalised, seat.logins)}
