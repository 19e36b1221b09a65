"""Which products a list shows, and in which order: what a visitor searched, filtered, or reached from a figure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.policy.model import Policy
from app.domain.reading.text import normalised
from app.domain.report.indicators import AGES, phases_of
from app.domain.report.portfolio import ProductRow

FIRST_SORT = "phase"


@dataclass(frozen=True)
class Asked:
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
    ended: str = ""
    """Whether the products that have ended are shown among the others."""

    @property
    def is_narrow(self) -> bool:
        """Whether something was looked for, that products which have ended may well be."""
        return any((self.words, self.phase, self.state, self.reached, self.age, self.target))

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

    def lets(self, row: ProductRow, found: Collection[int] | None, place: str) -> bool:
        """`found` are the numbers of the products that hold the words, as their whole texts tell."""
        return (
            self.phase in {"", row.phase}
            and self.direction in {"", row.direction, row.standing.direction}
            and self.state in {"", row.state}
            and (not self.words or self._is_found(row, found or ()))
            and (not self.reached or self.reached in phases_of(row, place))
            and (not self.age or self.age == str(slice_of(row.days)))
            and (not self.target or self._is_asked(row))
        )

    def _is_found(self, row: ProductRow, found: Collection[int]) -> bool:
        wanted = normalised(self.words).removeprefix("#")
        told = normalised(f"{row.title} {row.direction} {row.standing.direction}")
        return wanted == str(row.number) or row.number in found or wanted in told

    def _is_asked(self, row: ProductRow) -> bool:
        ends = {gate.outcome or "waiting" for gate in row.standing.gates if gate.target == self.target}
        kept = {"": ends, "decided": ends & {"go", "conditional", "nogo"}}.get(self.outcome, ends & {self.outcome})
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


def listed(
    rows: Iterable[ProductRow], asked: Asked, policy: Policy, found: Collection[int] | None
) -> tuple[ProductRow, ...]:
    """Those that are asked for, ended or not, in order; what is equal there is in the order of the titles."""
    kept = [row for row in rows if asked.lets(row, found, policy.timezone)]
    kept.sort(key=lambda row: (normalised(row.title), row.number))
    kept.sort(key=lambda row: SORTS[asked.order](row, policy), reverse=asked.is_backwards)
    return tuple(kept)


def in_french_order(names: Iterable[str]) -> tuple[str, ...]:
    """As a dictionary lists them: accents and capitals aside."""
    return tuple(sorted(set(names), key=lambda name: (normalised(name), name)))
