"""Whether a history could have been decided: each fact is checked against those before it.

Facts read from comments are believed only if `decide` could have written them. The check uses the rule that each gate
froze, not the policy of its day, which nobody keeps; if the present policy is still the gate's, the gate must be one of
its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.policy.model import Policy
from app.domain.product import gates, second_thought_laws
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    ConditionAdded,
    ConditionLifted,
    DecisionRestored,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    History,
    ItemAnswered,
    PhaseEntered,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductMoved,
    ProductReturned,
    RecusalEnded,
    comment_id_of,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.reuse_facts import ADAPTED, DOORS, REUSED, SET_ASIDE, ReuseAnswered, ReuseSuggested
from app.domain.product.second_thought_facts import DecisionContested, DecisionRectified
from app.domain.product.state import ProductState

CHOICES = {"go", "nogo", "abstain", "recuse"}
ANSWERS = {"done", "open", "na"}
Law = Callable[[Any, ProductState, Fact], bool]


def breach(history: History, policy: Policy | None = None) -> int:
    """The rank of the first fact that could not have been decided, from 1; 0 when there is none.

    A history cut in the middle of what one request decided is broken after its last fact.
    """
    state, before = ProductState(), None
    for number, fact in enumerate(history, start=1):
        if not _is_lawful(fact, state, before, policy):
            return number
        state.add(fact)
        before = fact
    return len(history) + 1 if before is not None and _awaited(before, state) else 0


def _is_lawful(fact: Fact, state: ProductState, before: Fact | None, policy: Policy | None) -> bool:
    if before is None:
        return isinstance(fact, ProductFiled | ProductImported)
    expected = _awaited(before, state)
    if expected and not _follows(fact, before, expected):
        return False
    if isinstance(fact, GateRequested) and policy and fact.policy == policy.version and not _is_of(fact, policy):
        return False
    law = LAWS.get(type(fact))
    return law is None or law(fact, state, before)


def _awaited(fact: Fact, state: ProductState) -> tuple[str, ...]:
    """The names of the facts one of which must follow, where what the same request decided is incomplete.

    After a go, its conditions and the next phase; after a filing or an import, its phase.
    """
    if isinstance(fact, ProductFiled | ProductImported):
        return (PhaseEntered.__name__,)
    if isinstance(fact, GateDecided) and fact.outcome == "go":
        return PhaseEntered.__name__, ConditionAdded.__name__
    return second_thought_laws.awaited_facts(fact, state)


def _follows(fact: Fact, before: Fact, expected: tuple[str, ...]) -> bool:
    """One of those expected, of the same answer, and of the same gate unless it opens one."""
    same_gate = getattr(fact, "gate", None) == getattr(before, "gate", None) or isinstance(fact, GateRequested)
    return type(fact).__name__ in expected and same_gate and (fact.cause, fact.at) == (before.cause, before.at)


def _is_of(fact: GateRequested, policy: Policy) -> bool:
    """Whether the policy has such a gate, with that rule."""

    def core(rule: Any) -> tuple[Any, ...]:
        return rule.quorum, rule.threshold, rule.mandatory, rule.veto

    return any(gate.to == fact.target and core(gate.rule) == core(fact.rule) for gate in policy.gates)


def _never_again(fact: Fact, state: ProductState, before: Fact) -> bool:
    """A product is filed, or imported, first and once."""
    return False


def _entering(fact: PhaseEntered, state: ProductState, before: Fact) -> bool:
    if fact.imported:
        return isinstance(before, ProductImported)
    if fact.gate is None:
        return isinstance(before, ProductFiled)
    gate = state.gates.get(fact.gate)
    if gate is None or PhaseEntered.__name__ not in _awaited(before, state):
        return False
    revised = gate.revised
    return fact.phase == (revised.phase if isinstance(revised, DecisionRectified) else gate.request.target)


def _answering(fact: ItemAnswered, state: ProductState, before: Fact) -> bool:
    return fact.answer in ANSWERS and (not fact.text or fact.answer == "done")


def _suggesting(fact: ReuseSuggested, state: ProductState, before: Fact) -> bool:
    """Whether each is new under a number of its own, and none was set aside before."""
    numbers = [one.number for one in fact.shown]
    fresh = list(range(state.reuse.last + 1, state.reuse.last + 1 + len(numbers)))
    refs = {one.ref for one in fact.shown}
    return numbers == fresh and not refs & state.reuse.set_aside and all(one.door in DOORS for one in fact.shown)


def _answering_reuse(fact: ReuseAnswered, state: ProductState, before: Fact) -> bool:
    known = state.reuse.candidates.get(fact.ref)
    number = known.shown.number if known and known.shown else 0
    return fact.answer in {REUSED, ADAPTED, SET_ASIDE} and fact.number == number


def _requesting(fact: GateRequested, state: ProductState, before: Fact) -> bool:
    seats = [seat.id for seat in fact.seats]
    moves = (fact.origin, fact.gate) == (state.phase, len(state.gates) + 1) and fact.target != fact.origin
    told = len(fact.changes) in {0, len(fact.revisit)} and _named(fact).issuperset(map(str.lower, fact.recused))
    opens = moves and told and state.open_gate is None and state.paused is None
    is_contest = isinstance(before, DecisionContested) and before.grounds == fact.contest and not before.condition
    fits = is_contest == bool(fact.contest) and len(set(seats)) == len(seats)
    return opens and fits and fact.deadline >= fact.at


def _named(fact: GateRequested) -> set[str]:
    return {login.lower() for seat in fact.seats for login in seat.logins}


def _open(fact: Any, state: ProductState) -> GateRecord | None:
    gate = state.open_gate
    return gate if gate and gate.request.gate == fact.gate else None


def _voting(fact: BallotCast, state: ProductState, before: Fact) -> bool:
    """Whether it was cast by somebody who, at the opening, spoke for each of its seats, in a comment of theirs."""
    gate = _open(fact, state)
    if gate is None or fact.choice not in CHOICES or not fact.seats or comment_id_of(fact.cause) != fact.comment:
        return False
    voter = gate.voter(fact.who)
    held = {seat.id for seat in gate.request.seats if voter in map(str.lower, seat.logins)}
    return held.issuperset(fact.seats)


def _returning(fact: RecusalEnded, state: ProductState, before: Fact) -> bool:
    """By somebody who had stood aside."""
    gate = _open(fact, state) if fact.gate else None
    is_there = gate is not None and gate.voter(fact.who) in gate.recused
    return any(fact.who.is_same(one) for one in state.recused) and (is_there or not fact.gate)


def _about_ballot(fact: Any, state: ProductState, before: Fact) -> bool:
    gate = state.gates.get(fact.gate)
    return gate is not None and any(ballot.fact.comment == fact.comment for ballot in gate.ballots)


def _deciding(fact: GateDecided, state: ProductState, before: Fact) -> bool:
    """Whether the outcome is the one that the ballots, or those present in session, gave under the frozen rule."""
    gate = _open(fact, state)
    if gate is None:
        return False
    count = gates.tally(replace(gate, decision=fact))  # as counted by its own edition of the rules
    figures = (count.go, count.nogo, count.abstain, count.recused, count.silent)
    if tuple(map(len, figures)) != (fact.go, fact.nogo, fact.abstain, fact.recused, fact.silent):
        return False
    if fact.present:
        return second_thought_laws.gives_in_session(count, gate, fact)
    is_time = fact.at >= gate.deadline or comment_id_of(fact.cause) != 0
    return fact.outcome == gates.at_closing(count) and (is_time or count.go_is_certain or count.nogo_is_certain)


def _of_open_gate(fact: Any, state: ProductState, before: Fact) -> bool:
    return _open(fact, state) is not None


def _setting(fact: ConditionAdded, state: ProductState, before: Fact) -> bool:
    """Whether somebody wrote the condition in a ballot, or the session set it, with the decision just before."""
    if not isinstance(before, GateDecided | DecisionRectified | ConditionAdded):
        return False
    is_go = isinstance(before, ConditionAdded) or before.outcome == "go"
    if not is_go or (before.gate, before.cause) != (fact.gate, fact.cause):
        return False
    gate = state.gates[fact.gate]
    written = {text for ballot in gate.ballots for text in ballot.fact.conditions}
    in_session = {text for one in (gate.decision, gate.revised) if one for text in getattr(one, "conditions", ())}
    return fact.number == len(state.conditions) + 1 and fact.condition in written | in_session


def _lifting(fact: ConditionLifted, state: ProductState, before: Fact) -> bool:
    condition = state.conditions.get(fact.number)
    return condition is not None and condition.is_open


LAWS: Mapping[type[Fact], Law] = {
    ProductFiled: _never_again,
    ProductImported: _never_again,
    AccountsBound: _of_open_gate,
    PhaseEntered: _entering,
    ItemAnswered: _answering,
    ReuseSuggested: _suggesting,
    ReuseAnswered: _answering_reuse,
    GateRequested: _requesting,
    BallotCast: _voting,
    RecusalEnded: _returning,
    BallotVoided: _about_ballot,
    BallotOrphaned: _about_ballot,
    BallotAltered: _about_ballot,
    DecisionRestored: lambda fact, state, before: fact.gate in state.gates and bool(state.gates[fact.gate].decision),
    GateDecided: _deciding,
    GatePostponed: _of_open_gate,
    GateWithdrawn: _of_open_gate,
    ConditionAdded: _setting,
    ConditionLifted: _lifting,
    ProductLeft: lambda fact, state, before: state.left is None,
    ProductReturned: lambda fact, state, before: state.left is not None,
    ProductMoved: lambda fact, state, before: True,
    **second_thought_laws.LAWS,
}
"""The check for each kind of fact; the others change nothing that is decided."""
