"""How far a former version of Jalon had read each product: worked out once by this version's first turn, then kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.domain.product.former_readings import FormerReading
from app.store.schema import INBOX, READINGS


class FormerReadings:
    """One row per product that a former version followed. Without it, the comments themselves tell nearly as much."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, product: str) -> FormerReading | None:
        query = sa.select(READINGS).where(READINGS.c.product == product)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return FormerReading(row.newest, datetime.fromtimestamp(row.moment, UTC)) if row else None

    def keep(self, product: str, reading: FormerReading) -> None:
        """Kept once: another turn may have written it meanwhile."""
        values = {"product": product, "newest": reading.newest, "moment": reading.moment.timestamp()}
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(READINGS).values(**values))
        except sa.exc.IntegrityError:
            return

    def unread(self, product: str) -> frozenset[int]:
        """Comments of deliveries that no turn has handled successfully since: none of them was certainly read."""
        done = sa.select(sa.func.max(INBOX.c.id)).where(INBOX.c.product == product, INBOX.c.done.is_not(None))
        last = done.where(INBOX.c.parked == 0).scalar_subquery()
        parked = sa.and_(INBOX.c.parked == 1, INBOX.c.id > sa.func.coalesce(last, 0))
        query = sa.select(INBOX.c.payload).where(
            INBOX.c.product == product, INBOX.c.event == "issue_comment", sa.or_(INBOX.c.done.is_(None), parked)
        )
        with self._engine.connect() as connection:
            payloads = connection.execute(query.limit(1_000)).scalars().all()
        return frozenset(filter(None, map(_comment, payloads)))


def _comment(payload: bytes) -> int:
    """The id of the comment that a delivery is about; 0 when there is none."""
    try:
        told: Any = json.loads(payload)
        return int(told["comment"]["id"])
    except (ValueError, KeyError, TypeError):
        return 0
