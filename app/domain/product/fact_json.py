"""Every fact the register keeps, and the JSON form it is kept in."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.policy.later_fields import as_written
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    CommandRefused,
    ConditionAdded,
    ConditionLifted,
    DecisionRestored,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    HelpAsked,
    ItemAnswered,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductMoved,
    ProductReturned,
    RecusalEnded,
)
from app.domain.product.json_values import build
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)

KINDS: dict[str, type[Fact]] = {
    kind.__name__: kind
    for kind in (
        ProductFiled,
        ProductDescribed,
        ProductImported,
        ProductLeft,
        ProductReturned,
        ProductMoved,
        PhaseEntered,
        ItemAnswered,
        ReuseSuggested,
        ReuseAnswered,
        GateRequested,
        AccountsBound,
        BallotCast,
        RecusalEnded,
        BallotVoided,
        BallotOrphaned,
        BallotAltered,
        GateDecided,
        DecisionRestored,
        GatePostponed,
        GateWithdrawn,
        ConditionAdded,
        ConditionLifted,
        DecisionRectified,
        LiftRectified,
        DecisionContested,
        DecisionOverridden,
        ProductPaused,
        ProductResumed,
        CommandRefused,
        HelpAsked,
        PersonalErased,
    )
}


def to_json(fact: Fact) -> dict[str, Any]:
    """A JSON-ready object; `kind` tells which fact it is."""
    return {"kind": type(fact).__name__, **_plain(as_written(fact))}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def from_json(data: dict[str, Any]) -> Fact:
    """The fact written by `to_json`; others raise KeyError, TypeError, ValueError or ArithmeticError."""
    data = dict(data)
    fact: Fact = build(KINDS[data.pop("kind")], data)
    return fact
