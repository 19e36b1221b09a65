"""What other rules would have changed: every gate of the register judged again under them, one by one.

Each is judged with what was said and answered at that time: nobody knows what a committee would have done otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.facts import (
    Fact,
    GateRequested,
    History,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
)
from app.domain.report import what_if_opening as doors
from app.domain.report.what_if_gate import DECIDED, End, Lack, PastGate
from app.domain.report.what_if_opening import SHUT, Answers, Opening, OpeningOutcome
from app.domain.report.what_if_vote import again


class Change(StrEnum):
    """What becomes of a gate, the gravest first."""

    OTHERWISE = "otherwise"
    """A go instead of a no-go, or the contrary."""
    SHUT = "shut"
    UNDECIDED = "undecided"
    DECIDED = "decided"
    OPENED_LATER = "opened_later"
    LATER = "later"
    EARLIER = "earlier"
    UNKNOWN = "unknown"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class RecordedProduct:
    """One product of a backlog, with its whole history."""

    repository: str
    number: int
    history: History


@dataclass(frozen=True, slots=True)
class GateFound:
    """One gate: what became of it, what would have; `days` is how much later it ends, earlier when negative."""

    repository: str
    number: int
    title: str
    origin: str
    target: str
    asked: date
    change: Change
    was: str
    becomes: str
    ended: date | None
    days: int
    end: End
    opening: Opening

    @property
    def lacks_seat(self) -> bool:
        """Whether a seat that must have spoken is what is missing."""
        want = self.end.want
        return self.opening.door is OpeningOutcome.VACANT or bool(want and want.lack is Lack.MANDATORY)


@dataclass(frozen=True, slots=True)
class Figures:
    """The gates of one move, or of all, counted by what becomes of them."""

    gates: int = 0
    counts: Mapping[Change, int] = field(default_factory=dict)
    to_nogo: int = 0
    to_go: int = 0
    lacking_seat: int = 0
    opened_later: int = 0
    """Among all of them, those whose checklist alone would have made them wait."""

    def of(self, change: Change) -> int:
        return self.counts.get(change, 0)

    @property
    def changed(self) -> int:
        return self.gates - self.of(Change.SAME) - self.of(Change.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Move:
    origin: str
    target: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Phases entered without a gate: taken over from a former follow-up, not decided here."""

    phases: int = 0
    products: int = 0


@dataclass(frozen=True, slots=True)
class WhatIfReport:
    """`gates` are those that change, or of which nobody can tell; the others are in the figures."""

    products: int
    since: date | None
    moves: tuple[Move, ...]
    total: Figures
    gates: tuple[GateFound, ...]
    elsewhere: Elsewhere
    overridden: int = 0
    """Gates that somebody decided in the committee's place, judged by no rule."""


def simulate(
    recorded: Iterable[RecordedProduct], other: Policy, now: datetime, since: date | None = None
) -> WhatIfReport:
    """Of the products given, in their order; gates asked for before `since` are left aside."""
    return _Simulation(other, now, since).of(recorded)


@dataclass(slots=True)
class _Waiting:
    """A gate whose electorate lacks seats of the other rules: whether they existed is known once all was read."""

    life: RecordedProduct
    title: str
    past: PastGate
    asked: doors.RequiredItems


