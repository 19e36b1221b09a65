"""The keys of the comments that tell second thoughts, each made once and carrying its own facts."""

from __future__ import annotations

from collections import Counter

from app.domain.product.facts import ConditionAdded, Fact, History, PhaseEntered
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)

NAMES: dict[type[Fact], str] = {
    DecisionRectified: "rectified",
    LiftRectified: "relifted",
    DecisionContested: "contested",
    DecisionOverridden: "overridden",
    ProductPaused: "paused",
    ProductResumed: "resumed",
}


class SecondThoughtKeys:
    """Walks a history in order: the key of the comment that tells a fact, nothing when no second thought did."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._by_cause: dict[str, str] = {}

    def of(self, fact: Fact) -> str:
        """To be asked once for each fact; what a second thought led to is told with it."""
        if isinstance(fact, PhaseEntered | ConditionAdded):
            return self._by_cause.get(fact.cause, "")
        name = NAMES.get(type(fact), "")
        if not name:
            return ""
        self._times[name] += 1
        key = f"{name}:{self._times[name]}"
        if isinstance(fact, DecisionRectified | DecisionOverridden):
            self._by_cause[fact.cause] = key
        return key


def second_thought_key(wanted: Fact, history: History) -> str:
    """The key of the comment that tells one second thought of a history."""
    second_thoughts = SecondThoughtKeys()
    return next(
        (key for key in ((fact, second_thoughts.of(fact)) for fact in history) if key[0] == wanted), (wanted, "")
    )[1]
