"""Requests for support now open: nothing is decided on them, so no fact tells of them, and pages find them here."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.schema import SUPPORTS


@dataclass(frozen=True)
class SupportRequest:
    """An issue that asks for support; `needs` are what it asks, as its labels say it."""

    repository: str
    number: int
    title: str
    needs: tuple[str, ...]


class SupportRequests:
    """One row per issue, until it is closed, deleted, or asks for support no longer."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def keep(self, issue: str, asked: SupportRequest | None) -> None:
        """What an issue asks for now; None: nothing. Written only when it changed."""
        mine = SUPPORTS.c.issue == issue
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(SUPPORTS).where(mine)).one_or_none()
        if (_read(row) if row else None) == asked:
            return
        with self._engine.begin() as connection:
            connection.execute(sa.delete(SUPPORTS).where(mine))
            if asked:
                values = {"repository": asked.repository, "number": asked.number, "title": asked.title}
                connection.execute(sa.insert(SUPPORTS).values(issue=issue, needs=json.dumps(asked.needs), **values))

    def of(self, repository: str) -> tuple[SupportRequest, ...]:
        """Those of one backlog, the latest filed first."""
        query = sa.select(SUPPORTS).where(SUPPORTS.c.repository == repository).order_by(SUPPORTS.c.number.desc())
        with self._engine.connect() as connection:
            return tuple(map(_read, connection.execute(query)))


def _read(row: sa.Row[tuple[object, ...]]) -> SupportRequest:
    return SupportRequest(row.repository, row.number, row.title, tuple(json.loads(row.needs)))
