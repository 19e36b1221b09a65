"""A gate as the register holds it, how it ended, and how it might have: the values that a simulation is told with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.domain.product.facts import Fact, GateDecided, GatePostponed, GateRequested, GateWithdrawn
from app.domain.product.second_thought_facts import LATER, DecisionOverridden, DecisionRectified

GO, NOGO, WITHDRAWN, OPEN = "go", "nogo", "withdrawn", "open"
DECIDED = frozenset({GO, NOGO})


class Lack(StrEnum):
    """What a decision wants for."""

    QUORUM = "quorum"
    PEOPLE = "people"
    MANDATORY = "mandatory"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Want:
    """What is missing for a decision: how many there are of how many needed, or the names of the seats."""

    lack: Lack
    number: int = 0
    needed: int = 0
    seats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """How a gate ends, and when; `possible` names several outcomes when it hangs on what nobody said."""

    outcome: str
    at: datetime | None = None
    want: Want | None = None
    in_session: bool = False
    """Whether the committee sat, and could or could not decide there."""
    possible: tuple[str, ...] = ()
    silent: int = 0
    """How many seats it hangs on."""
    go: int = 0
    nogo: int = 0
    threshold: str = ""
    veto: tuple[str, ...] = ()
    """What decided it: the votes, the share that a go needs, and the seats whose no-go was enough."""


@dataclass(slots=True)
class PastGate:
    """A gate as the register holds it: its opening, then all that happened to it, in order."""

    request: GateRequested
    facts: list[Fact] = field(default_factory=list)
    is_overridden: bool = False
    """Whether somebody decided in the committee's place: no rule of votes did."""

    def add(self, fact: Fact) -> None:
        """One more thing that happened to it; a decision wrongly entered is the one that was taken in truth."""
        if isinstance(fact, DecisionOverridden):
            self.is_overridden = True
        elif isinstance(fact, DecisionRectified):
            self.facts = [_rectified(one, fact) if isinstance(one, GateDecided) else one for one in self.facts]
        else:
            self.facts.append(fact)

    @property
    def end(self) -> GateDecided | GateWithdrawn | None:
        return next((one for one in reversed(self.facts) if isinstance(one, GateDecided | GateWithdrawn)), None)

    @property
    def deadline(self) -> datetime:
        """The last one set."""
        put_off = (one.deadline for one in reversed(self.facts) if isinstance(one, GatePostponed))
        return next(put_off, self.request.deadline)

    def actual(self) -> End:
        """What became of it, on the day the rule made it so: a machine that was away decides later than that."""
        match self.end:
            case GateDecided(outcome=outcome, at=at, cause=cause, present=present):
                by_time = cause.startswith("deadline:")
                return End(outcome, min(at, self.deadline) if by_time else at, in_session=bool(present))
            case GateWithdrawn(at=at):
                return End(WITHDRAWN, at)
        return End(OPEN)


def _rectified(decided: GateDecided, by: DecisionRectified) -> GateDecided | GateWithdrawn:
    if by.outcome == LATER:  # put off in truth: another gate was opened for it
        return GateWithdrawn(at=decided.at, by=decided.by, cause=by.cause, gate=decided.gate)
    return replace(decided, outcome=by.outcome, present=by.present or decided.present)
