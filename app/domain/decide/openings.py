"""Opening a gate: what will rule it is frozen there, asked for by the team or given back to the committee."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.decide import late_entry
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of, end_of, session_after, term
from app.domain.policy.model import Gate, Phase, Policy
from app.domain.product import checklist, dossier, gates
from app.domain.product.blocker_kinds import BlockerKind
from app.domain.product.facts import Fact, GateRequested
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product, secretaries

OF_POINTS = {BlockerKind.POINT, BlockerKind.POINT_UNKNOWN}


def gate_to(phase: Phase, product: Product, policy: Policy) -> Gate | None:
    """The gate that leads to a phase from where the product is."""
    origin = product.standing.phase or policy.entry.id
    return late_entry.gate(product, policy, phase) or policy.gate(origin, phase.id)


def opening(
    asked: Request,
    gate: Gate,
    origin: Phase,
    product: Product,
    policy: Policy,
    who: gates.Electorate,
    now: datetime,
) -> GateRequested:
    """The gate, with the policy version, electorate, vote rule, days and answers of that moment."""
    standing = product.standing
    shown = checklist.checklist_lines(policy, origin.id, standing.answers)
    last = term(day_of(now, policy.timezone), gate.rule.deadline_days, policy.committee)
    return GateRequested(
        **asked.note(now),
        gate=len(standing.gates) + 1,
        origin=origin.id,
        target=gate.to,
        entry=gate.entry,
        policy=policy.version,
        rules=policy.digest,
        rule=gate.rule,
        seats=who.seats,
        concerned=who.concerned,
        deadline=end_of(last, policy.timezone),
        timezone=policy.timezone,
        answers=tuple((line.item.id, line.answer.state) for line in shown),
        texts=dossier.texts(standing, policy),
        accounts=who.accounts,
        secretariat=tuple(one.login for one in secretaries(product, policy)),
        recused=who.recused,
        quiet_until=quiet_until(policy, now),
    )


def quiet_until(policy: Policy, now: datetime) -> datetime | None:
    """The end of the session that follows the request, where the rules have a no-go wait for it."""
    session = session_after(now, policy) if policy.committee.nogo_after_session else None
    return end_of(session, policy.timezone) if session else None


def given_back(asked: Request, record: GateRecord, product: Product, policy: Policy, now: datetime) -> Fact:
    """The same move before the committee again, or what stands in the way; the team says nothing of points refused."""
    phase, origin = policy.phase(record.request.target), policy.phase(product.standing.phase or policy.entry.id)
    gate = gate_to(phase, product, policy)
    if gate is None:
        names = ", ".join(policy.phase(one.to).name for one in policy.exits(origin.id))
        return asked.refused(now, Reason.ILLEGAL_MOVE, origin=origin.name, target=phase.name, exits=names)
    who = gates.electorate(product, policy, record.request.who, now)
    obstacles = tuple(one for one in gates.blockers(product, gate, policy, who) if one.kind not in OF_POINTS)
    if obstacles or who is None:
        return asked.refused(now, Reason.BLOCKED, obstacles, origin=origin.name, target=phase.name)
    return replace(
        opening(asked, gate, origin, product, policy, who, now),
        revisit=record.request.revisit,
        changes=record.request.changes,
    )
