"""Second thoughts: what was wrongly entered is rectified, a refusal contested, the committee overridden.

None opens a way around the quorum: a rectification is bound by the rule of its gate, a contest gives the same move back
to the committee, and an override says its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.decide import openings, session_decision
from app.domain.decide.answers import may_manage
from app.domain.decide.ballots import not_secretariat, set_by
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of, end_of, working_term
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import CommandRefused, ConditionAdded, Fact, GateRequested, PhaseEntered
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import (
    LATER,
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
)
from app.domain.product.second_thought_laws import built_on, entered_by, is_last, may_be_rectified
from app.domain.product.state import OpenCondition, Product, directors
from app.domain.reading.commands import Command, Contest, Override, Rectify, RectifyLift, TakenInSession
from app.domain.session.held import next_held

Decider = Callable[[Request, Any, Product, Policy, datetime], list[Fact]]


def is_paused(asked: Request, product: Product, policy: Policy, now: datetime) -> Fact | None:
    """The refusal of whatever would have the committee look at a product of which nothing is asked."""
    paused = product.standing.paused
    since = day_of(paused.at, policy.timezone).isoformat() if paused else ""
    return asked.refused(now, Reason.PAUSED, since=since) if paused else None


def _rectify(asked: Request, command: Rectify, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    refusal = _no_secretary(asked, product, policy, now) or _no_rectification(asked, product, policy, now)
    gate = product.standing.last_decided
    if refusal or gate is None:
        return [refusal] if refusal else []
    if not command.outcome:
        return [asked.refused(now, Reason.OUTCOME_MISSING)]
    if not command.why:
        return [asked.refused(now, Reason.RECTIFY_REASON)]
    taken = TakenInSession(
        command.outcome,
        command.present,
        command.conditions,
        command.reason,
        command.excused,
        command.held,
        command.until,
    )
    if command.outcome == LATER:
        return _put_off(asked, command.why, taken, gate, product, policy, now)
    told = session_decision.judged_decision(asked, taken, gate, product, policy, now)
    if isinstance(told, CommandRefused):
        return [told]
    return list(_rectified(asked, command, gate, product, told, now))


def _no_secretary(asked: Request, product: Product, policy: Policy, now: datetime) -> Fact | None:
    if not product.is_secretariat(asked.who, policy):
        return not_secretariat(asked, product, policy, now)
    return asked.refused(now, Reason.CONCERNED) if product.is_concerned(asked.who) else None


def _no_rectification(asked: Request, product: Product, policy: Policy, now: datetime) -> Fact | None:
    """Why the last decision stays as it is: nothing was wrongly entered by hand, or the rest was built on it."""
    state, rules = product.standing, policy.second_thoughts
    gate = state.last_decided
    if gate is None or gate.decision is None:
        return asked.refused(now, Reason.NOTHING_TO_RECTIFY)
    if not is_last(gate.request.gate, state):
        last = next(reversed(state.gates.values()))
        return asked.refused(now, Reason.RECTIFY_BUILT, target=policy.phase(last.request.target).name)
    if not may_be_rectified(gate):
        overridden = gate.revised is not None and gate.decided_by_hand
        return asked.refused(now, Reason.RECTIFY_OVERRIDDEN if overridden else Reason.RECTIFY_BALLOTS)
    return _too_late(asked, gate.decision.at, rules.rectify_days, policy, now)


def _too_late(asked: Request, since: datetime, days: int, policy: Policy, now: datetime) -> Fact | None:
    last = day_of(since, policy.timezone) + timedelta(days=days)
    is_late = not days or now >= end_of(last, policy.timezone)
    return asked.refused(now, Reason.RECTIFY_LATE, days=days, last=last.isoformat()) if is_late else None


def _rectified(
    asked: Request, command: Rectify, gate: GateRecord, product: Product, told: dict[str, Any], now: datetime
) -> Iterator[Fact]:
    """The decision as it was really taken, with what follows: conditions fall or are set, the phase follows."""
    state, note, number = product.standing, asked.note(now), gate.request.gate
    wanted = set_by(gate, asked.by, told["conditions"]) if command.outcome == "go" else []
    standing = _standing(product, number)
    kept = [
        one for one in standing if (one.fact.seat, one.fact.condition) in {(seat, text) for seat, _, text in wanted}
    ]
    phase = entered_by(gate, command.outcome, state.phase)
    yield DecisionRectified(
        **note,
        gate=number,
        was=gate.outcome,
        outcome=command.outcome,
        why=command.why,
        phase=phase,
        dropped=tuple(one.fact.number for one in standing if one not in kept),
        **told,
    )
    known = {(one.fact.seat, one.fact.condition) for one in kept}
    new = [one for one in wanted if (one[0], one[2]) not in known]
    for order, (seat, author, text) in enumerate(new, start=len(state.conditions) + 1):
        yield ConditionAdded(**note, number=order, gate=number, seat=seat, author=author, condition=text)
    if phase:
        yield PhaseEntered(**note, phase=phase, gate=number)


def _standing(product: Product, gate: int) -> list[OpenCondition]:
    """The conditions that came with a decision, lifted since or not."""
    return [one for one in product.standing.conditions.values() if one.fact.gate == gate and one.dropped is None]


def _put_off(
    asked: Request, why: str, taken: TakenInSession, gate: GateRecord, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """What was entered as a decision was a report: the same move waits for the committee again, at another gate."""
    deadline = session_decision.put_off_to(taken, gate, policy, now)
    if deadline is None:
        return [asked.refused(now, Reason.UNREAD_DAY, name="rectify", words=taken.reason, written="", near="")]
    note, number = asked.note(now), gate.request.gate
    dropped = tuple(one.fact.number for one in _standing(product, number))
    phase = entered_by(gate, LATER, product.standing.phase)
    found: list[Fact] = [
        DecisionRectified(
            **note,
            gate=number,
            was=gate.outcome,
            outcome=LATER,
            why=why,
            reason=taken.reason,
            dropped=dropped,
            phase=phase,
        )
    ]
    if phase:
        found.append(PhaseEntered(**note, phase=phase, gate=number))
    opened = openings.given_back(asked, gate, product.with_facts(tuple(found)), policy, now)
    if not isinstance(opened, GateRequested):
        return [opened]
    return [*found, replace(opened, deadline=deadline)]


def _rectify_lift(asked: Request, command: RectifyLift, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if refusal := _no_secretary(asked, product, policy, now):
        return [refusal]
    state = product.standing
    number = int(command.number) if command.number.isdigit() else 0
    condition = state.conditions.get(number)
    if condition is None or condition.dropped:
        lifted = ", ".join(str(one.fact.number) for one in state.conditions.values() if one.lifted and not one.dropped)
        return [asked.refused(now, Reason.LIFT_UNKNOWN, number=command.number, lifted=lifted)]
    if condition.lifted is None:
        return [asked.refused(now, Reason.LIFT_STANDING, number=number)]
    if built_on(number, state):
        last = next(reversed(state.gates.values()))
        return [asked.refused(now, Reason.RECTIFY_BUILT, target=policy.phase(last.request.target).name)]
    if not command.reason:
        return [asked.refused(now, Reason.RECTIFY_REASON, number=number)]
    if late := _too_late(asked, condition.lifted.at, policy.second_thoughts.rectify_days, policy, now):
        return [late]
    return [LiftRectified(**asked.note(now), gate=condition.fact.gate, number=number, reason=command.reason)]


def _contest(asked: Request, command: Contest, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    if not may_manage(asked, product, policy):
        return [asked.refused(now, Reason.NOT_TEAM, author=product.issue.author)]
    if refusal := is_paused(asked, product, policy, now):
        return [refusal]
    if command.number:
        return [_contest_condition(asked, command, product, policy, now)]
    return _contest_refusal(asked, command, product, policy, now)


def _contest_refusal(asked: Request, command: Contest, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """The last no-go, given back to the committee with the points refused and the grounds."""
    state = product.standing
    if state.open_gate:
        return [asked.refused(now, Reason.GATE_OPEN, target=policy.phase(state.open_gate.request.target).name)]
    gate = state.last_decided
    is_refused = gate is not None and gate.outcome == "nogo" and state.phase == gate.request.origin
    if gate is None or gate.ending is None or not is_refused or not is_last(gate.request.gate, state):
        return [asked.refused(now, Reason.CONTEST_NOTHING)]
    if gate.contested or gate.request.contest:
        return [asked.refused(now, Reason.CONTEST_SPENT)]
    if refusal := _no_contest(asked, command, gate.ending.at, policy, now):
        return [refusal]
    opened = openings.given_back(asked, gate, product, policy, now)
    if not isinstance(opened, GateRequested):
        return [opened]
    opened = replace(opened, revisit=gates.objections(gate), changes=(), contest=command.reason)
    held = _next_session(product, policy, now)
    contested = DecisionContested(**asked.note(now), gate=gate.request.gate, grounds=command.reason, held=held)
    return [contested, opened]


def _next_session(product: Product, policy: Policy, now: datetime) -> str:
    """The day of the one that will be held: the calendar may have been corrected since."""
    session = next_held(product.around.sessions, policy.committee, day_of(now, policy.timezone))
    return session.isoformat() if session else ""


def _no_contest(asked: Request, command: Contest, since: datetime, policy: Policy, now: datetime) -> Fact | None:
    """Why it comes too late, or says too little."""
    days = policy.second_thoughts.contest_days
    last: date = working_term(day_of(since, policy.timezone), days, policy.committee)
    if not days or now >= end_of(last, policy.timezone):
        return asked.refused(now, Reason.CONTEST_LATE, days=days, last=last.isoformat())
    return None if command.reason else asked.refused(now, Reason.CONTEST_REASON, number=command.number)


def _contest_condition(asked: Request, command: Contest, product: Product, policy: Policy, now: datetime) -> Fact:
    state = product.standing
    condition = state.conditions.get(int(command.number))
    if condition is None or not condition.is_open:
        numbers = ", ".join(str(one.fact.number) for one in state.open_conditions)
        return asked.refused(now, Reason.CONDITION_UNKNOWN, number=command.number, open=numbers)
    if condition.contested:
        return asked.refused(now, Reason.CONTEST_SPENT)
    if refusal := _no_contest(asked, command, condition.fact.at, policy, now):
        return refusal
    number, gate, held = condition.fact.number, condition.fact.gate, _next_session(product, policy, now)
    return DecisionContested(**asked.note(now), gate=gate, grounds=command.reason, held=held, condition=number)


def _override(asked: Request, command: Override, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Only by whom the rules name, who holds no seat and has no part in the product."""
    if refusal := _no_director(asked, product, policy, now) or is_paused(asked, product, policy, now):
        return [refusal]
    state = product.standing
    gate = state.open_gate or state.last_decided
    was = "open" if gate and gate.is_open else "nogo"
    is_there = gate is not None and is_last(gate.request.gate, state) and state.phase == gate.request.origin
    if gate is None or not is_there or (was == "nogo" and gate.outcome != "nogo"):
        return [asked.refused(now, Reason.OVERRIDE_NOTHING)]
    if gate.voter(asked.who):
        return [asked.refused(now, Reason.OVERRIDE_SEATED)]
    if not command.outcome or (was == "nogo" and command.outcome == "nogo"):
        return [asked.refused(now, Reason.OVERRIDE_OUTCOME, was=was)]
    if not command.reason:
        return [asked.refused(now, Reason.OVERRIDE_REASON, outcome=command.outcome)]
    note, number = asked.note(now), gate.request.gate
    decided = DecisionOverridden(**note, gate=number, was=was, outcome=command.outcome, reason=command.reason)
    if command.outcome != "go":
        return [decided]
    return [decided, PhaseEntered(**note, phase=gate.request.target, gate=number)]


def _no_director(asked: Request, product: Product, policy: Policy, now: datetime) -> Fact | None:
    if not policy.second_thoughts.direction:
        return asked.refused(now, Reason.OVERRIDE_OFF)
    if not any(asked.who.is_same(one) for one in directors(product, policy)):
        return asked.refused(now, Reason.NOT_DIRECTION)
    if product.is_concerned(asked.who):
        return asked.refused(now, Reason.CONCERNED)
    seated = policy.seats_of(asked.by, day_of(now, policy.timezone))
    return asked.refused(now, Reason.OVERRIDE_SEATED) if seated else None


DECIDERS: Mapping[type[Command], Decider] = {
    Rectify: _rectify,
    RectifyLift: _rectify_lift,
    Contest: _contest,
    Override: _override,
}
