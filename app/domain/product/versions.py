"""Compares two versions of one history when the register and the comments do not agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.model import Policy
from app.domain.product.facts import Fact, GateDecided, History, PhaseEntered
from app.domain.product.issue import Issue


@dataclass(frozen=True)
class Vote:
    """What a gate decided, in one version."""

    gate: int
    outcome: str
    go: int
    nogo: int
    at: datetime
    by: str


@dataclass(frozen=True)
class ProductVersion:
    """One version, shown without trusting it to be consistent."""

    facts: int
    phase: str = ""
    votes: tuple[Vote, ...] = ()
    told: FactLine | None = None
    """The fact where the two versions first differ; None where this one has ended."""


@dataclass(frozen=True)
class FactLine:
    """One fact in one line."""

    kind: str
    at: datetime
    by: str
    gate: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Suspension:
    """A product that is suspended: why, and what each version says; `parts` is where they first differ."""

    repository: str
    number: int
    title: str
    flaws: tuple[tuple[str, str], ...]
    register: ProductVersion
    comments: ProductVersion
    parts: int = 0


def suspension(
    issue: Issue, flaws: tuple[tuple[str, str], ...], register: History, comments: History, policy: Policy
) -> Suspension:
    """What each version says of a suspended product."""
    place = parting(register, comments)
    sides = version(register, policy, place), version(comments, policy, place)
    return Suspension(issue.repository, issue.number, issue.title, flaws, *sides, place)


def parting(one: History, other: History) -> int:
    """The rank of the first fact on which the two differ, from 1; 0 when they are equal."""
    pairs = enumerate(zip(one, other, strict=False), start=1)
    at = next((place for place, (left, right) in pairs if left != right), 0)
    return at or (0 if len(one) == len(other) else min(len(one), len(other)) + 1)


def version(history: History, policy: Policy, place: int) -> ProductVersion:
    """One version; its phase is the last one entered, under the policy's name for it if it has one."""
    entered = [fact.phase for fact in history if isinstance(fact, PhaseEntered)]
    names = {phase.id: phase.name for phase in policy.phases}
    votes = tuple(
        Vote(fact.gate, fact.outcome, fact.go, fact.nogo, fact.at, fact.by)
        for fact in history
        if isinstance(fact, GateDecided)
    )
    told = _told(history[place - 1]) if 0 < place <= len(history) else None
    return ProductVersion(len(history), names.get(entered[-1], entered[-1]) if entered else "", votes, told)


def _told(fact: Fact) -> FactLine:
    words = [getattr(fact, name, "") for name in ("phase", "choice", "outcome", "answer", "reason", "title")]
    gate = getattr(fact, "gate", 0) or 0
    return FactLine(type(fact).__name__, fact.at, fact.by, gate, next((str(word) for word in words if word), ""))
