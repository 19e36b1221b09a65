"""The week in one value: what the committee decided, what moved, what waits, and how the portfolio stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TypeVar

from app.domain.policy.calendar import Week, day_of, session_of
from app.domain.policy.model import Policy
from app.domain.product.facts import Point
from app.domain.product.imported import lived
from app.domain.report.counts import Counts, arrivals, counted_events, followed_since
from app.domain.report.portfolio import ProductRow, ReportedProduct, rows
from app.domain.report.present import GateStory, Present
from app.domain.report.report_lines import (
    ConditionLine,
    DecisionLine,
    GateLine,
    MoveLine,
    NeedLine,
    NewLine,
    PausedLine,
    PhaseLine,
    QuietLine,
    Ref,
    ReviewLine,
    SlowLine,
    TrendWeek,
    ref,
)
from app.domain.report.reuse_figures import REVIEWS, ReuseWeek, reuse_week, to_review
from app.domain.reuse.catalogue import Catalogue
from app.domain.session.held import next_held
from app.domain.session.model import Session

TREND_WEEKS = 12
LATELY = 4
"""The last weeks of the trend, told beside the whole."""
SLOW = 2
"""A product is slow when it has spent more than this many times the usual time in its phase."""


NO_CATALOGUE = Catalogue()
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
    paused: tuple[PausedLine, ...]
    stalled: tuple[QuietLine, ...]
    unseen: tuple[QuietLine, ...]
    """Those that the committee has not seen for long; like the slow ones, not those told asleep already."""
    slow: tuple[SlowLine, ...]
    needs: tuple[NeedLine, ...]
    reuse: ReuseWeek | None
    reviews: tuple[ReviewLine, ...]
    """Entries of the catalogue to look at again, a few at a time."""
    trend: tuple[TrendWeek, ...]
    parked: int
    missing: tuple[Week, ...]
    """Former weeks whose digest was not published."""
    seal: str = ""
    """The newest checkpoint of the sealed register, for whoever keeps the digest; empty where there is none."""

    @property
    def overdue(self) -> tuple[ConditionLine, ...]:
        return tuple(line for line in self.conditions if line.condition.overdue)

    @property
    def lively(self) -> tuple[TrendWeek, ...]:
        """The weeks of the trend in which a product came, moved or was decided on."""
        return tuple(one for one in self.trend if one.counts.new or one.counts.moved or one.counts.decided)

    @property
    def before(self) -> TrendWeek:
        """The week before, as its own digest tells it."""
        return self.trend[-2]

    @property
    def decided(self) -> int:
        """Over the trend."""
        return sum(one.counts.decided for one in self.trend)

    @property
    def decided_lately(self) -> int:
        return sum(one.counts.decided for one in self.trend[-LATELY:])

    @property
    def undecided(self) -> tuple[MoveLine, ...]:
        """The moves that no decision of the week tells already."""
        return tuple(move for move in self.moves if not move.decided)

    @property
    def is_empty(self) -> bool:
        """Nothing happened that week."""
        return self.counts == Counts()


def digest(
    products: Iterable[ReportedProduct],
    policy: Policy,
    week: Week,
    now: datetime,
    parked: int = 0,
    missing: tuple[Week, ...] = (),
    catalogue: Catalogue = NO_CATALOGUE,
    sessions: Iterable[Session] = (),
) -> Digest:
    """The digest of one week as it was known at its end, or now if it is not over; `sessions` whose issue was read."""
    as_of = min(now, week.end(policy.timezone))
    return summary(rows(products, policy, as_of), policy, week, now, parked, missing, catalogue, sessions)


def summary(
    found: tuple[ProductRow, ...],
    policy: Policy,
    week: Week,
    now: datetime,
    parked: int = 0,
    missing: tuple[Week, ...] = (),
    catalogue: Catalogue = NO_CATALOGUE,
    sessions: Iterable[Session] = (),
) -> Digest:
    """The digest of rows made for the same moment."""
    place = policy.timezone
    start, end = _bounds(week, place)
    as_of = min(now, week.end(place))
    usual = usual_days(found, as_of, place)
    ids = phase_ids(found, policy)
    trend = _trend(found, ids, week, place)
    return Digest(
        week=week,
        as_of=as_of,
        over=now >= end,
        sits=session_of(week, policy.committee) is not None,
        next_session=next_held(sessions, policy.committee, day_of(as_of, place)),
        counts=trend[-1].counts,
        total=len(found),
        phases=_phases(found, policy, ids, week, usual),
        decisions=_sorted_by_time(one for row in found for one in _decided(row, policy, start, end)),
        moves=_sorted_by_time(line for row in found for line in _moves(row, policy, start, end)),
        new=_sorted_by_time(line for row in found for line in _new(row, policy, start, end)),
        gates=tuple(sorted(_gates(found, policy), key=lambda line: (line.waiting.since, _order(line.product)))),
        conditions=tuple(sorted(_conditions(found), key=_urgency)),
        paused=tuple(sorted(_paused(found), key=lambda line: (line.since, _order(line.product)))),
        stalled=_quiet(((row, row.last_activity) for row in found if row.stalled), policy, as_of),
        unseen=_quiet(_unseen(found), policy, as_of),
        slow=_slow(found, policy, usual),
        needs=_needs(found),
        reuse=reuse_week(found, (start, end), as_of, place),
        reviews=_reviews(catalogue, day_of(as_of, place)),
        trend=trend,
        parked=parked,
        missing=missing,
    )


def _bounds(week: Week, place: str) -> tuple[datetime, datetime]:
    """In UTC, as every moment that is kept: two moments of one zone are compared at once."""
    return week.start(place).astimezone(UTC), week.end(place).astimezone(UTC)


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
    today = day_of(at, place)
    for row in found:
        stays = row.standing.stays
        days = [*(day_of(stay.since, place) for stay in stays), today]
        for stay, (began, left) in zip(stays, pairwise(days), strict=True):
            spent[stay.phase].append(((left - began).days, stay is not stays[-1]))
        for phase, lasted in _lived_before(row, place):
            spent[phase].append((lasted, True))
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
    start, end = _bounds(week, policy.timezone)
    for row in found:
        stays = row.standing.stays
        for stay in arrivals(row.standing):
            if start <= stay.since < end:
                arrived[stay.phase] += 1
                left[stays[stay.number - 2].phase if stay.number > 1 else ""] += 1
    return tuple(
        PhaseLine(phase, policy.phase(phase).name, now_in[phase], arrived[phase], left[phase], usual.get(phase))
        for phase in ids
    )


def _decided(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[DecisionLine]:
    yield from decisions(row, policy, start, end)
    yield from thought_again(row, policy, start, end)


def decisions(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[DecisionLine]:
    """What the committee decided, or put off, on one product from `start`, included, to `end`, excluded."""
    for gate in row.standing.gates:
        for put_off in gate.put_off:
            if start <= put_off.at < end:
                why = (Point("", put_off.reason),) if put_off.reason else ()
                yield _decision(row, policy, gate, put_off.at, "postponed", gate.counted, True, (), why)
        if gate.decided and start <= gate.decided < end:
            reasons = gate.reasons if gate.first == gate.outcome else ()
            told = (gate.go, gate.nogo), bool(gate.present), gate.present, reasons
            if gate.first != "overridden":
                yield _decision(row, policy, gate, gate.decided, gate.first, *told)


def thought_again(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[DecisionLine]:
    """What was thought again of the decisions on a product in that time: no decision of the committee."""
    for gate in row.standing.gates:
        for one in gate.second_thoughts:
            if start <= one.at < end:
                kind = "contested" if one.kind == "contested" else f"{one.kind}_{one.outcome}"
                yield _decision(row, policy, gate, one.at, kind, (0, 0), False, (), (Point(one.by, one.why),))


def _decision(
    row: ProductRow,
    policy: Policy,
    gate: GateStory,
    at: datetime,
    outcome: str,
    figures: tuple[int, int],
    in_session: bool,
    present: tuple[str, ...],
    why: tuple[Point, ...],
) -> DecisionLine:
    moves = policy.phase(gate.origin).name, policy.phase(gate.target).name
    return DecisionLine(ref(row), at, gate.number, *moves, outcome, *figures, in_session, present, why)


def _moves(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[MoveLine]:
    for before, stay in pairwise(row.standing.stays):
        if start <= stay.since < end:
            names = policy.phase(before.phase).name, policy.phase(stay.phase).name
            decided = any(stay.since in _moments(gate) for gate in row.standing.gates)
            yield MoveLine(ref(row), stay.since, *names, decided=decided)


def _moments(gate: GateStory) -> set[datetime | None]:
    """When it moved the product, or may have."""
    return {gate.decided, *(one.at for one in gate.second_thoughts)}


def _new(row: ProductRow, policy: Policy, start: datetime, end: datetime) -> Iterator[NewLine]:
    for stay in arrivals(row.standing)[:1]:
        if stay.number == 1 and start <= stay.since < end:
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


def _paused(found: Iterable[ProductRow]) -> Iterator[PausedLine]:
    for row in found:
        if pause := row.standing.paused:
            yield PausedLine(ref(row), pause.since, pause.until, pause.reason)


def _unseen(found: Iterable[ProductRow]) -> Iterator[tuple[ProductRow, datetime]]:
    return ((row, row.last_seen or row.entered) for row in found if row.unseen and not row.stalled)


def _slow(found: Iterable[ProductRow], policy: Policy, usual: dict[str, int]) -> tuple[SlowLine, ...]:
    """Longest first, against what is usual in the phase."""
    slow = [row for row in found if row.is_timed and not row.stalled and 0 < SLOW * usual.get(row.phase, 0) < row.days]
    lines = (SlowLine(ref(row), policy.phase(row.phase).name, row.days, usual[row.phase]) for row in slow)
    return tuple(sorted(lines, key=lambda line: (-line.days / line.usual, _order(line.product))))


def _needs(found: Iterable[ProductRow]) -> tuple[NeedLine, ...]:
    counted = Counter(need for row in found if row.active for need in row.needs)
    return tuple(NeedLine(*pair) for pair in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _reviews(catalogue: Catalogue, today: date) -> tuple[ReviewLine, ...]:
    old = to_review(catalogue, today)[:REVIEWS]
    return tuple(ReviewLine(one.name, one.link, one.seen_on) for one in old)


def _trend(found: Iterable[ProductRow], ids: tuple[str, ...], last: Week, place: str) -> tuple[TrendWeek, ...]:
    """Each product is walked once, whatever the number of weeks."""
    weeks = [last.plus(back) for back in range(1 - TREND_WEEKS, 1)]
    ends = [_bounds(week, place)[1] for week in weeks]
    first, happened = _bounds(weeks[0], place)[0], [Counter[str]() for _ in weeks]
    standing_in = [Counter[str]() for _ in weeks]
    for row in found:
        for at, name in counted_events(row.standing):
            if first <= at < ends[-1]:
                happened[bisect_right(ends, at)][name] += 1
        for index, phase in _phase_at_ends(row.standing, ends):
            standing_in[index][phase] += 1
    return tuple(
        TrendWeek(week, sum(phases.values()), tuple(phases[phase] for phase in ids), Counts(**counted))
        for week, phases, counted in zip(weeks, standing_in, happened, strict=True)
    )


def _phase_at_ends(told: Present, ends: list[datetime]) -> Iterator[tuple[int, str]]:
    """The phase a product was in at the end of each week, from the week it came here."""
    number, came, stays = -1, followed_since(told), told.stays
    for index, end in enumerate(ends):
        while number + 1 < len(stays) and stays[number + 1].since < end:
            number += 1
        if number >= 0 and came < end:
            yield index, stays[number].phase
