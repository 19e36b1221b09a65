"""The portfolio quarter by quarter: what was decided, after how long, and what entered each phase."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.imported import lived
from app.domain.report.counts import arrivals
from app.domain.report.portfolio import ProductRow
from app.domain.report.present import GateStory
from app.domain.report.reuse_figures import Quarter

DECISIONS = ("go", "conditional", "nogo")


@dataclass(frozen=True)
class QuarterFlow:
    """`waits` are the median days from request to decision, in the order of the targets; None where none ended."""

    quarter: Quarter
    go: int
    conditional: int
    nogo: int
    points: int
    """Points refused by the no-go of the quarter."""
    wait_days: int | None
    waits: tuple[int | None, ...]
    entered: tuple[int, ...]
    """Products that entered each phase, as the former follow-up tells it of those taken over."""

    @property
    def decided(self) -> int:
        return self.go + self.conditional + self.nogo


@dataclass(frozen=True)
class Quarterly:
    """Only quarters with something to count, the oldest first; `targets` and `phases` are ids with their names."""

    quarters: tuple[QuarterFlow, ...]
    targets: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]

    @property
    def decisive(self) -> tuple[QuarterFlow, ...]:
        """Those in which the committee decided."""
        return tuple(one for one in self.quarters if one.decided)


@dataclass
class _Counted:
    ends: Counter[str] = field(default_factory=Counter)
    points: int = 0
    waits: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    entered: Counter[str] = field(default_factory=Counter)

    def take(self, gate: GateStory, days: int) -> None:
        self.ends[gate.outcome] += 1
        self.points += len(gate.reasons) if gate.outcome == "nogo" else 0
        self.waits[gate.target].append(days)


def quarterly(found: Iterable[ProductRow], policy: Policy, ids: Sequence[str]) -> Quarterly:
    """Each product is walked once; `ids` are the phases, in their order."""
    place = policy.timezone
    counted: dict[Quarter, _Counted] = defaultdict(_Counted)
    for row in found:
        for gate, day in decided(row, place):
            counted[Quarter.of(day)].take(gate, (day - day_of(gate.asked, place)).days)
        for phase, day in entries(row, place):
            counted[Quarter.of(day)].entered[phase] += 1
    asked = {target for one in counted.values() for target in one.waits}
    targets = [*(phase for phase in ids if phase in asked), *sorted(asked - set(ids))]
    return Quarterly(
        tuple(_flow(quarter, counted[quarter], targets, ids) for quarter in sorted(counted)),
        tuple((target, policy.phase(target).name) for target in targets),
        tuple((phase, policy.phase(phase).name) for phase in ids),
    )


def quarter_address(day: date) -> str:
    """The quarter of a day as addresses write it, « 2026-4 »."""
    return quarter_label(Quarter.of(day))


def quarter_label(quarter: Quarter) -> str:
    return f"{quarter.year}-{quarter.number}"


def _flow(quarter: Quarter, one: _Counted, targets: Sequence[str], ids: Sequence[str]) -> QuarterFlow:
    all_waits = [days for waits in one.waits.values() for days in waits]
    by_target = tuple(_middle(one.waits.get(target, [])) for target in targets)
    entered = tuple(one.entered[phase] for phase in ids)
    go, conditional, nogo = (one.ends[outcome] for outcome in DECISIONS)
    return QuarterFlow(quarter, go, conditional, nogo, one.points, _middle(all_waits), by_target, entered)


def _middle(days: Sequence[int]) -> int | None:
    return round(median(days)) if days else None


def decided(row: ProductRow, place: str) -> Iterator[tuple[GateStory, date]]:
    """The gates of a product on which the committee decided, with the day."""
    return ((gate, day_of(gate.decided, place)) for gate in row.standing.gates if gate.decided)


def entries(row: ProductRow, place: str) -> Iterator[tuple[str, date]]:
    """Every phase a product entered, with the day, before it was taken over too."""
    taken = row.standing.imported
    for stay in lived(taken.past, day_of(taken.at, place)) if taken else ():
        yield stay.phase, date.fromisoformat(stay.began)
    for arrived in arrivals(row.standing):
        yield arrived.phase, day_of(arrived.since, place)
