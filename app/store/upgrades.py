"""What brings a database from one version of its tables to the next, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from app.store.chain import reseal
from app.store.schema import FACTS, METADATA, VERSIONS

_LOCK = 0x6A616C6F6E  # "jalon": two processes that start together must not both change the schema

STEPS: Mapping[int, Sequence[str]] = {
    2: (
        "ALTER TABLE jalon_inbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE jalon_inbox ADD COLUMN replays INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE jalon_inbox ADD COLUMN parked INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX jalon_inbox_waiting ON jalon_inbox (product, done)",
        "CREATE INDEX jalon_inbox_parked ON jalon_inbox (parked)",
        "UPDATE jalon_inbox SET parked = 1 WHERE outcome LIKE 'failed%'",
    ),
    3: ("ALTER TABLE jalon_inbox ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",),
    4: (
        "ALTER TABLE jalon_inbox ADD COLUMN queued INTEGER NOT NULL DEFAULT 1",
        "CREATE INDEX jalon_inbox_unqueued ON jalon_inbox (id) WHERE queued = 0",
    ),
    5: (
        "ALTER TABLE jalon_inbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE jalon_inbox ADD COLUMN not_before FLOAT NOT NULL DEFAULT 0",
    ),
    6: ("CREATE INDEX jalon_inbox_unfinished ON jalon_inbox (id) WHERE done IS NULL",),
    7: (),
    8: (),
    9: ("DROP TABLE IF EXISTS jalon_presents",),  # made again from the facts, with the words of each product
    10: ("DROP TABLE IF EXISTS jalon_presents",),  # once more, with what each product is for
    11: (),  # deliveries are kept compressed from now on; those of before are read as they are
}
"""What brings a database to each version from the one before; tables that are new altogether need no step."""
WORKS: Mapping[int, Callable[[sa.Connection], None]] = {7: lambda connection: reseal(connection, FACTS)}
"""What statements alone cannot do, by version; done after the statements of that version."""
LATEST = max(STEPS)


class TooRecentError(Exception):
    """The database was written by a later version of Jalon."""


def upgrade(engine: sa.Engine) -> int:
    """Bring the database to this version, all or nothing; returns the version found. Raises TooRecentError."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = _version(connection)
        if found > LATEST:
            raise TooRecentError(f"the database is at version {found}, this Jalon knows {LATEST} at most")
        for version in range(found + 1, LATEST + 1):
            for statement in STEPS[version]:
                connection.execute(sa.text(statement))
            if version in WORKS:
                WORKS[version](connection)
        METADATA.create_all(connection)
        connection.execute(sa.delete(VERSIONS))
        connection.execute(sa.insert(VERSIONS).values(version=LATEST))
        connection.commit()
    return found


def _version(connection: sa.Connection) -> int:
    """The first version numbered nothing; an empty database is made at the latest one at once."""
    names = sa.inspect(connection).get_table_names()
    if "jalon_schema" in names:
        return int(connection.execute(sa.select(VERSIONS.c.version)).scalar_one())
    return 1 if "jalon_inbox" in names else LATEST
