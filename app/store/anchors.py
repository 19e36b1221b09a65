"""Who was asked to vouch for the register, up to which size, and when they are asked again."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.store.log_schema import ANCHORS, CHECKPOINTS
from app.store.upsert import insert_into

AFTER_S = (60.0, 300.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0)
"""How long after each failure to ask again; the last one for ever."""
TAKEN_S = 120.0
"""Longer than any question: who has been asked for longer was asked by a process that died."""


@dataclass(frozen=True)
class Anchor:
    """`done`: the largest size vouched for, or seen; `not_before`: when to ask again, in seconds since 1970."""

    done: int = 0
    not_before: float = 0


@dataclass(frozen=True)
class DueCheckpoint:
    """A checkpoint of ours that somebody may vouch for; `at` in seconds since 1970."""

    size: int
    note: str
    at: float
    is_stamped: bool


class Anchors:
    """Shared by every worker: of several that would ask the same, one does."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, target: str) -> Anchor:
        query = sa.select(ANCHORS.c.done, ANCHORS.c.not_before).where(ANCHORS.c.target == target)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Anchor(row.done, row.not_before) if row else Anchor()

    def after(self, size: int, most: int) -> tuple[DueCheckpoint, ...]:
        """The checkpoints over a size, the smallest first, and the newest whatever `most` is."""
        table = CHECKPOINTS
        columns = (table.c.size, table.c.note, table.c.at, table.c.stamp.is_not(None).label("is_stamped"))
        query = sa.select(*columns).where(table.c.size > size)
        with self._engine.connect() as connection:
            first = connection.execute(query.order_by(table.c.size).limit(most)).all()
            last = connection.execute(query.order_by(table.c.size.desc()).limit(1)).all()
        rows = {row.size: row for row in (*first, *last)}
        return tuple(DueCheckpoint(row.size, row.note, row.at, bool(row.is_stamped)) for row in rows.values())

    def take(self, target: str, now: float) -> bool:
        """Whether to ask now; nobody else is to, for a while."""
        first = insert_into(ANCHORS, self._engine).values(target=target).on_conflict_do_nothing()
        claim = sa.update(ANCHORS).where(ANCHORS.c.target == target, ANCHORS.c.not_before <= now)
        claim = claim.values(not_before=now + TAKEN_S).returning(ANCHORS.c.target)
        with self._engine.begin() as connection:
            connection.execute(first)
            return connection.execute(claim).scalar() is not None

    def reached(self, target: str, size: int) -> None:
        """It vouched for this size, or told that this is what it saw."""
        self._set(target, done=size, tries=0, not_before=0)

    def missed(self, target: str, now: float) -> None:
        """It is asked again later, and later each time."""
        query = sa.select(ANCHORS.c.tries).where(ANCHORS.c.target == target)
        with self._engine.connect() as connection:
            tries = connection.execute(query).scalar() or 0
        self._set(target, tries=tries + 1, not_before=now + AFTER_S[min(tries, len(AFTER_S) - 1)])

    def _set(self, target: str, **values: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.update(ANCHORS).where(ANCHORS.c.target == target).values(**values))
