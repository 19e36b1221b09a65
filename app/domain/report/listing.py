"""Which products a list shows, and in which order: what a visitor searched, filtered, or reached from a figure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.policy.model import Policy
from app.domain.reading.text import normalised
from app.domain.report.indicators import AGES, phases_of
from app.domain.report.portfolio import ProductRow
from app.domain.report.quarters import DECISIONS, decided, entries, quarter_address
from app.domain.report.refusals import REFUSED, aspect, points

FIRST_SORT = "phase"
NONE = "-"
"""In an address, what has no name: no aspect, no seat in particular."""


@dataclass(frozen=True)
class ListingQuery:
    """What the visitor asked to see; empty fields let everything through."""

    words: str = ""
    phase: str = ""
    direction: str = ""
    state: str = ""
    reached: str = ""
    """A phase that products have been in, at any time."""
    age: str = ""
    """The rank of a slice of time spent in the present phase."""
    target: str = ""
    """The phase towards which a gate was asked."""
    outcome: str = ""
    """How that gate ended; `waiting` while it is open, `decided` for any decision."""
    sort: str = ""
    """One of `SORTS`, behind a hyphen the other way round."""
    quarter: str = ""
    """« 2026-4 »: when the phase was entered, or the gate decided on."""
    aspect: str = ""
    """What the committee refused was about this aspect."""
    raised_by: str = ""
    """The name of the seat that raised what was refused; `NONE` for what was said in session."""
    lifter: str = ""
    """The name of the seat that lifts an open condition; `NONE` for the secretariat."""
    overdue: str = ""
    """Whether that condition is past its day."""
    ended: str = ""
    """Whether the products that have ended are shown among the others."""

    @property
    def is_narrow(self) -> bool:
        """Whether something was looked for, that products which have ended may well be."""
        kept = (self.words, self.phase, self.state, self.reached, self.age, self.target)
        return any((*kept, self.quarter, self.aspect, self.raised_by))

    @property
    def shows_ended(self) -> bool:
        return bool(self.ended) or self.is_narrow

    @property
    def order(self) -> str:
        name = self.sort.removeprefix("-")
        return name if name in SORTS else FIRST_SORT

    @property
    def is_backwards(self) -> bool:
        return self.sort == f"-{self.order}"

    def lets(self, row: ProductRow, found: Collection[int] | None, policy: Policy) -> bool:
        """`found` are the numbers of the products that hold the words, as their whole texts tell."""
        return (
            self.phase in {"", row.phase}
            and self.direction in {"", row.direction, row.standing.direction}
            and self.state in {"", row.state}
            and (not self.words or self._is_found(row, found or ()))
            and (not self.reached or self._has_reached(row, policy.timezone))
            and (not self.age or self.age == str(slice_of(row.days)))
            and (not (self.target or self.quarter) or bool(self.reached) or self._is_asked(row, policy.timezone))
            and (not (self.aspect or self.raised_by) or self._is_refused(row, policy))
            and (not (self.lifter or self.overdue) or self._owes(row))
        )

    def _is_found(self, row: ProductRow, found: Collection[int]) -> bool:
        wanted = normalised(self.words).removeprefix("#")
        told = normalised(f"{row.title} {row.direction} {row.standing.direction}")
        return wanted == str(row.number) or row.number in found or wanted in told

    def _has_reached(self, row: ProductRow, place: str) -> bool:
        if not self.quarter:
            return self.reached in phases_of(row, place)
        return any(phase == self.reached and quarter_address(day) == self.quarter for phase, day in entries(row, place))

    def _is_refused(self, row: ProductRow, policy: Policy) -> bool:
        said = (point for point, target, outcome in points(row) if outcome == REFUSED and self.target in {"", target})
        return any(
            (not self.aspect or (aspect(point, policy) or NONE) == self.aspect)
            and (not self.raised_by or (point.seat or NONE) == self.raised_by)
            for point in said
        )

    def _owes(self, row: ProductRow) -> bool:
        """Whether a condition is open that this seat lifts, past its day where that is asked."""
        mine = (one for one in row.conditions if self.lifter in {"", one.seat or NONE})
        return any(one.overdue or not self.overdue for one in mine)

    def _is_asked(self, row: ProductRow, place: str) -> bool:
        gates = [gate for gate in row.standing.gates if self.target in {"", gate.target}]
        if self.quarter:
            gates = [
                gate for gate, day in decided(row, place) if gate in gates and quarter_address(day) == self.quarter
            ]
        ends = {gate.outcome or "waiting" for gate in gates}
        kept = {"": ends, "decided": ends & {*DECISIONS}}.get(self.outcome, ends & {self.outcome})
        return bool(kept)


def slice_of(days: int) -> int:
    """The rank of the slice of time in which a number of days falls."""
    return sum(days >= bound for bound in AGES)


Key = Callable[[ProductRow, Policy], Any]


def _rank(row: ProductRow, policy: Policy) -> int:
    return policy.rank(row.phase) if policy.knows(row.phase) else len(policy.phases)


SORTS: dict[str, Key] = {
    "titre": lambda row, _: normalised(row.title),
    "phase": _rank,
    "depuis": lambda row, _: row.since,
    "activite": lambda row, _: row.last_activity,
}
"""The columns a list is sorted by, under the names that addresses give them."""


def listed_rows(
    rows: Iterable[ProductRow], asked: ListingQuery, policy: Policy, found: Collection[int] | None
) -> tuple[ProductRow, ...]:
    """Those that are asked for, ended or not, in order; what is equal there is in the order of the titles."""
    kept = [row for row in rows if asked.lets(row, found, policy)]
    kept.sort(key=lambda row: (normalised(row.title), row.number))
    kept.sort(key=lambda row: SORTS[asked.order](row, policy), reverse=asked.is_backwards)
    return tuple(kept)


def in_french_order(names: Iterable[str]) -> tuple[str, ...]:
    """As a dictionary lists them: accents and capitals aside."""
    return tuple(sorted(set(names), key=lambda name: (normalised(name), name)))
