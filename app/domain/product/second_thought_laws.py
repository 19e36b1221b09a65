"""Whether a second thought could have been had: rectified by the same rule, contested once, overridden in the open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.product import gates
from app.domain.product.facts import ConditionAdded, Fact, GateDecided, PhaseEntered
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import (
    LATER,
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import ProductState

Law = Callable[[Any, ProductState, Fact], bool]
InSession = GateDecided | DecisionRectified


def gives_in_session(count: gates.Tally, gate: GateRecord, fact: InSession) -> bool:
    """Whether those present could decide so, under the rule frozen at the opening."""
    rule, present = gate.request.rule, set(fact.present)
    decided = fact if isinstance(fact, GateDecided) else gate.decision
    if decided and decided.counting > 1 and not present.isdisjoint(count.recused):
        return False
    if not present <= {seat.id for seat in gate.request.seats} or len(present) < rule.quorum:
        return False
    if fact.outcome == "nogo":
        return bool(fact.reason)
    return fact.outcome == "go" and present.issuperset(rule.mandatory) and not count.vetoed_by


def is_last(number: int, state: ProductState) -> bool:
    """Whether nothing was asked of the committee since that gate."""
    return number == len(state.gates)


def may_be_rectified(gate: GateRecord) -> bool:
    """What the ballots decided is theirs, and what overrode them is somebody else's."""
    revised = gate.revised
    return gate.decided_by_hand and not isinstance(revised, DecisionOverridden) and gate.is_decided


def entered_by(gate: GateRecord, outcome: str, phase: str | None) -> str:
    """The phase that a product enters when its last decision becomes another; empty where it is there already."""
    wanted = gate.request.target if outcome == "go" else gate.request.origin
    return "" if phase == wanted else wanted


def built_on(number: int, state: ProductState) -> bool:
    """Whether a gate was asked for since a condition was lifted."""
    condition = state.conditions[number]
    later = (gate.request for gate in state.gates.values() if gate.request.gate > condition.fact.gate)
    return condition.lifted is not None and any(request.at >= condition.lifted.at for request in later)


def _rectifying(fact: DecisionRectified, state: ProductState, before: Fact) -> bool:
    gate = state.gates.get(fact.gate)
    if gate is None or not is_last(fact.gate, state) or not may_be_rectified(gate) or not fact.why:
        return False
    standing = {
        one.fact.number for one in state.conditions.values() if one.dropped is None and one.fact.gate == fact.gate
    }
    is_told = fact.was == gate.outcome and standing.issuperset(fact.dropped)
    is_there = state.phase in {gate.request.origin, gate.request.target}
    moves = is_there and fact.phase == entered_by(gate, fact.outcome, state.phase)
    if fact.outcome == LATER:
        return is_told and moves
    return is_told and moves and gives_in_session(gates.tally(gate), gate, fact)


def _reopening(fact: LiftRectified, state: ProductState, before: Fact) -> bool:
    condition = state.conditions.get(fact.number)
    if condition is None or condition.lifted is None or condition.dropped or condition.fact.gate != fact.gate:
        return False
    return bool(fact.reason) and not built_on(fact.number, state)


def _contesting(fact: DecisionContested, state: ProductState, before: Fact) -> bool:
    gate = state.gates.get(fact.gate)
    if gate is None or not fact.grounds or state.paused:
        return False
    if fact.condition:
        condition = state.conditions.get(fact.condition)
        return bool(condition and condition.is_open and not condition.contested and condition.fact.gate == fact.gate)
    is_refused = is_last(fact.gate, state) and gate.outcome == "nogo" and state.phase == gate.request.origin
    return is_refused and not gate.contested and not gate.request.contest


def _overriding(fact: DecisionOverridden, state: ProductState, before: Fact) -> bool:
    gate = state.gates.get(fact.gate)
    if gate is None or not is_last(fact.gate, state) or not fact.reason or gate.voter(fact.who):
        return False
    if fact.was == "open":
        return gate.is_open and fact.outcome in {"go", "nogo"}
    is_refused = gate.outcome == "nogo" and state.phase == gate.request.origin and not state.paused
    return is_refused and fact.outcome == "go" and fact.was == "nogo"


def _pausing(fact: ProductPaused, state: ProductState, before: Fact) -> bool:
    return state.paused is None and state.open_gate is None and bool(fact.reason)


def _resuming(fact: ProductResumed, state: ProductState, before: Fact) -> bool:
    if state.paused is None:
        return False
    return bool(fact.by) or (state.paused.until is not None and fact.at >= state.paused.until)


def awaited_facts(fact: Fact, state: ProductState) -> tuple[str, ...]:
    """The names of the facts one of which must follow a second thought, or what it led to, in the same answer."""
    match fact:
        case DecisionOverridden(outcome="go"):
            return ("PhaseEntered",)
        case DecisionContested(condition=0):
            return ("GateRequested",)
        case DecisionRectified(phase=phase, outcome=outcome):
            return ("PhaseEntered", "ConditionAdded") if phase else ("GateRequested",) if outcome == LATER else ()
        case PhaseEntered(gate=int(number)):
            revised = state.gates[number].revised
            is_put_off = isinstance(revised, DecisionRectified) and revised.outcome == LATER
            return ("GateRequested",) if is_put_off and revised and revised.cause == fact.cause else ()
        case ConditionAdded():
            revised = state.gates[fact.gate].revised
            return (
                ()
                if isinstance(revised, DecisionRectified) and not revised.phase
                else ("PhaseEntered", "ConditionAdded")
            )
    return ()


LAWS: Mapping[type[Fact], Law] = {
    DecisionRectified: _rectifying,
    LiftRectified: _reopening,
    DecisionContested: _contesting,
    DecisionOverridden: _overriding,
    ProductPaused: _pausing,
    ProductResumed: _resuming,
}
