"""Insert or update one row in a single statement, which two processes may run at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: sa.Table, bind: sa.Engine | sa.Connection) -> Any:
    """The insert of the database in use, which offers `on_conflict_do_…`."""
    return sqlite.insert(table) if bind.dialect.name == "sqlite" else postgresql.insert(table)
