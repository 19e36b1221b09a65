"""What channels are to be told: kept from the fact on until it is said or given up, each thing once a channel.

A row is taken for a while before it is sent: a process that dies between the sending and the note that it was sent
lets one more message go, once that while is over; and never loses one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from app.domain.product.facts import History
from app.domain.report.news import FRESH, News, event_of
from app.store.schema import NEWS, OUTBOX
from app.store.upsert import insert_into

AFTER_S = (60.0, 300.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0)
"""How long after each failure to try again; the last one for ever."""
TAKEN_S = 600.0
"""Longer than any sending: what is taken for longer was taken by a process that died."""
PACE_S = 60.0
"""One message a minute at most on a channel, whatever there is to say."""
REMEMBERED_S = 60 * 24 * 3600.0
"""How long what was said is remembered, so as not to say it again."""
AT_ONCE = 200
DIGEST = "digest"


def note_news(connection: sa.Connection, product: str, known: int, facts: History) -> None:
    """In the transaction that records facts: those of which channels may have to be told."""
    found = ((seq, event_of(fact)) for seq, fact in enumerate(facts, start=known + 1))
    rows = [{"product": product, "seq": seq, "event": one[0], "gate": one[1]} for seq, one in found if one]
    if rows:
        connection.execute(insert_into(NEWS, connection).on_conflict_do_nothing(), rows)


@dataclass(frozen=True)
class FreshFact:
    """A fact that is news, by its product's node id and its rank there."""

    product: str
    seq: int
    event: str
    gate: int


@dataclass(frozen=True)
class Queued:
    """One row: a piece of news for one channel, and what became of it."""

    id: int
    channel: str
    news: News
    made: float
    tries: int
    not_before: float
    said: float | None
    failed: float | None


class Outbox:
    """Shared by every worker. Moments are seconds since 1970, by the caller's clock."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def fresh(self) -> tuple[FreshFact, ...]:
        """The facts not looked at yet."""
        query = sa.select(NEWS).order_by(NEWS.c.product, NEWS.c.seq).limit(AT_ONCE)
        with self._engine.connect() as connection:
            return tuple(FreshFact(row.product, row.seq, row.event, row.gate) for row in connection.execute(query))

    def seen(self, found: Iterable[FreshFact]) -> None:
        """They were looked at, and what they had to tell was put."""
        with self._engine.begin() as connection:
            for one in found:
                connection.execute(sa.delete(NEWS).where(NEWS.c.product == one.product, NEWS.c.seq == one.seq))

    def put(self, channel: str, news: Iterable[News], now: float) -> int:
        """Keep what the channel was not told yet, nor is about to be; how many."""
        added = 0
        with self._engine.begin() as connection:
            for one in news:
                about = f"{one.repository}#{one.number}" if one.number else one.repository
                values = {"channel": channel, "event": one.event, "product": about, "cause": one.cause, "made": now}
                query = insert_into(OUTBOX, self._engine).values(**values, value=json.dumps(asdict(one)))
                done = connection.execute(query.on_conflict_do_nothing().returning(OUTBOX.c.id))
                added += done.scalar() is not None
        return added

    def waiting(self) -> tuple[str, ...]:
        """The channels that have something to be told, now or later."""
        query = sa.select(OUTBOX.c.channel).where(_is_pending()).distinct().order_by(OUTBOX.c.channel)
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def take(self, channel: str, now: float) -> tuple[Queued, ...]:
        """What makes its next message, oldest first; nothing before its time, nor while another process sends it.

        A digest makes a message of its own; all the rest makes one, whatever there is of it.
        """
        mine = OUTBOX.c.channel == channel
        with self._engine.begin() as connection:
            rows = connection.execute(sa.select(OUTBOX).where(mine, _is_pending()).order_by(OUTBOX.c.id)).all()
            last = connection.execute(sa.select(sa.func.max(OUTBOX.c.said)).where(mine)).scalar()
            is_too_soon = last is not None and abs(now - last) < PACE_S
            if not rows or is_too_soon or max(row.not_before for row in rows) > now:
                return ()
            alone = rows[0].event == DIGEST
            first = [row.id for row in rows[:AT_ONCE] if (row.event == DIGEST) == alone][: 1 if alone else AT_ONCE]
            claim = sa.update(OUTBOX).where(OUTBOX.c.id.in_(first), _is_pending(), OUTBOX.c.not_before <= now)
            claim = claim.values(tries=OUTBOX.c.tries + 1, not_before=now + TAKEN_S).returning(OUTBOX)
            return tuple(sorted(_queued(connection.execute(claim)), key=lambda one: one.id))

    def said(self, found: Iterable[Queued], now: float) -> None:
        self._set([one.id for one in found], said=now)

    def missed(self, found: Iterable[Queued], now: float) -> tuple[Queued, ...]:
        """The channel could not be told: each is tried again later; those that are given up, too old."""
        old = [one for one in found if now - one.made >= FRESH.total_seconds()]
        young = [one for one in found if one not in old]
        self._set([one.id for one in old], failed=now)
        if young:
            tries = max(one.tries for one in young)
            self._set([one.id for one in young], not_before=now + AFTER_S[min(tries, len(AFTER_S)) - 1])
        return tuple(old)

    def all(self) -> tuple[Queued, ...]:
        """What waits, was said or was given up lately, the latest first."""
        with self._engine.connect() as connection:
            return tuple(_queued(connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.id.desc()).limit(AT_ONCE))))

    def forget(self, now: float) -> None:
        """What was said or given up so long ago that nothing could say it again."""
        is_over = sa.or_(OUTBOX.c.said.is_not(None), OUTBOX.c.failed.is_not(None))
        with self._engine.begin() as connection:
            connection.execute(sa.delete(OUTBOX).where(is_over, OUTBOX.c.made < now - REMEMBERED_S))

    def _set(self, ids: list[int], **values: float) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**values))


def _is_pending() -> sa.ColumnElement[bool]:
    return sa.and_(OUTBOX.c.said.is_(None), OUTBOX.c.failed.is_(None))


def _queued(rows: Iterable[sa.Row]) -> Iterator[Queued]:  # type: ignore[type-arg]
    for row in rows:
        news = News(**json.loads(row.value))
        yield Queued(row.id, row.channel, news, row.made, row.tries, row.not_before, row.said, row.failed)
