"""What looking for what exists was worth: the week in one line, the quarters by door, the entries to look at again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.policy.calendar import day_of
from app.domain.product.reuse_facts import ADAPTED, DOORS, REUSED, SET_ASIDE
from app.domain.report.counts import arrivals
from app.domain.report.portfolio import ProductRow
from app.domain.report.reuse_told import ReuseTold
from app.domain.reuse.catalogue import COMMON, Catalogue, Common

ENOUGH = 30
"""Answers under which a share says nothing."""
REVIEWED_WITHIN = timedelta(days=365)
"""An entry that nobody has looked at for longer is to be looked at again."""
REVIEWS = 3
"""Entries told in one digest: more are put off until nobody reads them."""
REJECTED = 5
"""An entry set aside so many times, and never taken, is told to the seat that keeps the catalogue."""
TOP = 5


@dataclass(frozen=True)
class ReuseWeek:
    """`covered` and `adapted` needs are products, by a person's word alone; `days` is how long the oldest waits."""

    covered: int
    adapted: int
    aside: int
    waiting: int
    days: int


def reuse_week(
    found: Iterable[ProductRow], bounds: tuple[datetime, datetime], at: datetime, place: str
) -> ReuseWeek | None:
    """What was answered between the bounds, the first included, and what waits; None when there is nothing."""
    start, end = bounds
    said: Counter[str] = Counter()
    waiting: list[date] = []
    for row in found:
        answers = [one.answer for one in row.standing.reuse if one.answered and start <= one.answered < end]
        said["covered"] += REUSED in answers
        said["adapted"] += ADAPTED in answers and REUSED not in answers
        said["aside"] += answers.count(SET_ASIDE)
        shown = (one.shown for one in row.standing.reuse if row.active and one.awaits)
        waiting += [day_of(moment, place) for moment in shown if moment]
    if not waiting and not any(said.values()):
        return None
    days = (day_of(at, place) - min(waiting)).days if waiting else 0
    return ReuseWeek(said["covered"], said["adapted"], said["aside"], len(waiting), days)


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)


@dataclass(frozen=True)
class DoorFlow:
    """What the answers of one quarter said of what one door had shown."""

    quarter: Quarter
    door: str
    answered: int
    accepted: int

    @property
    def share(self) -> int | None:
        """Whole percents; None while too few answered."""
        return round(100 * self.accepted / self.answered) if self.answered >= ENOUGH else None


@dataclass(frozen=True)
class Coverage:
    """New needs filed in a quarter, and those of all times that a reuse covered in it."""

    quarter: Quarter
    filed: int
    covered: int


@dataclass(frozen=True)
class Reused:
    ref: str
    name: str
    products: int


@dataclass(frozen=True)
class ReuseFlow:
    doors: tuple[DoorFlow, ...]
    coverage: tuple[Coverage, ...]
    top: tuple[Reused, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.doors or self.top)


def reuse_flow(found: Iterable[ProductRow], place: str) -> ReuseFlow:
    """Over the whole history of these products, the latest quarter first."""
    rows = tuple(found)
    answers: dict[tuple[Quarter, str], Counter[str]] = defaultdict(Counter)
    covered: Counter[Quarter] = Counter()
    filed: Counter[Quarter] = Counter()
    for row in rows:
        filed.update(Quarter.of(day_of(at, place)) for at in _filed(row))
        for quarter, one in _answered(row, place):
            answers[quarter, one.door]["answered"] += 1
            answers[quarter, one.door]["accepted"] += one.answer in {REUSED, ADAPTED}
        covered.update({quarter for quarter, one in _answered(row, place) if one.answer == REUSED})
    order = sorted(answers, key=lambda key: (-key[0].year, -key[0].number, DOORS.index(key[1])))
    quarters = sorted({*filed, *covered}, reverse=True)
    return ReuseFlow(
        tuple(DoorFlow(*key, answers[key]["answered"], answers[key]["accepted"]) for key in order),
        tuple(Coverage(quarter, filed[quarter], covered[quarter]) for quarter in quarters),
        _top(rows),
    )


def _filed(row: ProductRow) -> Iterator[datetime]:
    yield from (stay.since for stay in arrivals(row.standing)[:1] if stay.number == 1)


def _answered(row: ProductRow, place: str) -> Iterator[tuple[Quarter, ReuseTold]]:
    for one in row.standing.reuse:
        if one.answered:
            yield Quarter.of(day_of(one.answered, place)), one


def _top(rows: Iterable[ProductRow]) -> tuple[Reused, ...]:
    """What the most products reuse."""
    names: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for row in rows:
        for one in row.standing.reuse:
            if one.answer == REUSED:
                counted[one.ref] += 1
                names[one.ref] = one.name
    order = sorted(counted, key=lambda ref: (-counted[ref], names[ref], ref))
    return tuple(Reused(ref, names[ref], counted[ref]) for ref in order[:TOP])


def to_review(catalogue: Catalogue, today: date) -> tuple[Common, ...]:
    """The hand-kept entries that nobody has looked at for a year, the longest first."""
    old = [one for one in catalogue.commons if one.is_curated and is_to_review(one, today)]
    return tuple(sorted(old, key=lambda one: (one.seen_on or date.min, one.id)))


def is_to_review(common: Common, today: date) -> bool:
    return common.seen_on is None or today - common.seen_on > REVIEWED_WITHIN


@dataclass(frozen=True)
class Rejected:
    common: Common
    times: int


def rejected(found: Iterable[ProductRow], catalogue: Catalogue) -> tuple[Rejected, ...]:
    """The entries set aside again and again, and never taken: the most often first."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for row in found:
        for one in row.standing.reuse:
            if one.ref.startswith(COMMON) and one.answer:
                said[one.ref][one.answer] += 1
    never = [
        Rejected(one, said[one.ref][SET_ASIDE])
        for one in catalogue.commons
        if said[one.ref][SET_ASIDE] >= REJECTED and not (said[one.ref][REUSED] or said[one.ref][ADAPTED])
    ]
    return tuple(sorted(never, key=lambda one: (-one.times, one.common.id)))
