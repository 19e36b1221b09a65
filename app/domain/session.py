"""A decision taken by the committee in session, as the secretariat enters it: who was there, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import conditions, gates
from app.domain.asked import Asked
from app.domain.ballots import decision
from app.domain.commands import TakenInSession
from app.domain.facts import Fact, GatePostponed, SeatAtGate
from app.domain.gate_record import GateRecord
from app.domain.policy import Policy
from app.domain.product import Product
from app.domain.words import plain


def decide_session(
    asked: Asked, command: TakenInSession, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """The decision, bound by the rule frozen at opening: quorum and mandatory seats present, no standing veto."""
    gate = product.standing.open_gate
    if not policy.is_secretariat(asked.by):
        return [asked.refused(now, "not_secretariat")]
    if product.is_concerned(asked.by):
        return [asked.refused(now, "concerned")]
    if gate is None:
        return [asked.refused(now, "no_open_gate")]
    if asked.is_older_than(gate.request):
        return [asked.refused(now, "older_comment")]
    if command.outcome == "later":
        deadline = max(now, gate.deadline) + timedelta(days=gate.request.rule.deadline_days)
        return [GatePostponed(**asked.note(now), gate=gate.request.gate, deadline=deadline, reason=command.reason)]
    present = _present(command.present, gate)
    refusal = _unfit(asked, command, gate, present, now)
    if refusal:
        return [refusal]
    texts = tuple(conditions.read(line, policy.aspects) for line in command.conditions)
    return list(
        decision(
            asked, product, gate, command.outcome, now, present=present.seats, reason=command.reason, conditions=texts
        )
    )


@dataclass(frozen=True)
class _Present:
    """The seats meant by the attendance, in the order of the committee, and its words that mean none."""

    seats: tuple[str, ...]
    unknown: tuple[str, ...]
    recused: tuple[str, ...]
    """Words that mean seats, or people, who left this vote: they are in the room, not in the quorum."""


def _present(names: Iterable[str], gate: GateRecord) -> _Present:
    """Each name is that of a seat, or the account of somebody who may speak for it."""
    meant, unknown, recused = set(), [], []
    for name in names:
        found = [seat for seat in gate.request.seats if plain(name) in _words(seat)]
        able = {seat.id for seat in found if _may_sit(name, seat, gate)}
        meant.update(able)
        if not found:
            unknown.append(name)
        elif not able:
            recused.append(name)
    seats = tuple(seat.id for seat in gate.request.seats if seat.id in meant)
    return _Present(seats, tuple(unknown), tuple(recused))


def _may_sit(name: str, seat: SeatAtGate, gate: GateRecord) -> bool:
    """Whether somebody who has not recused is there for the seat."""
    named = [login for login in seat.logins if plain(login) == plain(name)] or seat.logins
    return any(login.lower() not in gate.recused for login in named)


def _words(seat: SeatAtGate) -> set[str]:
    return {plain(seat.id), plain(seat.name), *map(plain, seat.logins)}


def _unfit(
    asked: Asked,
    command: TakenInSession,
    gate: GateRecord,
    present: _Present,
    now: datetime,
) -> Fact | None:
    """The reason why the committee could not decide this way in session, if there is one."""
    rule, count = gate.request.rule, gates.tally(gate)
    if not command.outcome:
        return asked.refused(now, "outcome_missing")
    if not command.present:
        return asked.refused(now, "attendance_missing")
    if present.unknown:
        return asked.refused(now, "present_unknown", names=", ".join(present.unknown))
    if present.recused:
        return asked.refused(now, "present_recused", names=", ".join(present.recused))
    if len(present.seats) < rule.quorum:
        return asked.refused(now, "attendance_short", present=len(present.seats), quorum=rule.quorum)
    if command.outcome == "nogo":
        return None if command.reason else asked.refused(now, "reason_missing")
    return _unfit_go(asked, gate, count, present, now)


def _unfit_go(asked: Asked, gate: GateRecord, count: gates.Tally, present: _Present, now: datetime) -> Fact | None:
    missing = [seat for seat in count.rule.mandatory if seat not in present.seats]
    recused = [seat for seat in missing if seat in count.recused]
    if recused:
        return asked.refused(now, "mandatory_recused", seats=_named(recused, gate))
    if missing:
        return asked.refused(now, "mandatory_absent", seats=_named(missing, gate))
    if count.vetoed_by:
        return asked.refused(now, "vetoed", seats=_named(count.vetoed_by, gate))
    return None


def _named(seats: Iterable[str], gate: GateRecord) -> str:
    return ", ".join(gates.seat_name(gate, seat) for seat in seats)
