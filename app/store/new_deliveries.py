"""A volley of deliveries kept by one statement, which tells those that were not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.store.payloads import compressed

KEPT = ("delivery", "event", "product", "payload", "received", "queued")
INSERT = (
    "INSERT INTO jalon_inbox (delivery, event, product, payload, received, queued) VALUES {rows}"
    " ON CONFLICT (delivery) DO NOTHING RETURNING delivery"
)


def keep_new(database: sa.Engine, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The deliveries that were not known. Raises sa.exc.SQLAlchemyError, and then has kept none.

    As text, by the driver itself: made of values it took as long to make as to run, and SQLAlchemy's answer half that.
    """
    is_sqlite = database.dialect.name == "sqlite"
    marks = ", ".join("?" if is_sqlite else "%b" if name == "payload" else "%s" for name in KEPT)
    text = INSERT.format(rows=", ".join([f"({marks})"] * len(rows)))
    values = tuple(compressed(row[name]) if name == "payload" else row[name] for row in rows for name in KEPT)
    with _driver_connection(database, text) as connection:
        return _in_one_go(connection, text, values) if is_sqlite else _by_itself(connection, text, values)


@contextmanager
def _driver_connection(database: sa.Engine, text: str) -> Iterator[Any]:
    """Of the pool; what the driver raises meanwhile is raised as SQLAlchemy does."""
    driver, raw = database.dialect.loaded_dbapi, None
    try:
        raw = database.raw_connection()
        yield raw.driver_connection
    except driver.Error as error:
        if raw is not None and database.dialect.is_disconnect(error, raw, None):
            raw.invalidate(error)
        raise sa.exc.DBAPIError.instance(text, None, error, driver.Error, hide_parameters=True) from error
    finally:
        if raw is not None:
            raw.close()


def _in_one_go(connection: Any, text: str, values: Sequence[object]) -> set[str]:
    """SQLite's connection begins a transaction of its own."""
    found = {delivery for (delivery,) in connection.execute(text, values)}
    connection.commit()
    return found


def _by_itself(connection: Any, text: str, values: Sequence[object]) -> set[str]:
    """On PostgreSQL the statement is a transaction: to begin one and to end it are two more journeys."""
    connection.autocommit = True
    try:
        return {delivery for (delivery,) in connection.execute(text, values)}
    finally:
        if not connection.closed:
            connection.autocommit = False
