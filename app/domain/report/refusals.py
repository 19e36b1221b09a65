"""What makes the committee refuse, or set conditions: its points by aspect, by seat, and by the phase asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.domain.policy.model import Policy
from app.domain.product.facts import Point
from app.domain.reading.conditions import aspect_of
from app.domain.reading.text import normalised
from app.domain.report.portfolio import ProductRow

REFUSED, CONDITIONAL = "nogo", "conditional"
Told = tuple[str, str, str]
"""An aspect or a seat, the phase asked for, how the gate ended."""


@dataclass(frozen=True)
class Objections:
    """What one aspect, or one seat, had the committee say; `refused` and `conditions` are points, not products."""

    id: str
    """Of an aspect, or the name of a seat; empty for what names none, or was said in session."""
    name: str
    refused: int
    conditions: int
    by_target: tuple[int, ...]
    """Points refused at the gates towards each phase."""


@dataclass(frozen=True)
class Refusals:
    """The most frequent first; `targets` are the phases at whose gates something was refused."""

    targets: tuple[tuple[str, str], ...]
    aspects: tuple[Objections, ...]
    seats: tuple[Objections, ...]


def refusals(found: Iterable[ProductRow], policy: Policy, ids: Sequence[str]) -> Refusals:
    """Over the whole history of the products given."""
    by_aspect, by_seat = Counter[Told](), Counter[Told]()
    find = cache(lambda point: aspect(point, policy))
    for row in found:
        for point, target, outcome in points(row):
            by_aspect[find(point), target, outcome] += 1
            by_seat[point.seat, target, outcome] += 1
    refused = {target for _, target, outcome in by_seat if outcome == REFUSED}
    targets = [*(phase for phase in ids if phase in refused), *sorted(refused - set(ids))]
    seats = {seat: seat for seat, _, _ in by_seat}
    return Refusals(
        tuple((target, policy.phase(target).name) for target in targets),
        _lines(by_aspect, {**policy.aspects, "": ""}, targets),
        _lines(by_seat, seats, targets),
    )


def _lines(said: Counter[Told], names: Mapping[str, str], targets: Sequence[str]) -> tuple[Objections, ...]:
    totals = Counter[tuple[str, str]]()
    for (key, _, outcome), times in said.items():
        totals[key, outcome] += times
    lines = (
        Objections(
            key,
            name,
            totals[key, REFUSED],
            totals[key, CONDITIONAL],
            tuple(said[key, target, REFUSED] for target in targets),
        )
        for key, name in names.items()
        if totals[key, REFUSED] or totals[key, CONDITIONAL]
    )
    return tuple(sorted(lines, key=lambda one: (-one.refused, -one.conditions, one.name)))


def points(row: ProductRow) -> Iterator[tuple[Point, str, str]]:
    """The points of each no-go, and the conditions of each go, with the phase asked for and how the gate ended."""
    for gate in row.standing.gates:
        if gate.outcome in {REFUSED, CONDITIONAL}:
            yield from ((point, gate.target, gate.outcome) for point in gate.reasons)


def aspect(point: Point, policy: Policy) -> str:
    """The one named at its head (« Sécurité : … »), else the one its seat is named after; empty when neither tells."""
    named = aspect_of(point.text, policy.aspects)
    seat = normalised(point.seat)
    return named or next((key for key, name in policy.aspects.items() if seat in {key, normalised(name)}), "")
