"""The week in one value: what the committee decided, what moved, what waits, and how the portfolio stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from app.domain.policy.calendar import Week, day_of, next_session, session_of
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import Point
from app.domain.product.gate_record import GateRecord
from app.domain.product.imported import lived
from app.domain.product.state import ProductState
from app.domain.report.counts import Counts, arrivals, events, followed_since, outcome_of
from app.domain.report.portfolio import ProductRow, Tracked, rows
from app.domain.report.report_lines import (
    ConditionLine,
    DecisionLine,
    GateLine,
    MoveLine,
    NeedLine,
    NewLine,
    PhaseLine,
    QuietLine,
    Ref,
    SlowLine,
    TrendWeek,
    ref,
)

TREND_WEEKS = 12
SLOW = 2
"""A product is slow when it has spent more than this many times the usual time in its phase."""


Line = TypeVar("Line", DecisionLine, MoveLine, NewLine)


@dataclass(frozen=True)
class Digest:
    """`as_of` is the end of the week, or the moment of the count when the week is not over. Lists are whole."""

    week: Week
    as_of: datetime
    over: bool
    sits: bool
    """Whether the committee sits that week."""
    next_session: date | None
    """The first session after the figures were taken."""
    counts: Counts
    total: int
    phases: tuple[PhaseLine, ...]
    decisions: tuple[DecisionLine, ...]
    moves: tuple[MoveLine, ...]
    new: tuple[NewLine, ...]
    gates: tuple[GateLine, ...]
    conditions: tuple[ConditionLine, ...]
    stalled: tuple[QuietLine, ...]
    unseen: tuple[QuietLine, ...]
    slow: tuple[SlowLine, ...]
    needs: tuple[NeedLine, ...]
    trend: tuple[TrendWeek, ...]
    parked: int
    missing: tuple[Week, ...]
    """Former weeks whose digest was not published."""

    @property
    def overdue(self) -> tuple[ConditionLine, ...]:
        return tuple(line for line in self.conditions if line.condition.overdue)

    @property
    def is_empty(self) -> bool:
        """Nothing happened that week."""
        return self.counts == Counts()


def digest(
    products: Iterable[Tracked],
    policy: Policy,
    week: Week,
    now: datetime,
    parked: int = 0,
    missing: tuple[Week, ...] = (),
) -> Digest:
    """The digest of one week as it was known at its end, or now if it is not over."""
    as_of = min(now, week.end(policy.timezone))
    return summary(rows(products, policy, as_of), policy, week, now, parked, missing)


def summary(
    found: tuple[ProductRow, ...],
    policy: Policy,
    week: Week,
    now: datetime,
    parked: int = 0,
    missing: tuple[Week, ...] = (),
) -> Digest:
    """The digest of rows made for the same moment."""
    place = policy.timezone
    as_of = min(now, week.end(place))
    usual = usual_days(found, as_of, place)
    ids = phase_ids(found, policy)
    trend = _trend(found, ids, week, place)
    return Digest(
        week=week,
        as_of=as_of,
        over=now >= week.end(place),
        sits=session_of(week, policy.committee) is not None,
        next_session=next_session(policy.committee, day_of(as_of, place)),
        counts=trend[-1].counts,
        total=len(found),
        phases=_phases(found, policy, ids, week, usual),
        decisions=_sorted_by_time(
            line for row in found for line in decisions(row, policy, week.start(place), week.end(place))
        ),
        moves=_sorted_by_time(line for row in found for line in _moves(row, policy, week)),
        new=_sorted_by_time(line for row in found for line in _new(row, policy, week)),
        gates=tuple(sorted(_gates(found, policy), key=lambda line: (line.waiting.since, _order(line.product)))),
        conditions=tuple(sorted(_conditions(found), key=_urgency)),
        stalled=_quiet(((row, row.last_activity) for row in found if row.stalled), policy, as_of),
        unseen=_quiet(((row, row.last_seen or row.entered) for row in found if row.unseen), policy, as_of),
        slow=_slow(found, policy, usual),
        needs=_needs(found),
        trend=trend,
        parked=parked,
        missing=missing,
    )


def _order(product: Ref) -> tuple[str, int]:
    return product.repository, product.number


def _sorted_by_time(lines: Iterator[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.at, _order(line.product))))


def phase_ids(found: Iterable[ProductRow], policy: Policy) -> tuple[str, ...]:
    """The policy's phases, then those it has dropped since products entered them."""
    known = [phase.id for phase in policy.phases]
    return tuple(dict.fromkeys([*known, *sorted({stay.phase for row in found for stay in row.standing.stays})]))


