"""Two versions of one history set side by side, when the register and the comments do not tell the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.model import Policy
from app.domain.product.facts import Fact, GateDecided, History, PhaseEntered
from app.domain.product.issue import Issue


@dataclass(frozen=True)
class Vote:
    """What a gate decided, as one version tells it."""

    gate: int
    outcome: str
    go: int
    nogo: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Version:
    """What one side tells, without trusting it to hold together."""

    facts: int
    phase: str = ""
    votes: tuple[Vote, ...] = ()
    told: FactLine | None = None
    """The fact that stands where the two versions part; none where this one has ended."""


@dataclass(frozen=True)
class FactLine:
    """One fact in a line."""

    kind: str
    at: datetime
    by: str
    gate: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Suspension:
    """A product whose follow-up stands still: why, and what each side tells; `parts` is where they first differ."""

    repository: str
    number: int
    title: str
    flaws: tuple[tuple[str, str], ...]
    register: Version
    comments: Version
    parts: int = 0


def suspension(
    issue: Issue, flaws: tuple[tuple[str, str], ...], register: History, comments: History, policy: Policy
) -> Suspension:
    """What each side tells of a product that is suspended."""
    place = parting(register, comments)
    sides = version(register, policy, place), version(comments, policy, place)
    return Suspension(issue.repository, issue.number, issue.title, flaws, *sides, place)


def parting(one: History, other: History) -> int:
    """The place of the first fact that the two do not tell alike, counted from 1; 0 when they are the same."""
    pairs = enumerate(zip(one, other, strict=False), start=1)
    at = next((place for place, (left, right) in pairs if left != right), 0)
    return at or (0 if len(one) == len(other) else min(len(one), len(other)) + 1)


def version(history: History, policy: Policy, place: int) -> Version:
    """One side; the phase is the last one entered, under the name the rules give it if they still know it."""
    entered = [fact.phase for fact in history if isinstance(fact, PhaseEntered)]
    names = {phase.id: phase.name for phase in policy.phases}
    votes = tuple(
        Vote(fact.gate, fact.outcome, fact.go, fact.nogo, fact.at, fact.by)
        for fact in history
        if isinstance(fact, GateDecided)
    )
    told = _told(history[place - 1]) if 0 < place <= len(history) else None
    return Version(len(history), names.get(entered[-1], entered[-1]) if entered else "", votes, told)


def _told(fact: Fact) -> FactLine:
    words = [getattr(fact, name, "") for name in ("phase", "choice", "outcome", "answer", "reason", "title")]
    gate = getattr(fact, "gate", 0) or 0
    return FactLine(type(fact).__name__, fact.at, fact.by, gate, next((str(word) for word in words if word), ""))
