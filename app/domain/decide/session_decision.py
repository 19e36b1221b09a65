"""A decision taken by the committee in session, as the secretariat enters it: who was there, what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.decide.ballots import decision, not_secretariat
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of, end_of
from app.domain.policy.model import Policy, most_people
from app.domain.product import gates
from app.domain.product.accounts import account
from app.domain.product.facts import Fact, GatePostponed, SeatAtGate
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product
from app.domain.reading import conditions, dates
from app.domain.reading.commands import TakenInSession
from app.domain.reading.courtesy import words
from app.domain.reading.text import normalised, vocabulary

MOST_REPORTS = 20
"""Times that one gate may be put off: whoever has no decision after so many closes it, and asks again later."""
LONGEST = timedelta(days=366)
"""A decision is not put off further than a year: a day that far is a slip."""


def decide_session(
    asked: Request, command: TakenInSession, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """The decision, bound by the rule frozen at opening: quorum and mandatory seats present, no standing veto."""
    gate = product.standing.open_gate
    if not product.is_secretariat(asked.who, policy):
        return [not_secretariat(asked, product, policy, now)]
    if product.is_concerned(asked.who):
        return [asked.refused(now, Reason.CONCERNED)]
    if gate is None:
        return [asked.refused(now, Reason.NO_OPEN_GATE)]
    if asked.is_older_than(gate.request):
        return [asked.refused(now, Reason.OLDER_COMMENT)]
    if command.outcome == "later":
        return [_put_off(asked, command, gate, policy, now)]
    present = _present(command.present, gate, product)
    refusal = _unfit(asked, command, gate, present, now)
    if refusal:
        return [refusal]
    today = day_of(now, policy.timezone)
    texts = tuple(conditions.read(line, policy.aspects, today) for line in command.conditions)
    told = {
        "excused": _excused(command.excused, gate),
        "held": dates.latest(command.held, today),
    }
    return list(
        decision(
            asked,
            product,
            gate,
            command.outcome,
            now,
            present=present.seats,
            reason=command.reason,
            conditions=texts,
            **told,
        )
    )


def _put_off(asked: Request, command: TakenInSession, gate: GateRecord, policy: Policy, now: datetime) -> Fact:
    """The report, or why there is none."""
    deadline = _put_off_to(command, gate, policy, now)
    if deadline is None:
        return asked.refused(now, Reason.UNREAD_DAY, name="session", words=command.reason, written="", near="")
    if _is_noted(command, deadline, gate, policy, now):
        return asked.refused(now, Reason.SAME_REPORT, deadline=gate.last_day.isoformat())
    if len(gate.postponements) >= MOST_REPORTS:
        return asked.refused(now, Reason.REPORTS_ENOUGH, times=MOST_REPORTS)
    note, number = asked.note(now), gate.request.gate
    return GatePostponed(
        **note, gate=number, deadline=deadline, reason=command.reason, timezone=policy.timezone, told=True
    )


def _is_noted(command: TakenInSession, deadline: datetime, gate: GateRecord, policy: Policy, now: datetime) -> bool:
    """Whether the decision was put off to that very day already, or that very day for the same reason."""
    last = gate.postponed
    if last is None or last.reason != command.reason:
        return False
    is_today = day_of(last.at, policy.timezone) == day_of(now, policy.timezone)
    return deadline == last.deadline if command.until else is_today


def _excused(names: Iterable[str], gate: GateRecord) -> tuple[str, ...]:
    """Each seat by its name; anybody else as named: an absence decides nothing, and needs no seat."""
    named = []
    for name in names:
        seats = [seat.name for seat in gate.request.seats if {normalised(name), normalised(_bare(name))} & _words(seat)]
        named += seats or [name]
    return tuple(dict.fromkeys(named))


def _put_off_to(command: TakenInSession, gate: GateRecord, policy: Policy, now: datetime) -> datetime | None:
    """The end of the day that was named, the term of the rules where none was; None when that day is no such day."""
    today = day_of(now, policy.timezone)
    if not command.until:
        term = timedelta(days=gate.request.rule.deadline_days)
        return end_of(max(today, gate.last_day) + term, policy.timezone)
    named = dates.resolved(command.until, today)
    end = end_of(date.fromisoformat(named), policy.timezone) if named else now
    return end if now < end < now + LONGEST else None


@dataclass(frozen=True)
class _Present:
    """The seats meant by the attendance, in the order of the committee, and its words that mean none."""

    seats: tuple[str, ...]
    unknown: tuple[str, ...]
    recused: tuple[str, ...]
    """Words that mean seats, or people, who left this vote: they are in the room, not in the quorum."""
    people: int
    """How many different persons these seats may be at most."""


def _present(names: Iterable[str], gate: GateRecord, product: Product) -> _Present:
    """Each name is that of a seat, or the account of somebody who may speak for it, under its login of today."""
    renamed = {normalised(login): _opening(login, gate, product) for login in product.issue.numbers}
    meant: dict[str, set[str]] = {}
    unknown, recused = [], []
    for written in names:
        name = _named_by(written, gate.request.seats, renamed)
        found = [seat for seat in gate.request.seats if normalised(name) in _words(seat)]
        able = {seat.id: people for seat in found if (people := _sitting(name, seat, gate))}
        for seat_id, people in able.items():
            meant.setdefault(seat_id, set()).update(people)
        if not found:
            unknown.append(written)
        elif not able:
            recused.append(written)
    seats = tuple(seat.id for seat in gate.request.seats if seat.id in meant)
    return _Present(seats, tuple(unknown), tuple(recused), most_people([meant[seat] for seat in seats]))


NOTE = re.compile(r"([^()]*+)\(([^()]*+)\)\s*+")
ATTENDING = vocabulary(
    "a au aux en par via la le l de du son sa avec on by in the and et visio visioconference video videoconference "
    "distance distanciel remote remotely online ligne teams webex zoom tchap tel telephone phone audio salle "
    "presentiel personne person site place retard late voix presente present presents presentes"
)
"""Words of a note that says how somebody was there; « excusé » or « représenté par » say otherwise."""


def _bare(name: str) -> str:
    note = NOTE.fullmatch(name)
    return note[1].strip(" @") if note else name


def _named_by(written: str, seats: Sequence[SeatAtGate], renamed: Mapping[str, str]) -> str:
    """« secu (visio) », « Sécurité (secu) », « J. Martin (secu) »: who is meant; as written when nobody can tell."""
    note = NOTE.fullmatch(written)
    if note is None or any(normalised(written) in _words(seat) for seat in seats):
        return renamed.get(normalised(written)) or written
    before, inside = (renamed.get(normalised(name)) or name for name in (note[1].strip(" @"), note[2].strip(" @.")))
    if all(word in ATTENDING for word in words(inside)):
        return before
    by_note, by_name = ([seat for seat in seats if normalised(name) in _words(seat)] for name in (inside, before))
    if not by_note or (by_name and not any(seat in by_name for seat in by_note)):
        return written
    is_account = any(normalised(before) == normalised(login) for seat in by_name for login in seat.logins)
    return before if is_account else inside


def _opening(login: str, gate: GateRecord, product: Product) -> str:
    """The login under which an account was seated."""
    return gate.voter(account(login, product.issue.numbers))


def _sitting(name: str, seat: SeatAtGate, gate: GateRecord) -> set[str]:
    """Who may be there for the seat, of those who have not recused: the person named, or anybody of a seat named."""
    named = [login for login in seat.logins if normalised(login) == normalised(name)] or seat.logins
    return {login.lower() for login in named} - gate.recused


def _words(seat: SeatAtGate) -> set[str]:
    return {normalised(seat.id), normalised(seat.name), *map(normalised, seat.logins)}


def _unfit(
    asked: Request,
    command: TakenInSession,
    gate: GateRecord,
    present: _Present,
    now: datetime,
) -> Fact | None:
    """The reason why the committee could not decide this way in session, if there is one."""
    rule, count = gate.request.rule, gates.tally(gate)
    if not command.outcome:
        return asked.refused(now, Reason.OUTCOME_MISSING)
    if not command.present:
        return asked.refused(now, Reason.ATTENDANCE_MISSING)
    if present.unknown:
        return asked.refused(now, Reason.PRESENT_UNKNOWN, names=", ".join(present.unknown))
    if present.recused:
        return asked.refused(now, Reason.PRESENT_RECUSED, names=", ".join(present.recused))
    if len(present.seats) < rule.quorum:
        return asked.refused(now, Reason.ATTENDANCE_SHORT, present=len(present.seats), quorum=rule.quorum)
    if present.people < rule.people:
        return asked.refused(now, Reason.ATTENDANCE_FEW, present=present.people, people=rule.people)
    if command.outcome == "nogo":
        return None if command.reason else asked.refused(now, Reason.REASON_MISSING)
    return _unfit_go(asked, gate, count, present, now)


def _unfit_go(asked: Request, gate: GateRecord, count: gates.Tally, present: _Present, now: datetime) -> Fact | None:
    missing = [seat for seat in count.rule.mandatory if seat not in present.seats]
    recused = [seat for seat in missing if seat in count.recused]
    if recused:
        return asked.refused(now, Reason.MANDATORY_RECUSED, seats=_named(recused, gate))
    if missing:
        return asked.refused(now, Reason.MANDATORY_ABSENT, seats=_named(missing, gate))
    if count.vetoed_by:
        return asked.refused(now, Reason.VETOED, seats=_named(count.vetoed_by, gate))
    return None


def _named(seats: Iterable[str], gate: GateRecord) -> str:
    return ", ".join(gates.seat_name(gate, seat) for seat in seats)
