"""Who was there when the committee decided at a gate: as named with the decision, or by the session's own record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.policy.model import Policy, most_people
from app.domain.product import gates
from app.domain.product.accounts import account
from app.domain.product.facts import SeatAtGate
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product
from app.domain.reading.text import normalised
from app.domain.session.model import Attending, Session
from app.domain.session.names import bare, named_by, words_of_seat


@dataclass(frozen=True)
class SeatsPresent:
    """The seats meant by the attendance, in the order of the committee, and its words that mean none."""

    seats: tuple[str, ...]
    unknown: tuple[str, ...]
    recused: tuple[str, ...]
    """Words that mean seats, or people, who left this vote: they are in the room, not in the quorum."""
    people: int
    """How many different persons these seats may be at most."""


def named_seats(names: Iterable[str], gate: GateRecord, product: Product) -> SeatsPresent:
    """Each name is that of a seat, or the account of somebody who may speak for it, under its login of today."""
    renamed = {normalised(login): _opening(login, gate, product) for login in product.issue.numbers}
    meant: dict[str, set[str]] = {}
    unknown, recused = [], []
    for written in names:
        name = named_by(written, gate.request.seats, renamed)
        found = [seat for seat in gate.request.seats if normalised(name) in words_of_seat(seat)]
        able = {seat.id: people for seat in found if (people := _sitting(name, seat, gate))}
        for seat_id, people in able.items():
            meant.setdefault(seat_id, set()).update(people)
        if not found:
            unknown.append(written)
        elif not able:
            recused.append(written)
    seats = tuple(seat.id for seat in gate.request.seats if seat.id in meant)
    return SeatsPresent(seats, tuple(unknown), tuple(recused), most_people([meant[seat] for seat in seats]))


def _opening(login: str, gate: GateRecord, product: Product) -> str:
    """The login under which an account was seated."""
    return gate.voter(account(login, product.issue.numbers))


def _sitting(name: str, seat: SeatAtGate, gate: GateRecord) -> set[str]:
    """Who may be there for the seat, of those who have not recused: the person named, or anybody of a seat named."""
    named = [login for login in seat.logins if normalised(login) == normalised(name)] or seat.logins
    return {login.lower() for login in named} - gate.recused


def recorded_at(session: Session, gate: GateRecord, product: Product) -> SeatsPresent:
    """The seats that sat by the session's own record, as far as they may at this gate.

    Who was there was not said of this product: a seat that left this vote, or had nobody at its opening, is left out,
    whoever stood in for it.
    """
    meant: dict[str, set[str]] = {}
    recused = gates.tally(gate).recused
    seats = {seat.id: seat for seat in gate.request.seats if seat.id not in recused}
    for one in session.present:
        if one.seat in seats and (found := _sat(one, seats[one.seat], gate, product)):
            meant.setdefault(one.seat, set()).update(found)
    order = tuple(seat for seat in seats if seat in meant)
    return SeatsPresent(order, (), (), most_people([meant[seat] for seat in order]))


def _sat(one: Attending, seat: SeatAtGate, gate: GateRecord, product: Product) -> set[str]:
    """Who may have sat for a seat. Whoever stood in is of the committee's team, and has no part in the product."""
    if not one.login:
        return _sitting(seat.name, seat, gate)
    who = account(one.login, product.issue.numbers)
    if not one.stands_in:
        name = (gate.voter(who) or one.login).lower()
        return {name} - gate.recused if name in map(str.lower, seat.logins) else set()
    name = one.login.lower()
    is_apart = product.is_concerned(who) or name in {*gate.request.concerned, *gate.recused}
    is_member = product.issue.team is not None and name in product.issue.team
    return {name} if is_member and not is_apart and not gate.request.who.is_same(who) else set()


def excused(names: Iterable[str], gate: GateRecord) -> tuple[str, ...]:
    """Each seat by its name; anybody else as named: an absence decides nothing, and needs no seat."""
    named = []
    for name in names:
        seats = [
            seat.name for seat in gate.request.seats if {normalised(name), normalised(bare(name))} & words_of_seat(seat)
        ]
        named += seats or [name]
    return tuple(dict.fromkeys(named))


def excused_from(session: Session, gate: GateRecord, policy: Policy) -> tuple[str, ...]:
    names = {seat.id: seat.name for seat in policy.committee.seats}
    names |= {seat.id: seat.name for seat in gate.request.seats}
    return (*(names.get(seat, seat) for seat in session.excused), *session.apologies)
