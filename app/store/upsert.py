"""A row written whether or not it is there, in one statement: two processes may do so at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: sa.Table, bind: sa.Engine | sa.Connection) -> Any:
    """The insertion of the database in use, which knows what to do of a row that is there (`on_conflict_do_…`)."""
    return sqlite.insert(table) if bind.dialect.name == "sqlite" else postgresql.insert(table)
