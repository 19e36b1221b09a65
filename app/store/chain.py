"""The digests that chain a product's facts: a missing, altered or moved fact, or one of another product, shows."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

import sqlalchemy as sa

log = logging.getLogger(__name__)


def chained_digest(previous: str, row: Any) -> str:
    """The digest of a fact in its place: its product, its rank, its cause, and every fact before it.

    The repository and number are those of its row: a product renamed or transferred since keeps its links.
    """
    named = [2, row.product, row.repository, row.number, row.seq, row.cause]
    place = json.dumps(named, ensure_ascii=False, default=str)  # SQLite lets a hand put bytes there: no link of ours
    return hashlib.sha256(f"{previous}\n{place}\n{row.fact}".encode()).hexdigest()


def former_link(previous: str, text: str) -> str:
    """The digest used before version 7 of the schema, which covered the fact and those before it only."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def reseal(connection: sa.Connection, facts: sa.Table) -> None:
    """Give every fact the new digest where its former one was right.

    A fact whose former digest was wrong keeps it, and `verify` still reports it.
    """
    products = connection.execute(sa.select(facts.c.product).distinct().order_by(facts.c.product)).scalars().all()
    sealed, broken = 0, 0
    for product in products:
        rows = connection.execute(sa.select(facts).where(facts.c.product == product).order_by(facts.c.seq)).all()
        fresh = _resealed(rows)
        sealed, broken = sealed + len(fresh), broken + len(rows) - len(fresh)
        if fresh:
            place = sa.and_(facts.c.product == product, facts.c.seq == sa.bindparam("place"))
            connection.execute(sa.update(facts).where(place).values(digest=sa.bindparam("sealed")), fresh)
    if products:
        log.warning("register sealed anew: %d facts of %d products, each with its place", sealed, len(products))
    if broken:
        log.error("register: %d links were broken before and stay so: run `jalon register verify`", broken)


def _resealed(rows: Any) -> list[dict[str, Any]]:
    """The new digest of each fact whose former digest was right."""
    former, new, expected, fresh = "", "", 1, []
    for row in rows:
        held = row.seq == expected and row.digest == former_link(former, row.fact)
        new = chained_digest(new, row) if held else row.digest
        if held:
            fresh.append({"place": row.seq, "sealed": new})
        former, expected = row.digest, row.seq + 1
    return fresh
