"""The entry that a fact with a place in the log must be: made again from what the fact says, to be compared."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.product.fact import Fact
from app.transparency.canonical import canonical
from app.transparency.entries import EntryPlace, canonical_entry, commitment
from app.transparency.public_parts import split


def entry_of(origin: str, history: Sequence[Fact], rank: int) -> str:
    """The entry of the fact of that rank (from 1) in the history of its product; empty when it has no place, or one
    that nobody wrote as we do.
    """
    fact = history[rank - 1]
    place = fact.sealed
    if place is None:
        return ""
    try:
        parts = split(fact, history[: rank - 1])
        personal = place.erased or commitment(place.salt, canonical(parts.personal))
        where = EntryPlace(place.product, place.issue, place.repository, place.number, rank)
        return canonical_entry(origin, place.n, parts, personal, where).decode()
    except ValueError:
        return ""
