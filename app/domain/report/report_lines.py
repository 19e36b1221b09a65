"""The lines of the reports: one value per thing told of a product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.policy.calendar import Week
from app.domain.product.facts import Point
from app.domain.report.counts import Counts
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.present import Waiting


@dataclass(frozen=True)
class Ref:
    """What names a product in a list."""

    repository: str
    number: int
    title: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision of the week, or its postponement; `reasons` are the points of a no-go, or the conditions of a go.

    What was said in session is nobody's seat in particular.
    """

    product: Ref
    at: datetime
    gate: int
    origin: str
    target: str
    outcome: str
    go: int
    nogo: int
    in_session: bool
    present: tuple[str, ...]
    """Names of the seats that were there, when it was taken in session."""
    reasons: tuple[Point, ...]


@dataclass(frozen=True)
class MoveLine:
    product: Ref
    at: datetime
    origin: str
    target: str
    decided: bool
    """Whether a gate decided it; a move without a gate comes from an import."""


@dataclass(frozen=True)
class NewLine:
    product: Ref
    at: datetime
    phase: str
    direction: str


@dataclass(frozen=True)
class GateLine:
    product: Ref
    origin: str
    waiting: Waiting


@dataclass(frozen=True)
class ConditionLine:
    product: Ref
    condition: Condition


@dataclass(frozen=True)
class PausedLine:
    """A product of which nothing is asked, since a moment, until the end of a day (ISO) if one was named."""

    product: Ref
    since: datetime
    until: str
    reason: str


@dataclass(frozen=True)
class ContestLine:
    """A condition that a product's people contest, and the committee takes up again."""

    product: Ref
    number: int
    text: str
    by: str
    grounds: str


@dataclass(frozen=True)
class QuietLine:
    """A product without activity, or not seen by the committee, since a day."""

    product: Ref
    phase: str
    since: datetime
    days: int


@dataclass(frozen=True)
class SlowLine:
    product: Ref
    phase: str
    days: int
    usual: int


@dataclass(frozen=True)
class PhaseLine:
    """One phase of the portfolio; half of the products leave it within `usual_days`, None when too few have left."""

    id: str
    name: str
    products: int
    arrived: int
    left: int
    usual_days: int | None


@dataclass(frozen=True)
class NeedLine:
    need: str
    products: int


@dataclass(frozen=True)
class ReviewLine:
    """An entry of the catalogue, and when somebody last looked at it."""

    name: str
    link: str
    seen_on: date | None


@dataclass(frozen=True)
class TrendWeek:
    """One week of the trend: how many products were in each phase at its end, and what happened in it."""

    week: Week
    total: int
    phases: tuple[int, ...]
    counts: Counts


def ref(row: ProductRow) -> Ref:
    return Ref(row.repository, row.number, row.title)
