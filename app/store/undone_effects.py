"""Changes that GitHub refused: reported to the administrator, and retried until they are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.store.schema import UNDONE
from app.store.troubles import Troubles

KINDS = frozenset({"addresses", "sso", "suspended", "archived", "permission", "refusal", "board"})
"""Kinds of trouble noted from here, by repository."""
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""Delay before a retry: doubled each time, an hour at most."""


@dataclass(frozen=True)
class Left:
    """A change that could not be made on one product; `said` is GitHub's sentence."""

    product: str
    repository: str
    number: int
    kind: str
    said: str
    since: datetime
    due: datetime


class UndoneEffects:
    """One row per product and kind of refusal, until a turn of the product no longer meets it."""

    def __init__(self, engine: sa.Engine, troubles: Troubles) -> None:
        self._engine, self._troubles = engine, troubles

    def keep(self, product: str, where: tuple[str, int], left: Mapping[str, str], now: datetime) -> None:
        """Store what a turn could not do, by kind of refusal; a kind that it did not meet is over."""
        known = {one.kind: one for one in self.of(product)}
        if not left and not known:
            return
        mine = UNDONE.c.product == product
        with self._engine.begin() as connection:
            connection.execute(sa.delete(UNDONE).where(mine))
            for kind, said in left.items():
                since = known[kind].since if kind in known else now
                due = now + min(max(FIRST, now - since), LONGEST)
                row = {"product": product, "kind": kind, "repository": where[0], "number": where[1], "said": said}
                times = {"since": since.timestamp(), "due": due.timestamp()}
                connection.execute(sa.insert(UNDONE).values(**row, **times))
        for kind, said in left.items():
            self._troubles.note(kind, where[0], said)
        self.over(where[0], {one.kind for one in known.values()} - set(left))

    def met(self, kind: str, subject: str, said: str) -> None:
        """A refusal that stopped a whole turn."""
        self._troubles.note(kind, subject, said)

    def over(self, subject: str, kinds: Iterable[str] = KINDS) -> None:
        """These kinds are over for a repository, unless one of its products still waits because of them."""
        known = self._troubles.known(subject) & set(kinds)
        if not known:
            return
        with self._engine.connect() as connection:
            query = sa.select(UNDONE.c.kind).where(UNDONE.c.repository == subject).distinct()
            known -= set(connection.execute(query).scalars())
        for kind in known:
            self._troubles.clear(kind, subject)

    def of(self, product: str) -> tuple[Left, ...]:
        return self._where(UNDONE.c.product == product)

    def due(self, now: datetime) -> tuple[Left, ...]:
        """What is due for a retry, the longest awaited first."""
        return self._where(UNDONE.c.due <= now.timestamp())

    def _where(self, condition: sa.ColumnElement[bool]) -> tuple[Left, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(UNDONE).where(condition).order_by(UNDONE.c.due)).all()
        return tuple(
            Left(row.product, row.repository, row.number, row.kind, row.said, _time(row.since), _time(row.due))
            for row in rows
        )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
