"""What a witness remembers, in an SQLite file of its own: for each log, the last checkpoint that it cosigned."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.transparency.witnessing import NOTHING, LastCosigned

TABLES = """
CREATE TABLE IF NOT EXISTS witness_logs (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS witness_refusals (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, request TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (origin, size, root)
);
"""
PATIENCE_S = 10.0
"""How long a request waits for those that came before it."""
REFUSALS = 1000
"""Kept for each log: who signs nonsense without end fills no disk."""
Judge = Callable[[LastCosigned], None]


@dataclass(frozen=True)
class CosignedCheckpoint:
    """The last checkpoint cosigned for a log, and when."""

    origin: str
    size: int
    root: bytes
    note: str
    at: datetime


class CosigningLedger:
    """Several requests, and several processes, may hold one: what is read is still true when it is replaced."""

    def __init__(self, path: str) -> None:
        self._path = path
        with closing(self._open()) as connection:
            connection.executescript(TABLES)

    def advance(self, new: CosignedCheckpoint, judge: Judge) -> None:
        """Replace the last checkpoint of a log, unless `judge`, which is given that one, raises."""
        with self._alone() as connection:
            query = "SELECT size, root FROM witness_logs WHERE origin =?"
            row = connection.execute(query, (new.origin,)).fetchone()
            judge(LastCosigned(row[0], row[1]) if row else NOTHING)
            connection.execute(
                "INSERT INTO witness_logs VALUES (?,?,?,?,?) ON CONFLICT (origin) DO UPDATE SET "
                "size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at",
                (new.origin, new.size, new.root, new.note, new.at.isoformat()),
            )

    def refuse(self, new: CosignedCheckpoint, request: str) -> None:
        """Keep what a log signed against its own word: the first time for each root."""
        with self._alone() as connection:
            query = "SELECT count(*) FROM witness_refusals WHERE origin =?"
            if connection.execute(query, (new.origin,)).fetchone()[0] < REFUSALS:
                connection.execute(
                    "INSERT OR IGNORE INTO witness_refusals VALUES (?,?,?,?,?)",
                    (new.origin, new.size, new.root, request, new.at.isoformat()),
                )

    def known(self) -> tuple[CosignedCheckpoint, ...]:
        query = "SELECT origin, size, root, note, at FROM witness_logs ORDER BY origin"
        with closing(self._open()) as connection:
            rows = connection.execute(query).fetchall()
        return tuple(
            CosignedCheckpoint(origin, size, root, note, datetime.fromisoformat(at))
            for origin, size, root, note, at in rows
        )

    def refusals(self) -> tuple[tuple[str, int, str], ...]:
        """Origin, size and request of each of those kept."""
        with closing(self._open()) as connection:
            query = "SELECT origin, size, request FROM witness_refusals ORDER BY at, origin, size"
            return tuple(connection.execute(query).fetchall())

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=PATIENCE_S, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")  # on the disk before it is answered, whatever was compiled in
        return connection

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """A transaction that keeps every other writer out from its beginning, and is kept once it ends well."""
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
