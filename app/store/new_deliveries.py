"""A volley of deliveries kept by one statement, which tells those that were not known."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.store.payloads import compressed

KEPT = ("delivery", "event", "product", "payload", "received", "queued")
INSERT = (
    "INSERT{or_else} INTO jalon_inbox (delivery, event, product, payload, received, queued) VALUES {rows}"
    " ON CONFLICT (delivery) DO NOTHING RETURNING delivery"
)
OR_ELSE = " OR ROLLBACK"
"""SQLite can undo one statement of a transaction, for which it makes a file each time; here it is the only one."""


class NewDeliveries:
    """As text, by the driver itself: made of values it takes as long to make as to run, SQLAlchemy's answer half that.

    On PostgreSQL the statement is a transaction, to begin one and to end it being two more journeys, and goes by a
    connection of its own: to test one of the pool is a third.
    """

    def __init__(self, database: sa.Engine) -> None:
        self._database, self._is_sqlite = database, database.dialect.name == "sqlite"
        self._own: sa.PoolProxiedConnection | None = None
        self._is_listening = False
        self._one_by_one = threading.Lock()

    def keep(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        """The deliveries that were not known. Raises sa.exc.SQLAlchemyError, and then has kept none."""
        marks = ", ".join("?" if self._is_sqlite else "%b" if name == "payload" else "%s" for name in KEPT)
        text = INSERT.format(or_else=OR_ELSE if self._is_sqlite else "", rows=", ".join([f"({marks})"] * len(rows)))
        values = [compressed(row[name]) if name == "payload" else row[name] for row in rows for name in KEPT]
        if self._is_sqlite:
            return self._by_the_pool(text, values)
        with self._one_by_one:
            try:
                return self._by_our_own(text, values)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                # The server was started again, say. What it may have kept already is not kept twice.
                return self._by_our_own(text, values)

    def _by_the_pool(self, text: str, values: Sequence[object]) -> set[str]:
        raw = None
        try:
            raw = self._database.raw_connection()
            found = _told(raw, text, values)
            raw.commit()
        except self._driver.Error as error:
            raise self._as_sqlalchemy(text, error) from error
        finally:
            if raw is not None:
                raw.close()
        return found

    def _by_our_own(self, text: str, values: Sequence[object]) -> set[str]:
        raw = self._own
        try:
            if raw is None:
                raw = self._opened()
            return _told(raw, text, values)
        except self._driver.Error as error:
            is_lost = raw is not None and self._database.dialect.is_disconnect(error, raw, None)
            if is_lost:
                self._let_go()
            raise self._as_sqlalchemy(text, error, is_lost=is_lost) from error

    def _opened(self) -> sa.PoolProxiedConnection:
        raw = self._database.raw_connection()
        connection: Any = raw.dbapi_connection
        raw.detach()
        connection.autocommit = True
        self._own = raw  # not before: what another volley sent by it would be kept by nobody
        if not self._is_listening:
            sa.event.listen(self._database, "engine_disposed", self._let_go)
            self._is_listening = True
        return raw

    def _let_go(self, _disposed: sa.Engine | None = None) -> None:
        raw, self._own = self._own, None
        if raw is not None:
            raw.close()

    @property
    def _driver(self) -> Any:
        return self._database.dialect.loaded_dbapi

    def _as_sqlalchemy(self, text: str, error: Exception, *, is_lost: bool = False) -> Exception:
        return sa.exc.DBAPIError.instance(
            text, None, error, self._driver.Error, hide_parameters=True, connection_invalidated=is_lost
        )


def _told(raw: sa.PoolProxiedConnection, text: str, values: Sequence[object]) -> set[str]:
    connection: Any = raw.dbapi_connection
    return {delivery for (delivery,) in connection.execute(text, values)}
