"""Second thoughts as reports tell them: what became of a decision since, and a product of which nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.calendar import last_day
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.product.state import ProductState


@dataclass(frozen=True, slots=True)
class SecondThoughtStory:
    """What was thought again of a decision: `kind` is rectified, contested or overridden.

    `outcome` is go, nogo or later; of a contest, what is contested.
    """

    kind: str
    at: datetime
    outcome: str
    by: str
    why: str
    condition: int = 0


@dataclass(frozen=True, slots=True)
class PauseStory:
    """Since when nothing is asked of a product, until the end of which day if one was named, and why."""

    since: datetime
    until: str
    reason: str


def pause_of(state: ProductState) -> PauseStory | None:
    paused = state.paused
    if paused is None:
        return None
    until = last_day(paused.until, paused.timezone).isoformat() if paused.until else ""
    return PauseStory(paused.at, until, paused.reason)


def first_end(record: GateRecord, state: ProductState) -> str:
    """How it ended before anything was thought again."""
    decided = record.decision
    if decided is None:
        return "withdrawn" if record.withdrawal else "overridden" if record.revised else ""
    came = any(one.fact.cause == decided.cause for one in state.conditions.values())
    return "conditional" if decided.outcome == "go" and came else decided.outcome


def second_thoughts_of(record: GateRecord, state: ProductState) -> Iterator[SecondThoughtStory]:
    for one in record.second_thoughts:
        match one:
            case DecisionRectified():
                yield SecondThoughtStory("rectified", one.at, one.outcome, one.by, one.why)
            case DecisionOverridden():
                yield SecondThoughtStory("overridden", one.at, one.outcome, one.by, one.reason)
            case _:
                yield SecondThoughtStory("contested", one.at, "nogo", one.by, one.grounds)
    for condition in state.conditions.values():
        if condition.contested and condition.fact.gate == record.request.gate:
            said = condition.contested
            yield SecondThoughtStory("contested", said.at, "go", said.by, said.grounds, said.condition)
