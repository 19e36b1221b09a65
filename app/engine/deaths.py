"""Deliveries whose turn ended with the process: counted, their product left alone when they are too many, forgiven."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.schema import INBOX

KILLED = "the worker died"
"""How the reason of a delivery begins when it was parked because processes died during its turn."""


class Deaths:
    """Counted by `Inbox.begin`, before a turn starts: a turn may take its process with it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, delivery: str) -> int:
        """How many processes died during its turns so far; 0 when the database does not say."""
        query = sa.select(INBOX.c.attempts).where(INBOX.c.delivery == delivery, INBOX.c.done.is_(None))
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(query).scalar() or 0)
        except sa.exc.SQLAlchemyError:
            return 0

    def forgive(self, delivery: str) -> None:
        """The turn has now done something that it had not done before: its former deaths no longer count."""
        query = sa.update(INBOX).where(INBOX.c.delivery == delivery, INBOX.c.attempts > 1).values(attempts=1)
        with self._engine.begin() as connection:
            connection.execute(query)

    def culprit(self, product: str) -> str:
        """The delivery of a product that was parked for its deaths and not replayed since; empty when there is none."""
        mine = (INBOX.c.parked == 1, INBOX.c.product == product, INBOX.c.outcome.startswith(KILLED))
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(INBOX.c.delivery).where(*mine).order_by(INBOX.c.id).limit(1))
            return str(found.scalar() or "")
