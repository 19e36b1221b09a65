"""Which App wrote a comment in its author's name: what deliveries tell of it, and what GitHub once answered."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from app.domain.product.issue import Through
from app.store.schema import COMMENT_APPS, INBOX
from app.store.upsert import insert_into

PERFORMED = "performed_via_github_app"
MOST = 1_000


class CommentApps:
    """What GitHub tells by webhook and REST alone: the reading of a product does not have it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, product: str, comments: Collection[int]) -> dict[int, Through]:
        """Those that are known: kept, or told by a delivery that waits for its turn."""
        kept = sa.select(COMMENT_APPS).where(
            COMMENT_APPS.c.product == product, COMMENT_APPS.c.comment.in_(list(comments))
        )
        waiting = sa.select(INBOX.c.payload).where(
            INBOX.c.product == product, INBOX.c.event == "issue_comment", INBOX.c.done.is_(None)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(kept).all()
            payloads = connection.execute(waiting.order_by(INBOX.c.id.desc()).limit(MOST)).scalars().all()
        found = {row.comment: Through(row.app, row.slug, row.name) for row in rows}
        for payload in payloads:
            number, through = _told(payload)
            if number in comments and through is not None:
                found[number] = through
        return found

    def keep(self, product: str, found: Mapping[int, Through]) -> None:
        """Once told, it does not change."""
        rows = [
            {"comment": number, "product": product, "app": one.app, "slug": one.slug, "name": one.name}
            for number, one in found.items()
        ]
        if rows:
            with self._engine.begin() as connection:
                insert = insert_into(COMMENT_APPS, connection).values(rows)
                connection.execute(insert.on_conflict_do_nothing())


def through(comment: Mapping[str, Any]) -> Through | None:
    """What GitHub's own JSON of a comment says; None when it is silent."""
    if PERFORMED not in comment:
        return None
    app = comment[PERFORMED]
    return Through(int(app["id"]), str(app.get("slug") or ""), str(app.get("name") or "")) if app else Through()


def _told(payload: bytes) -> tuple[int, Through | None]:
    try:
        told: Any = json.loads(payload)
        return int(told["comment"]["id"]), through(told["comment"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0, None
