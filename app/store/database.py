"""Opens the database: one SQLite file, or PostgreSQL when several machines share the work."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.store.upgrades import upgrade

CONNECTIONS = 20
PATIENCE_MS = 30_000


LASTING = ("28", "3D", "42")
"""SQLSTATE classes of PostgreSQL errors that only a person can end: access, database name, rights."""
REFUSED = re.compile(
    r"authentication|authentification|pg_hba|role |rôle|database \S+ does not exist|n'existe pas|n’existe pas"
)
"""The same for refused connections, which carry no SQLSTATE; the server's sentences in English and in French."""


def passes(error: sa.exc.SQLAlchemyError) -> bool:
    """Whether the error may pass by itself: a full disk, a file held by another program, a server that is away."""
    if not isinstance(error, sa.exc.DBAPIError):
        return isinstance(error, sa.exc.TimeoutError)
    told = str(error.orig)
    if isinstance(error.orig, sqlite3.Error):
        return any(word in told for word in ("full", "locked", "disk I/O"))
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return not state.startswith(LASTING)
    return isinstance(error, sa.exc.OperationalError) and not REFUSED.search(told)


def open_database(url: str) -> sa.Engine:
    """The database, upgraded to the current version of its schema; raises TooRecentError, sa.exc.SQLAlchemyError."""
    engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    try:
        upgrade(engine)
    except Exception:
        engine.dispose()
        raise
    return engine


def compact(engine: sa.Engine, tables: Sequence[str]) -> None:
    """Give back the room of what was deleted from these tables, so that no file of the database holds it any more.

    Raises sa.exc.SQLAlchemyError while others read or write there.
    """
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        if engine.dialect.name == "sqlite":
            _compact_sqlite(connection)
        else:
            _compact_postgresql(connection, tables)
    finally:
        raw.close()


def _compact_sqlite(connection: Any) -> None:
    former, connection.isolation_level = connection.isolation_level, None
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        raise sa.exc.OperationalError("VACUUM", None, error) from error
    finally:
        connection.isolation_level = former


def _compact_postgresql(connection: Any, tables: Sequence[str]) -> None:
    former, connection.autocommit = connection.autocommit, True
    try:
        for table in tables:
            connection.execute(f"VACUUM (FULL) {table}")
    finally:
        connection.autocommit = former


def _sqlite(url: str) -> sa.Engine:
    """One connection per process: several would only wait for each other to write."""
    _keep_private(sa.make_url(url).database)
    engine = sa.create_engine(url, hide_parameters=True, pool_size=1, max_overflow=0, poolclass=sa.pool.QueuePool)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _keep_private(path: str | None) -> None:
    """The file is readable by its owner only, whatever the umask; SQLite gives its side files the same mode."""
    if not path or path.startswith((":", "file:")):
        return
    with suppress(OSError):  # a missing folder or a full disk is reported by SQLite itself
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        Path(path).chmod(0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    connection.text_factory = _text
    for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    if sqlite3.sqlite_version_info < (3, 42):
        # The engine asks for unixepoch('subsec'), which older SQLite libraries lack.
        connection.create_function("unixepoch", -1, lambda *a: time.time() if "subsec" in a else int(time.time()))


def _text(data: bytes) -> str:
    """One text damaged by a hand or a disk must not keep the others from being read; the damage shows in it."""
    return data.decode(errors="replace")


def _postgresql(url: str) -> sa.Engine:
    """Connections are tested before use, since the server may restart, and no transaction may stay open for long."""
    driver = url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)
    options = f"-c statement_timeout={PATIENCE_MS} -c idle_in_transaction_session_timeout={PATIENCE_MS * 2}"
    return sa.create_engine(
        driver,
        hide_parameters=True,  # people's words must not reach a log
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 10},
    )
