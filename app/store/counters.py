"""Counters kept in the database: they cover every process of an installation, and survive a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from app.store.rate_limits import EVERYTHING, WRITES
from app.store.schema import FIGURES, LIMITS
from app.store.upsert import insert_into

Key = tuple[str, str]
"""The name of a counter and its label."""
NO_LIMITS = (EVERYTHING, WRITES)
"""Names of the rows of this table that hold something else: GitHub's limits."""


def add(connection: sa.Connection, amounts: Mapping[Key, float]) -> None:
    """In the transaction of what is counted: both are kept, or neither."""
    for (name, label), amount in sorted(amounts.items()):  # one order for all, or two workers could block each other
        query = insert_into(FIGURES, connection).values(name=name, label=label, value=amount)
        more = {"value": FIGURES.c.value + amount}
        connection.execute(query.on_conflict_do_update(index_elements=["name", "label"], set_=more))


class Counters:
    """What Prometheus and the readiness page read."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def totals(self) -> dict[Key, float]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(FIGURES)).all()
        return {(row.name, row.label): row.value for row in rows}

    def limits(self) -> tuple[tuple[str, str, int, int], ...]:
        """Points left of GitHub's limit, and the limit itself, by installation and resource."""
        query = sa.select(LIMITS).where(LIMITS.c.resource.not_in(NO_LIMITS)).order_by(LIMITS.c.owner, LIMITS.c.resource)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple((row.owner, row.resource, row.remaining, row.total) for row in rows)

    def last_answer(self) -> float | None:
        """When GitHub last answered (seconds since 1970, to a second); None before its first answer."""
        with self._engine.connect() as connection:
            query = sa.select(sa.func.max(LIMITS.c.answered)).where(LIMITS.c.resource.not_in(NO_LIMITS))
            return connection.execute(query).scalar()


def turn_counts(outcome: str, effects: Counter[str]) -> dict[Key, float]:
    """Count one turn, and the changes it made on GitHub."""
    return {("turns", outcome): 1, **{("effects", kind): count for kind, count in effects.items()}}
