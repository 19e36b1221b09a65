"""Who sat, as the secretariat enters it: each name is that of a seat or of a person who speaks for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.domain.reading.command_types import SetAttendance
from app.domain.reading.text import normalised
from app.domain.session.model import Attending, Session
from app.domain.session.names import SeatNow, bare, named_by, words_of_seat
from app.domain.session.said import People


def corrected(session: Session, said: SetAttendance, people: People, day: date) -> Session | str:
    """The session with the lists that are given in place of the former ones; else the names that mean nobody.

    A seat is in one list: where it is named last. Whole or not at all.
    """
    seats = people.seats(day)
    present, unknown = _present(said.present or (), seats, people)
    stand_ins, more = _stand_ins(said.replaced or (), seats, people)
    unknown += more
    if unknown:
        return ", ".join(unknown)
    excused, apologies = _excused(said.excused or (), seats, people)
    named = {one.seat for one in (*present, *stand_ins)} | set(excused)
    kept = [one for one in session.present if _is_kept(one, said) and one.seat not in named]
    order = [seat.id for seat in seats]
    replacing = {one.seat for one in stand_ins}
    sitting = [*kept, *(one for one in present if one.seat not in replacing), *stand_ins]
    sitting.sort(key=lambda one: order.index(one.seat) if one.seat in order else len(order))
    left = () if said.excused is not None else session.excused
    return replace(
        session,
        present=tuple(sitting),
        excused=tuple(seat for seat in dict.fromkeys((*left, *excused)) if seat not in {one.seat for one in sitting}),
        apologies=session.apologies if said.excused is None else apologies,
        guests=session.guests if said.guests is None else said.guests,
    )


def _is_kept(one: Attending, said: SetAttendance) -> bool:
    """Whether the list that named a seat is not given anew."""
    return (said.replaced if one.stands_in else said.present) is None


def _present(names: Iterable[str], seats: Sequence[SeatNow], people: People) -> tuple[list[Attending], list[str]]:
    found: dict[str, Attending] = {}
    unknown = []
    for written in names:
        meant = _meant(written, seats)
        if not meant:
            unknown.append(written)
        for seat, login in meant:
            if login or seat.id not in found:
                found[seat.id] = Attending(seat.id, people.spelt(login) if login else "")
    return list(found.values()), unknown


def _meant(written: str, seats: Sequence[SeatNow]) -> list[tuple[SeatNow, str]]:
    """The seats that a name means; with a login when it is a person's, who then sits for each of their seats."""
    name = normalised(named_by(written, seats, {}))
    by_seat = [seat for seat in seats if name in {normalised(seat.id), normalised(seat.name)}]
    if by_seat:
        return [(seat, "") for seat in by_seat]
    return [(seat, name) for seat in seats if name in map(normalised, seat.logins)]


def _stand_ins(
    pairs: Iterable[tuple[str, str]], seats: Sequence[SeatNow], people: People
) -> tuple[list[Attending], list[str]]:
    found, unknown = [], []
    for who, stand_in in pairs:
        meant = _meant(who, seats)
        if not meant:
            unknown.append(who)
        found += [Attending(seat.id, people.spelt(stand_in), stands_in=True) for seat, _ in meant]
    return found, unknown


def _excused(names: Iterable[str], seats: Sequence[SeatNow], people: People) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The seats by their ids, and anybody else as named: an absence decides nothing, and needs no seat."""
    ids, others = dict[str, None](), []
    for name in names:
        meant = [seat for seat in seats if {normalised(name), normalised(bare(name))} & words_of_seat(seat)]
        ids |= dict.fromkeys(seat.id for seat in meant)
        others += [] if meant else [name]
    return tuple(ids), tuple(dict.fromkeys(others))
