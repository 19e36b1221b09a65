"""A fingerprint of each issue after its last turn: a sweep only looks again at issues that have changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from app.store.schema import SIGHTS


@dataclass(frozen=True)
class IssueSnapshot:
    product: str
    repository: str
    number: int
    fingerprint: str
    due: datetime | None = None
    """When time alone will change the product, such as a deadline."""


class IssueSnapshots:
    """One row per issue; losing them costs readings, never a decision."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def keep(self, snapshot: IssueSnapshot) -> None:
        values = {"repository": snapshot.repository, "number": snapshot.number, "fingerprint": snapshot.fingerprint}
        values |= {"due": snapshot.due.timestamp() if snapshot.due else None}
        with self._engine.begin() as connection:
            known = sa.update(SIGHTS).where(SIGHTS.c.product == snapshot.product).values(**values)
            if not connection.execute(known).rowcount:
                connection.execute(sa.insert(SIGHTS).values(product=snapshot.product, **values))

    def of(self, products: Iterable[str]) -> dict[str, IssueSnapshot]:
        """By product; those never seen are absent."""
        return {snapshot.product: snapshot for snapshot in self._where(SIGHTS.c.product.in_(list(products)))}

    def due(self, now: datetime) -> tuple[IssueSnapshot, ...]:
        """Products whose time has come, the longest overdue first."""
        return self._where(SIGHTS.c.due <= now.timestamp())

    def next_due(self) -> datetime | None:
        with self._engine.connect() as connection:
            due = connection.execute(sa.select(sa.func.min(SIGHTS.c.due))).scalar()
        return datetime.fromtimestamp(due, UTC) if due is not None else None

    def _where(self, condition: sa.ColumnElement[bool]) -> tuple[IssueSnapshot, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(SIGHTS).where(condition).order_by(SIGHTS.c.due)).all()
        return tuple(
            IssueSnapshot(
                row.product,
                row.repository,
                row.number,
                row.fingerprint,
                datetime.fromtimestamp(row.due, UTC) if row.due is not None else None,
            )
            for row in rows
        )
