"""The digests that chain a product's facts, so that one missing, altered, moved or given to another product shows."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

import sqlalchemy as sa

log = logging.getLogger(__name__)


def linked(previous: str, row: Any) -> str:
    """The digest of a fact where it stands: its product, its place, what asked for it, and every fact before it.

    The repository and the number are those its row names: a product renamed or transferred since keeps its links.
    """
    named = [2, row.product, row.repository, row.number, row.seq, row.cause]
    place = json.dumps(named, ensure_ascii=False, default=str)  # SQLite lets a hand put bytes there: no link of ours
    return hashlib.sha256(f"{previous}\n{place}\n{row.fact}".encode()).hexdigest()


def former_link(previous: str, text: str) -> str:
    """The digest of versions before 7 of the schema, which covered the fact and those before it alone."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def reseal(connection: sa.Connection, facts: sa.Table) -> None:
    """Give every fact the digest that covers its place, where the former one still held.

    A former link found broken keeps its digest, which then fits no more: it stays broken for whoever verifies.
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
    """The new digest of each fact whose former link held."""
    former, new, expected, fresh = "", "", 1, []
    for row in rows:
        held = row.seq == expected and row.digest == former_link(former, row.fact)
        new = linked(new, row) if held else row.digest
        if held:
            fresh.append({"place": row.seq, "sealed": new})
        former, expected = row.digest, row.seq + 1
    return fresh