def usual_days(found: Iterable[ProductRow], at: datetime, place: str) -> dict[str, int]:
    """The days within which half of the products leave each phase they enter; absent while too few have left.

    Products still in the phase count for the time they have spent so far: the median of Kaplan and Meier (1958), which
    neither the newcomers nor the oldest ones bias.
    """
    spent: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for row in found:
        stays = row.standing.stays
        leaving = [*(stay.since for stay in stays[1:]), at]
        for stay, left in zip(stays, leaving, strict=True):
            spent[stay.phase].append(((day_of(left, place) - day_of(stay.since, place)).days, stay is not stays[-1]))
        for phase, days in _lived_before(row, place):
            spent[phase].append((days, True))
    medians = ((phase, _median(stays)) for phase, stays in spent.items())
    return {phase: days for phase, days in medians if days is not None}


def _lived_before(row: ProductRow, place: str) -> Iterator[tuple[str, int]]:
    """The phases that an imported product had left before it was taken over, with the days it spent there."""
    taken = row.standing.imported
    for stay, then in pairwise(lived(taken.past, day_of(taken.at, place)) if taken else ()):
        yield stay.phase, (date.fromisoformat(then.began) - date.fromisoformat(stay.began)).days


def _median(stays: list[tuple[int, bool]]) -> int | None:
    """The first day by which at least half have left, each departure weighed by who was still there."""
    staying, there = 1.0, len(stays)
    ended, left = Counter(days for days, _ in stays), Counter(days for days, gone in stays if gone)
    for days in sorted(ended):
        staying *= 1 - left[days] / there
        there -= ended[days]
        if staying <= 0.5:
            return days
    return None


def _phases(
    found: tuple[ProductRow, ...], policy: Policy, ids: tuple[str, ...], week: Week, usual: dict[str, int]
) -> tuple[PhaseLine, ...]:
    now_in = Counter(row.phase for row in found)
    arrived: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for row in found:
        stays = row.standing.stays
        for stay in arrivals(row.standing):
            if week.start(policy.timezone) <= stay.since < week.end(policy.timezone):
                arrived[stay.phase] += 1
                left[stays[stay.number - 2].phase if stay.number > 1 else ""] += 1
    return tuple(
        PhaseLine(phase, policy.phase(phase).name, now_in[phase], arrived[phase], left[phase], usual.get(phase))
        for phase in ids
    )


def reasons(record: GateRecord, state: ProductState) -> tuple[Point, ...]:
    """Why: the points of the seats that said no, or the conditions set."""
    decided = record.decision
    if decided and decided.outcome == "nogo":
        return gates.objections(record)
    conditions = (one.fact for one in state.conditions.values() if one.fact.gate == record.request.gate)
    return tuple(Point(gates.seat_name(record, fact.seat), fact.condition.text) for fact in conditions)


