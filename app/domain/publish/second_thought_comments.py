"""The comments that tell second thoughts, each written once: what was decided before stays where it was said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.domain.policy.calendar import last_day
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import ConditionLifted, Fact, GateDecided
from app.domain.product.gate_record import GateRecord
from app.domain.product.history_in_comments import decision_key
from app.domain.product.issue import Issue
from app.domain.product.second_thought_facts import (
    LATER,
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import OpenCondition, Product, ProductState, standing
from app.domain.publish.condition_view import ConditionView
from app.domain.publish.notice import Notice
from app.domain.publish.second_thought_notices import Contested, Overridden, Paused, Rectified, Relifted, Resumed
from app.domain.reading.text import clipped

SHOWN_REASON = 600
"""Characters of a reason shown in a comment; the comment it was given in holds the rest."""


def second_thought_notice(fact: Fact, product: Product, policy: Policy) -> Notice | None:
    """What is said of a second thought; nothing of another fact."""
    match fact:
        case DecisionRectified():
            return _rectified(fact, product, policy)
        case LiftRectified():
            return _relifted(fact, product)
        case DecisionContested():
            return _contested(fact, product.standing, policy)
        case DecisionOverridden():
            return _overridden(fact, product.standing, policy)
        case ProductPaused():
            until = last_day(fact.until, fact.timezone) if fact.until else None
            return Paused(by=fact.by, reason=clipped(fact.reason, SHOWN_REASON), until=until)
        case ProductResumed():
            return Resumed(by=fact.by, reason=clipped(fact.reason, SHOWN_REASON), since=_paused_at(fact, product))
    return None


def of_gate(gate: GateRecord, now: datetime) -> dict[str, Any]:
    """What the gate's own comment says of it: why it was opened anew, what waits, what took the place of its end."""
    request, revised = gate.request, gate.revised
    quiet = request.quiet_until if request.quiet_until and gate.is_open else None
    is_quiet = quiet is not None and now < min(quiet, gate.deadline)
    return {
        "contest": clipped(request.contest, SHOWN_REASON),
        "quiet_until": last_day(quiet, request.timezone) if quiet and is_quiet else None,
        "revised": "" if not revised else "rectified" if isinstance(revised, DecisionRectified) else "overridden",
        "revised_on": revised.at if revised else None,
        "was": revised.was if revised else "",
        "contested": gate.contested[-1].by if gate.contested else "",
    }


def comment_address(issue: Issue, key: str) -> str:
    """Where a comment of ours is read; empty before GitHub has given it its number."""
    found = next((one for one in issue.comments if one.trace and one.trace.key == key), None)
    return f"{issue.url}#issuecomment-{found.id}" if found and issue.url else ""


def as_decided(gate: GateRecord, fact: DecisionRectified | None = None) -> GateDecided | DecisionRectified | None:
    """What a rectification replaces: the rectification before it, else the decision itself."""
    before: GateDecided | DecisionRectified | None = gate.decision
    for one in gate.second_thoughts:
        if one == fact:
            break
        if isinstance(one, DecisionRectified):
            before = one
    return before


def _rectified(fact: DecisionRectified, product: Product, policy: Policy) -> Rectified:
    told = [place for place, one in enumerate(product.history) if one.cause == fact.cause]
    state = standing(product.history[: told[-1] + 1])  # as it was then, whatever was thought of it since
    gate, former = state.gates[fact.gate], as_decided(state.gates[fact.gate], fact)
    again = next((one for one in state.gates.values() if one.request.cause == fact.cause), None)
    contrary = gates.tally(gate).nogo if fact.outcome == "go" else ()
    return Rectified(
        number=fact.gate,
        origin=policy.phase(gate.request.origin).name,
        target=policy.phase(gate.request.target).name,
        was=fact.was,
        on=former.at if former else None,
        link=comment_address(product.issue, decision_key(fact.gate)),
        outcome=fact.outcome,
        by=fact.by,
        why=clipped(fact.why, SHOWN_REASON),
        reason=clipped(fact.reason, SHOWN_REASON) if fact.outcome != LATER else "",
        present=tuple(gates.seat_name(gate, seat) for seat in fact.present),
        excused=fact.excused,
        held=fact.held,
        quorum=gate.request.rule.quorum,
        against=tuple(gates.seat_name(gate, seat) for seat in contrary),
        objections=gates.objections(gate) if fact.outcome == "nogo" else (),
        conditions=tuple(_view(one, state) for one in state.conditions.values() if _stands(one, fact.gate)),
        dropped=fact.dropped,
        phase=policy.phase(fact.phase).name if fact.phase else "",
        again=again.request.gate if again and fact.outcome == LATER else 0,
        last_day=last_day(again.request.deadline, again.request.timezone) if again and fact.outcome == LATER else None,
    )


def _stands(one: OpenCondition, gate: int) -> bool:
    return one.fact.gate == gate and one.dropped is None


def _view(one: OpenCondition, state: ProductState) -> ConditionView:
    said, seat = one.fact.condition, gates.seat_name(state.gates[one.fact.gate], one.fact.seat)
    return ConditionView(one.fact.number, said.text, seat, one.fact.author, said.owner, said.due)


def _relifted(fact: LiftRectified, product: Product) -> Relifted:
    condition = product.standing.conditions[fact.number]
    before = product.history[: product.history.index(fact)]
    lifted = [one for one in before if isinstance(one, ConditionLifted) and one.number == fact.number]
    return Relifted(
        number=fact.number,
        text=condition.fact.condition.text,
        seat=gates.seat_name(product.standing.gates[fact.gate], condition.fact.seat),
        lifted_by=lifted[-1].by if lifted else "",
        on=lifted[-1].at if lifted else None,
        by=fact.by,
        reason=clipped(fact.reason, SHOWN_REASON),
    )


def _contested(fact: DecisionContested, state: ProductState, policy: Policy) -> Contested:
    request = state.gates[fact.gate].request
    again = next((one for one in state.gates.values() if one.request.cause == fact.cause), None)
    condition = state.conditions.get(fact.condition)
    return Contested(
        number=fact.gate,
        origin=policy.phase(request.origin).name,
        target=policy.phase(request.target).name,
        by=fact.by,
        grounds=clipped(fact.grounds, SHOWN_REASON),
        session=_day(fact.held),
        condition=fact.condition,
        text=condition.fact.condition.text if condition else "",
        again=again.request.gate if again else 0,
    )


def _overridden(fact: DecisionOverridden, state: ProductState, policy: Policy) -> Overridden:
    gate = state.gates[fact.gate]
    return Overridden(
        number=fact.gate,
        origin=policy.phase(gate.request.origin).name,
        target=policy.phase(gate.request.target).name,
        was=fact.was,
        outcome=fact.outcome,
        by=fact.by,
        reason=clipped(fact.reason, SHOWN_REASON),
        spoken=gates.tally(gate).spoken,
        quorum=gate.request.rule.quorum,
    )


def _paused_at(fact: ProductResumed, product: Product) -> datetime | None:
    before = product.history[: product.history.index(fact)]
    return next((one.at for one in reversed(before) if isinstance(one, ProductPaused)), None)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