class _Simulation:
    def __init__(self, other: Policy, now: datetime, since: date | None) -> None:
        self._other, self._now, self._since = other, now, since
        self._born: dict[str, datetime] = {}
        """When each seat is first seen at a gate."""
        self._found: list[GateFound] = []
        self._waiting: list[_Waiting] = []
        self._overridden = 0

    def of(self, recorded: Iterable[RecordedProduct]) -> WhatIfReport:
        products, elsewhere = 0, []
        for life in recorded:
            products += 1
            elsewhere.append(self._elsewhere(life.history))
            for one in self._gates(life):
                if doors.absent_seats(one.past.request, self._other, ()):
                    self._waiting.append(one)
                else:
                    self._found.append(self._judged(one))
        self._found += map(self._judged, self._waiting)
        apart = Elsewhere(sum(elsewhere), sum(map(bool, elsewhere)))
        found = _gathered(self._found, self._other, products, self._since, apart)
        return replace(found, overridden=self._overridden)

    def _is_asked_for(self, moment: datetime) -> bool:
        return self._since is None or day_of(moment, self._other.timezone) >= self._since

    def _elsewhere(self, history: History) -> int:
        """How many phases a life entered without this committee, its filing aside."""
        told, entered, is_imported = 0, -1, False
        for fact in history:
            if isinstance(fact, ProductImported) and self._is_asked_for(fact.at):
                told, is_imported = len(fact.past), True
            elif isinstance(fact, PhaseEntered) and fact.gate is None and self._is_asked_for(fact.at):
                entered += 1
        return max(told, 1) if is_imported else max(entered, 0)

    def _gates(self, life: RecordedProduct) -> Iterator[_Waiting]:
        """Its gates, each with what happened to it, and what was left of the other rules' checklist."""
        known, title = Answers(), ""
        gates: dict[int, _Waiting] = {}
        for fact in life.history:
            if isinstance(fact, ProductFiled | ProductImported | ProductDescribed):
                title = fact.title
            for one in gates.values():
                one.asked.hear(fact)
            known.add(fact)
            if isinstance(fact, GateRequested):
                self._seen(fact)
                gates[fact.gate] = _Waiting(life, title, PastGate(fact), self._left(fact, known))
            elif (number := _gate_of(fact)) in gates:
                gates[number].past.add(fact)
        for one in gates.values():
            one.title = title
            if self._is_asked_for(one.past.request.at):
                if one.past.is_overridden:
                    self._overridden += 1
                else:
                    yield one

    def _seen(self, request: GateRequested) -> None:
        for seat in request.seats:
            self._born[seat.id] = min(self._born.get(seat.id, request.at), request.at)

    def _left(self, request: GateRequested, known: Answers) -> doors.RequiredItems:
        gate = doors.move(request, self._other)
        if gate is None or request.policy == self._other.version:
            return doors.RequiredItems({})
        return doors.required_items(request, gate, self._other, known)

    def _judged(self, one: _Waiting) -> GateFound:
        past, other, request = one.past, self._other, one.past.request
        was = past.actual()
        gate = doors.move(request, other)
        if gate is None:
            return self._told(one, was, End(was.outcome, was.at), Opening(OpeningOutcome.NO_MOVE))
        existing = {seat for seat, since in self._born.items() if since <= request.at}
        seated = doors.seating(request, gate, other, existing)
        if seated.request == request:
            return self._told(one, was, was, doors.opening_under(request, one.asked, other.timezone))
        closed = doors.shut(seated, other)
        if closed:
            return self._told(one, was, End(was.outcome, was.at), closed)
        end = again(past, seated.request, other.committee, self._now, seated.unheard)
        return self._told(one, was, end, doors.opening_under(request, one.asked, other.timezone))

    def _told(self, one: _Waiting, was: End, end: End, opening: Opening) -> GateFound:
        place, request = self._other.timezone, one.past.request
        days = 0
        if was.at and end.at and was.outcome == end.outcome and end.outcome in DECIDED:
            days = (day_of(end.at, place) - day_of(was.at, place)).days
        change = _change(was, end, opening, days)
        return GateFound(
            one.life.repository,
            one.life.number,
            one.title,
            request.origin,
            request.target,
            day_of(request.at, place),
            change,
            was.outcome,
            "" if change is Change.SHUT else end.outcome,
            day_of(was.at, place) if was.at else None,
            days,
            end,
            opening,
        )


def _gate_of(fact: Fact) -> int:
    return getattr(fact, "gate", None) or 0


def _change(was: End, end: End, opening: Opening, days: int) -> Change:
    """The gravest of what changes; a checklist that waits matters when the vote itself is the same."""
    if opening.door in SHUT:
        return Change.SHUT
    if end.possible:
        return Change.UNKNOWN
    if was.outcome != end.outcome:
        if end.outcome not in DECIDED:
            return Change.UNDECIDED if was.outcome in DECIDED else Change.SAME
        return Change.OTHERWISE if was.outcome in DECIDED else Change.DECIDED
    if opening.door in {OpeningOutcome.LATER, OpeningOutcome.UNSETTLED}:
        return Change.OPENED_LATER
    if days:
        return Change.LATER if days > 0 else Change.EARLIER
    return Change.UNKNOWN if opening.door is OpeningOutcome.UNKNOWN else Change.SAME


def _gathered(
    found: list[GateFound], other: Policy, products: int, since: date | None, elsewhere: Elsewhere
) -> WhatIfReport:
    ranks = {phase.id: rank for rank, phase in enumerate(other.phases)}
    moves: dict[tuple[str, str], list[GateFound]] = {}
    for one in found:
        moves.setdefault((one.origin, one.target), []).append(one)

    def place(move: tuple[str, str]) -> tuple[object, ...]:
        return tuple((ranks.get(phase, len(ranks)), phase) for phase in move)

    order = list(Change)
    told = [one for one in found if one.change is not Change.SAME]
    told.sort(key=lambda one: (order.index(one.change), one.asked, one.repository, one.number))
    return WhatIfReport(
        products,
        since,
        tuple(Move(*move, _figures(moves[move])) for move in sorted(moves, key=place)),
        _figures(found),
        tuple(told),
        elsewhere,
    )


def _figures(found: list[GateFound]) -> Figures:
    counts = Counter(one.change for one in found)
    other = [one.becomes for one in found if one.change is Change.OTHERWISE]
    return Figures(
        len(found),
        dict(counts),
        to_nogo=other.count("nogo"),
        to_go=other.count("go"),
        lacking_seat=sum(one.lacks_seat and one.change is not Change.SAME for one in found),
        opened_later=sum(one.opening.door in {OpeningOutcome.LATER, OpeningOutcome.UNSETTLED} for one in found),
    )