def decisions(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[DecisionLine]:
    """What the committee decided, or put off, on one product from `start`, included, to `end`, excluded."""
    for record in row.standing.gates.values():
        decided, request = record.decision, record.request
        moves = policy.phase(request.origin).name, policy.phase(request.target).name
        for put_off in record.postponements:
            if start <= put_off.at < end:
                why: tuple[Point, ...] = (Point("", put_off.reason),) if put_off.reason else ()
                count = gates.tally(record)
                figures = len(count.go), len(count.nogo)
                yield DecisionLine(ref(row), put_off.at, request.gate, *moves, "postponed", *figures, True, (), why)
        if decided and start <= decided.at < end:
            outcome, figures = outcome_of(record, row.standing), (decided.go, decided.nogo)
            present = tuple(gates.seat_name(record, seat) for seat in decided.present)
            why = reasons(record, row.standing)
            yield DecisionLine(
                ref(row), decided.at, request.gate, *moves, outcome, *figures, bool(present), present, why
            )


def _moves(row: ProductRow, policy: Policy, week: Week) -> Iterator[MoveLine]:
    stays = row.standing.stays
    decided = {record.decision.at for record in row.standing.gates.values() if record.decision}
    for before, stay in pairwise(stays):
        if week.start(policy.timezone) <= stay.since < week.end(policy.timezone):
            names = policy.phase(before.phase).name, policy.phase(stay.phase).name
            yield MoveLine(ref(row), stay.since, *names, decided=stay.since in decided)


def _new(row: ProductRow, policy: Policy, week: Week) -> Iterator[NewLine]:
    for stay in arrivals(row.standing):
        if stay.number == 1 and week.start(policy.timezone) <= stay.since < week.end(policy.timezone):
            yield NewLine(ref(row), stay.since, policy.phase(stay.phase).name, row.direction)


def _gates(found: Iterable[ProductRow], policy: Policy) -> Iterator[GateLine]:
    for row in found:
        if row.gate:
            yield GateLine(ref(row), policy.phase(row.phase).name, row.gate)


def _conditions(found: Iterable[ProductRow]) -> Iterator[ConditionLine]:
    return (ConditionLine(ref(row), condition) for row in found for condition in row.conditions)


def _urgency(line: ConditionLine) -> tuple[str, datetime, tuple[str, int], int]:
    """Nearest due day first; those without one come last, oldest first."""
    condition = line.condition
    return condition.due or "9999", condition.since, _order(line.product), condition.number


def _quiet(found: Iterator[tuple[ProductRow, datetime]], policy: Policy, at: datetime) -> tuple[QuietLine, ...]:
    today = day_of(at, policy.timezone)
    lines = (
        QuietLine(ref(row), policy.phase(row.phase).name, since, (today - day_of(since, policy.timezone)).days)
        for row, since in found
    )
    return tuple(sorted(lines, key=lambda line: (line.since, _order(line.product))))


def _slow(found: Iterable[ProductRow], policy: Policy, usual: dict[str, int]) -> tuple[SlowLine, ...]:
    """Longest first, against what is usual in the phase."""
    slow = [row for row in found if row.active and 0 < SLOW * usual.get(row.phase, 0) < row.days]
    lines = (SlowLine(ref(row), policy.phase(row.phase).name, row.days, usual[row.phase]) for row in slow)
    return tuple(sorted(lines, key=lambda line: (-line.days / line.usual, _order(line.product))))


def _needs(found: Iterable[ProductRow]) -> tuple[NeedLine, ...]:
    counted = Counter(need for row in found if row.active for need in row.needs)
    return tuple(NeedLine(*pair) for pair in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _trend(found: Iterable[ProductRow], ids: tuple[str, ...], last: Week, place: str) -> tuple[TrendWeek, ...]:
    """Each product is walked once, whatever the number of weeks."""
    weeks = [last.plus(back) for back in range(1 - TREND_WEEKS, 1)]
    happened = {week: Counter[str]() for week in weeks}
    standing_in = [Counter[str]() for _ in weeks]
    for row in found:
        for at, name in events(row.standing):
            if at >= weeks[0].start(place):
                happened[Week.of(day_of(at, place))][name] += 1
        for index, phase in _phase_at_ends(row.standing, weeks, place):
            standing_in[index][phase] += 1
    return tuple(
        TrendWeek(week, sum(phases.values()), tuple(phases[phase] for phase in ids), Counts(**happened[week]))
        for week, phases in zip(weeks, standing_in, strict=True)
    )


def _phase_at_ends(state: ProductState, weeks: list[Week], place: str) -> Iterator[tuple[int, str]]:
    """The phase a product was in at the end of each week, from the week it came here."""
    number, came = -1, followed_since(state)
    for index, week in enumerate(weeks):
        while number + 1 < len(state.stays) and state.stays[number + 1].since < week.end(place):
            number += 1
        if number >= 0 and came < week.end(place):
            yield index, state.stays[number].phase


def missing_weeks(
    published: Iterable[Week], now: datetime, place: str, grace: timedelta = timedelta(days=1)
) -> tuple[Week, ...]:
    """Weeks, since the first digest ever published, that are over for `grace` and have none; 12 at most."""
    done = set(published)
    if not done:
        return ()
    last = Week.of(day_of(now - grace, place)).plus(-1)
    late = (last.plus(-back) for back in range(TREND_WEEKS))
    return tuple(sorted(week for week in late if week > min(done) and week not in done))
