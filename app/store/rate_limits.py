"""What was spent of GitHub's limits, in the database: shared by every worker of an installation, kept at a restart."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.github.budget import WAIT_FOR_TURN_S, RateLimit
from app.store.schema import CREATIONS, LIMITS
from app.store.upsert import insert_into

FRESH_S = 1.0
"""How old a reading may be. Two workers may together overspend by a second's worth of calls: the margins cover it."""
EVERYTHING = ""
"""Name of the row that holds an installation's pause."""
WRITES = "writes"
"""Name of the row that holds when the next write of an installation may be made."""


class LedgerInDatabase:
    """Readings are reused for a second and notes written once a second, so that a call to GitHub costs no query."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._read: dict[str, tuple[float, dict[str, Any]]] = {}
        self._written: dict[tuple[str, str], float] = {}

    def creations(self, owner: str, since: float) -> tuple[float, ...]:
        query = sa.select(CREATIONS.c.at).where(CREATIONS.c.owner == owner, CREATIONS.c.at >= since)
        with self._engine.connect() as connection:
            return tuple(connection.execute(query.order_by(CREATIONS.c.at)).scalars())

    def create(self, owner: str, at: float) -> None:
        old = sa.delete(CREATIONS).where(CREATIONS.c.owner == owner, CREATIONS.c.at < at - 7200)
        with self._engine.begin() as connection:
            connection.execute(old)
            connection.execute(sa.insert(CREATIONS).values(owner=owner, at=at))

    def said(self, owner: str, resource: str) -> RateLimit | None:
        row = self._rows(owner).get(resource)
        return RateLimit(row.remaining, row.total, row.reset, row.answered) if row else None

    def note(self, owner: str, resource: str, said: RateLimit) -> None:
        since = abs(self._clock() - self._written.get((owner, resource), -FRESH_S))
        if since < FRESH_S and said.remaining > said.total / 10:
            return
        self._written[owner, resource] = self._clock()
        values = {"remaining": said.remaining, "total": said.total, "reset": said.reset, "answered": said.at}
        self._write(owner, resource, values)

    def paused_until(self, owner: str) -> float:
        row = self._rows(owner).get(EVERYTHING)
        return float(row.paused_until) if row else 0.0

    def pause(self, owner: str, until: float) -> None:
        if until > self.paused_until(owner):
            values = {"remaining": 0, "total": 0, "reset": until, "answered": self._clock(), "paused_until": until}
            self._write(owner, EVERYTHING, values)

    def next_write(self, owner: str, now: float, apart: float) -> float:
        """A next write further away than anybody waits was noted by a wrong clock: it is ignored."""
        after = LIMITS.c.reset + apart
        place = sa.case((sa.and_(after > now, after <= now + WAIT_FOR_TURN_S), after), else_=now)
        values = {"remaining": 0, "total": 0, "reset": now, "answered": now}
        query = insert_into(LIMITS, self._engine).values(owner=owner, resource=WRITES, **values)
        query = query.on_conflict_do_update(index_elements=["owner", "resource"], set_={"reset": place})
        with self._engine.begin() as connection:
            return float(connection.execute(query.returning(LIMITS.c.reset)).scalar_one())

    def _rows(self, owner: str) -> dict[str, Any]:
        at, rows = self._read.get(owner, (-FRESH_S, {}))
        if abs(self._clock() - at) >= FRESH_S:
            with self._engine.connect() as connection:
                found = connection.execute(sa.select(LIMITS).where(LIMITS.c.owner == owner)).all()
            rows = {row.resource: row for row in found}
            self._read[owner] = (self._clock(), rows)
        return rows

    def _write(self, owner: str, resource: str, values: dict[str, Any]) -> None:
        query = insert_into(LIMITS, self._engine).values(owner=owner, resource=resource, **values)
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["owner", "resource"], set_=values))
        self._read.pop(owner, None)
