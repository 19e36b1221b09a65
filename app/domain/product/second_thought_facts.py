"""What the register keeps of second thoughts: rectified, contested, overridden, paused, resumed; nothing is erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.later_fields import later
from app.domain.product.fact import Fact
from app.domain.reading.conditions import ConditionText

LATER = "later"
"""The outcome of a decision that was, in truth, put off: another gate is opened for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionRectified(Fact):
    """The decision of a gate was wrongly entered: `outcome` is go, nogo or later, `was` what it was until then.

    It is bound by the rule of the gate, as a decision taken in session. `why` is what was wrong, `reason` what the
    committee said. `phase` is the one the product enters by it, forward or back, empty when it stays where it is;
    `dropped` are the numbers of the conditions that fall.
    """

    gate: int
    was: str
    outcome: str
    why: str
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    held: str = ""
    reason: str = ""
    conditions: tuple[ConditionText, ...] = ()
    dropped: tuple[int, ...] = ()
    phase: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftRectified(Fact):
    """A condition of that gate was lifted by mistake: it stands again."""

    gate: int
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionContested(Fact):
    """The product's people ask the committee to look again, on these grounds, at its next session (`held`, ISO).

    `condition` is the number of the condition contested; 0 for a no-go, whose gate is opened anew.
    """

    gate: int
    grounds: str
    held: str = ""
    condition: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionOverridden(Fact):
    """Somebody whom the rules name decided by themselves, go or nogo; `was` is what stood: open, or nogo."""

    gate: int
    was: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductPaused(Fact):
    """Nothing is asked of the product until somebody resumes it, or until the moment `until` in that place."""

    reason: str
    until: datetime | None = None
    timezone: str = later("Europe/Paris")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductResumed(Fact):
    """The product is followed again; nobody's doing when its day came."""

    reason: str = ""
