"""How the portfolio flows: who reaches which phase, how long it takes, how gates end, and which seats speak."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.imported import lived
from app.domain.report.digest import phase_ids, usual_days
from app.domain.report.participation import SeatFlow, seat_flows
from app.domain.report.portfolio import Condition, ProductRow
from app.domain.report.quarters import Quarterly, quarterly
from app.domain.report.refusals import Refusals, refusals
from app.domain.report.reuse_figures import ReuseFlow, reuse_flow

AGES = (30, 90, 180, 365)
"""Upper bounds, in days, of the slices of time spent in a phase; the last slice has none."""


@dataclass(frozen=True)
class PhaseFlow:
    """`reached` products have been in the phase at some time, `now` are in it; `ages` counts these by time spent."""

    id: str
    name: str
    reached: int
    now: int
    ages: tuple[int, ...]
    usual_days: int | None


@dataclass(frozen=True)
class GateFlow:
    """Every gate asked towards one phase: how it ended, and the median days from request to decision."""

    target: str
    name: str
    asked: int
    go: int
    conditional: int
    nogo: int
    withdrawn: int
    waiting: int
    wait_days: int | None
    longest_wait: int
    """Days the oldest gate still open has waited; 0 when none is."""
    overridden: int = 0
    """Ended by somebody whom the rules name, in the committee's place: none of its decisions."""

    @property
    def decided(self) -> int:
        return self.go + self.conditional + self.nogo

    @property
    def go_share(self) -> int | None:
        """Whole percents of the decisions that were a go, with or without conditions."""
        return round(100 * (self.go + self.conditional) / self.decided) if self.decided else None


@dataclass(frozen=True)
class Indicators:
    total: int
    phases: tuple[PhaseFlow, ...]
    gates: tuple[GateFlow, ...]
    seats: tuple[SeatFlow, ...]
    reuse: ReuseFlow
    quarterly: Quarterly
    refusals: Refusals


def indicators(found: tuple[ProductRow, ...], policy: Policy, at: datetime) -> Indicators:
    """Over the whole history of the products known at that moment."""
    ids = phase_ids(found, policy)
    return Indicators(
        len(found),
        _phases(found, policy, ids, at),
        _gates(found, policy, ids),
        seat_flows(found, policy),
        reuse_flow(found, policy.timezone),
        quarterly(found, policy, ids),
        refusals(found, policy, ids),
    )


def _phases(found: tuple[ProductRow, ...], policy: Policy, ids: tuple[str, ...], at: datetime) -> tuple[PhaseFlow, ...]:
    reached = Counter(phase for row in found for phase in phases_of(row, policy.timezone))
    now = Counter(row.phase for row in found)
    ages: dict[str, list[int]] = {phase: [0] * (len(AGES) + 1) for phase in ids}
    for row in found:
        ages[row.phase][sum(row.days >= bound for bound in AGES)] += 1
    usual = usual_days(found, at, policy.timezone)
    return tuple(
        PhaseFlow(phase, policy.phase(phase).name, reached[phase], now[phase], tuple(ages[phase]), usual.get(phase))
        for phase in ids
    )


def _gates(found: Iterable[ProductRow], policy: Policy, ids: tuple[str, ...]) -> tuple[GateFlow, ...]:
    ends: dict[str, Counter[str]] = defaultdict(Counter)
    waits: dict[str, list[int]] = defaultdict(list)
    longest: Counter[str] = Counter()
    for row in found:
        for gate in row.standing.gates:
            ends[gate.target]["asked"] += 1
            ends[gate.target]["overridden" if gate.is_overridden else gate.outcome or "waiting"] += 1
            if gate.decided and gate.first != "overridden":
                asked = day_of(gate.asked, policy.timezone)
                waits[gate.target].append((day_of(gate.decided, policy.timezone) - asked).days)
        if row.gate:
            longest[row.gate.target] = max(longest[row.gate.target], row.gate.days)
    order = [*ids, *sorted(set(ends) - set(ids))]
    return tuple(
        _gate(target, policy, ends[target], waits[target], longest[target]) for target in order if ends[target]
    )


def _gate(target: str, policy: Policy, ends: Counter[str], waits: list[int], longest: int) -> GateFlow:
    return GateFlow(
        target=target,
        name=policy.phase(target).name,
        asked=ends["asked"],
        go=ends["go"],
        conditional=ends["conditional"],
        nogo=ends["nogo"],
        withdrawn=ends["withdrawn"],
        waiting=ends["waiting"],
        wait_days=round(median(waits)) if waits else None,
        longest_wait=longest,
        overridden=ends["overridden"],
    )


@dataclass(frozen=True)
class SeatDuty:
    """A gate that waits for one seat."""

    row: ProductRow
    mandatory: bool


def phases_of(row: ProductRow, place: str) -> set[str]:
    """Every phase a product has been in, before it was taken over too."""
    taken = row.standing.imported
    before = lived(taken.past, day_of(taken.at, place)) if taken else ()
    return {*(stay.phase for stay in row.standing.stays), *(stay.phase for stay in before)}


def duties(found: Iterable[ProductRow], seat: str) -> tuple[SeatDuty, ...]:
    """What waits for a seat, oldest first."""
    waiting = [
        SeatDuty(row, awaited.mandatory)
        for row in found
        if row.gate
        for awaited in row.gate.awaited
        if awaited.id == seat
    ]
    return tuple(
        sorted(waiting, key=lambda duty: (duty.row.gate.since if duty.row.gate else duty.row.since, duty.row.number))
    )


def open_conditions_of(
    found: Iterable[ProductRow], keep: Callable[[ProductRow, Condition], bool]
) -> tuple[tuple[ProductRow, Condition], ...]:
    """The open conditions that are somebody's, the nearest day first, those without one last."""
    pairs = [(row, condition) for row in found for condition in row.conditions if keep(row, condition)]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].due or "9999", pair[1].since, pair[0].number)))
