"""A decision taken by the committee in session, as the secretariat enters it: who was there, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain import conditions, gates
from app.domain.asked import Asked
from app.domain.ballots import decision
from app.domain.commands import TakenInSession
from app.domain.facts import Fact, GatePostponed, SeatAtGate
from app.domain.policy import Policy
from app.domain.product import GateRecord, Product
from app.domain.words import plain


def decide_session(
    asked: Asked, command: TakenInSession, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """The decision, bound by the rule frozen at opening: quorum and mandatory seats present, no standing veto."""
    gate = product.standing.open_gate
    if not policy.is_secretariat(asked.by):
        return [asked.refused(now, "not_secretariat")]
    if product.is_team(asked.by):
        return [asked.refused(now, "concerned")]
    if gate is None:
        return [asked.refused(now, "no_open_gate")]
    if asked.is_older_than(gate.request):
        return [asked.refused(now, "older_comment")]
    if command.outcome == "later":
        deadline = max(now, gate.deadline) + timedelta(days=gate.request.rule.deadline_days)
        return [GatePostponed(**asked.note(now), gate=gate.request.gate, deadline=deadline, reason=command.reason)]
    present, unknown = _seats(command.present, gate)
    refusal = _unfit(asked, command, gate, present, unknown, now)
    if refusal:
        return [refusal]
    texts = tuple(conditions.read(line, policy.aspects) for line in command.conditions)
    return list(
        decision(asked, product, gate, command.outcome, now, present=present, reason=command.reason, conditions=texts)
    )


def _seats(names: Iterable[str], gate: GateRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The seats meant by accounts, ids or names, in the order of the committee; and the words that mean none."""
    meant, unknown = set(), []
    for name in names:
        found = [seat.id for seat in gate.request.seats if plain(name) in _words(seat)]
        meant.update(found)
        if not found:
            unknown.append(name)
    return tuple(seat.id for seat in gate.request.seats if seat.id in meant), tuple(unknown)


def _words(seat: SeatAtGate) -> set[str]:
    return {plain(seat.id), plain(seat.name), *map(plain, seat.logins)}


def _unfit(
    asked: Asked,
    command: TakenInSession,
    gate: GateRecord,
    present: tuple[str, ...],
    unknown: tuple[str, ...],
    now: datetime,
) -> Fact | None:
    """The reason why the committee could not decide this way in session, if there is one."""
    rule = gate.request.rule
    missing = [gates.seat_name(gate, seat) for seat in rule.mandatory if seat not in present]
    vetoed = gates.tally(gate).vetoed_by
    if not command.outcome:
        return asked.refused(now, "outcome_missing")
    if not command.present:
        return asked.refused(now, "attendance_missing")
    if unknown:
        return asked.refused(now, "present_unknown", names=", ".join(unknown))
    if len(present) < rule.quorum:
        return asked.refused(now, "attendance_short", present=len(present), quorum=rule.quorum)
    if command.outcome == "nogo":
        return None if command.reason else asked.refused(now, "reason_missing")
    if missing:
        return asked.refused(now, "mandatory_absent", seats=", ".join(missing))
    if vetoed:
        return asked.refused(now, "vetoed", seats=", ".join(gates.seat_name(gate, seat) for seat in vetoed))
    return None
