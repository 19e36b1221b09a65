"""Where deliveries are stored, once each, before GitHub is told they were received, and what became of each."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, Serializer

from app.engine.batch_writer import BatchWriter, Row
from app.engine.deaths import Deaths
from app.engine.stored import Parked, Stored, stored
from app.store import counters
from app.store.new_deliveries import NewDeliveries
from app.store.schema import INBOX
from app.store.upsert import insert_into
from app.turns.wakeup import INTERNAL

QUEUE, WORKFLOW, NAME = "products", "process_delivery", "jalon"
SHORTEST_WAIT_S = 0.2
ORDER, ORDER_MARGIN_S = "order", 2.0
"""Seconds by which the engine may be late in noticing that a delayed delivery is due."""
STALE = "stale"
"""Reason of a delivery put off because GitHub does not show yet what it tells of."""
_LOOKS_AGAIN = sa.func.coalesce(INBOX.c.outcome, "").like(f'%"last": "{STALE}"}}')
PROBE = 64 * 1024
"""Size of the probe in bytes, that of GitHub's larger deliveries: it fails when the disk has no room for them.

Of chance, which nothing compresses.
"""
SHARED = ("issue_comment", "push", *INTERNAL)
"""Events that say nothing beyond what GitHub shows: any later turn of the product, or of the rules, handles them."""

UNFINISHED = "SELECT id FROM jalon_inbox WHERE done IS NULL LIMIT 1"
"""As text: of values it costs twice as much, and it is asked all day long."""


class Json(Serializer):
    """Workflow arguments as JSON: a pickle would run code found in the database."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=repr)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "json"


class Inbox:
    """Shared by the web, which stores, and the workers, which handle."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.time) -> None:
        self.database = self._engine = engine
        self._clock = clock
        self._client: DBOSClient | None = None
        self._group, self._new = BatchWriter(self._keep), NewDeliveries(engine)
        self.arrived = threading.Event()
        """Set each time this process stores a delivery."""
        self.deaths = Deaths(engine)
        self.refused: tuple[float, sa.exc.SQLAlchemyError] | None = None
        """When this process last failed to store a delivery, and why; None since it stored one again."""

    async def gather(self, delivery: str, event: str, product: str, payload: bytes) -> bool:
        """Store a delivery, for a worker to queue; False when it was stored already.

        Deliveries that come together share one transaction.
        """
        return await self._group.put(self._row(delivery, event, product, payload))

    def store(self, delivery: str, event: str, product: str, payload: bytes) -> bool:
        """Store one delivery at once, as `gather` does."""
        return self._keep([self._row(delivery, event, product, payload)])[0]

    def try_writing(self) -> None:
        """Do everything that storing and queueing a large delivery needs, then roll it back; raises SQLAlchemyError."""
        client, name, payload = self._queue(), f"probe:{uuid.uuid4().hex}", os.urandom(PROBE)
        row = {"delivery": name, "event": "probe", "product": name, "payload": payload, "received": self._clock()}
        with self._engine.connect() as connection:
            number = connection.execute(sa.insert(INBOX).values(**row).returning(INBOX.c.id)).scalar_one()
            self._enqueue(client, connection, name, name, number)
            connection.rollback()

    def _row(self, delivery: str, event: str, product: str, payload: bytes) -> Row:
        row = {"delivery": delivery, "event": event, "product": product, "payload": payload}
        return row | {"received": self._clock(), "queued": 0}

    def _keep(self, rows: Sequence[Row]) -> list[bool]:
        try:
            fresh = self._new.keep(rows)
        except sa.exc.SQLAlchemyError as error:
            self.refused = (time.monotonic(), error)
            raise
        self.refused = None
        self.arrived.set()
        outcomes = []
        for row in rows:
            outcomes.append(row["delivery"] in fresh)
            fresh.discard(row["delivery"])
        return outcomes

    def queue_stored(self, most: int) -> int:
        """Queue the turns of stored deliveries, oldest first; returns how many, 0 when none is left."""
        unqueued = sa.select(INBOX.c.id).where(INBOX.c.queued == 0).order_by(INBOX.c.id).limit(most)
        client = self._queue()
        with self._engine.connect() as connection:
            if connection.execute(unqueued.limit(1)).first() is None:
                return 0
        claim = sa.update(INBOX).where(INBOX.c.id.in_(unqueued.with_for_update(skip_locked=True))).values(queued=1)
        with self._engine.begin() as connection:
            rows = connection.execute(
                claim.returning(INBOX.c.id, INBOX.c.delivery, INBOX.c.product, INBOX.c.done)
            ).all()
            for row in sorted(rows, key=lambda row: row.id):
                if row.done is None:  # a turn may have answered it already
                    self._enqueue(client, connection, row.delivery, row.product, row.id)
        return len(rows)

    def _store_and_queue(self, delivery: str, event: str, product: str, payload: bytes) -> bool:
        row = {"delivery": delivery, "event": event, "product": product, "payload": payload, "received": self._clock()}
        insert = insert_into(INBOX, self._engine).values(**row).on_conflict_do_nothing(index_elements=["delivery"])
        client = self._queue()  # before the transaction: making it takes a connection, and SQLite has only one
        with self._engine.begin() as connection:
            number = connection.execute(insert.returning(INBOX.c.id)).scalar()
            if number is None:
                return False
            self._enqueue(client, connection, delivery, product, number)
        return True

    def wake(self, name: str, event: str, product: str, repository: str, number: int, since: str = "") -> bool:
        """Ask for a turn of a product without a webhook; False when this name was used already."""
        payload = {"node_id": product, "repository": repository, "number": number, "since": since}
        return self._store_and_queue(name, event, product, json.dumps(payload).encode())

    def replay(self, delivery: str, *, forgive: bool = True) -> bool:
        """Queue a delivery again, whatever became of it; False when it is unknown or its payload was deleted.

        `forgive` resets the count of failed attempts.
        """
        client = self._queue()
        values: dict[str, Any] = {"done": None, "outcome": None, "parked": 0, "queued": 1, "not_before": 0}
        values |= {"replays": INBOX.c.replays + 1}
        again = (
            sa.update(INBOX)
            .where(INBOX.c.delivery == delivery, sa.func.length(INBOX.c.payload) > 0)
            .values(**values, **({"attempts": 0, "failures": 0, "tries": 0} if forgive else {}))
            .returning(INBOX.c.id, INBOX.c.product, INBOX.c.replays)
        )
        with self._engine.begin() as connection:
            row = connection.execute(again).one_or_none()
            if row is None:
                return False
            self._enqueue(client, connection, delivery, row.product, row.id, workflow_of(delivery, row.replays))
        return True

    def _queue(self) -> DBOSClient:
        """The engine's client. Its tables are made first: a web process may start before any worker."""
        if self._client is None:
            # Also when the tables exist: an older release, or a worker half-way through its start, may have made some.
            url = self._engine.url.set(drivername=self._engine.dialect.name)
            DBOS.migrate(url.render_as_string(hide_password=False))
            self._client = DBOSClient(
                system_database_engine=self._engine,
                application_name=NAME,
                serializer=Json(),
                retry_connection_errors=False,
            )
        return self._client

    def _enqueue(
        self,
        client: DBOSClient,
        connection: sa.Connection,
        delivery: str,
        product: str,
        number: int,
        name: str = "",
        delay: float = 0,
    ) -> None:
        options: Any = {
            "queue_name": QUEUE,
            "workflow_name": WORKFLOW,
            "workflow_id": name or delivery,
            "queue_partition_key": product,
            "priority": number,
            **({"delay_seconds": delay} if delay else {}),
        }
        client.enqueue_in_transaction(connection, options, delivery)

    def begin(self, delivery: str, *, again: bool = False) -> Stored:
        """Count one more attempt before it starts: a turn may take the whole process with it.

        `again`: the last attempt ended without its process dying, and this one is counted with it.
        """
        more = sa.case((INBOX.c.done.is_(None), INBOX.c.attempts + int(not again)), else_=INBOX.c.attempts)
        query = sa.update(INBOX).where(INBOX.c.delivery == delivery).values(attempts=more).returning(INBOX)
        with self._engine.begin() as connection:
            return stored(connection.execute(query).one())

    def put_off(
        self,
        delivery: str,
        seconds: float,
        why: str,
        *,
        is_failure: bool = False,
        waits: Mapping[str, int] | None = None,
    ) -> None:
        """Queue it again for later: no worker sleeps meanwhile. A failure counts against the delivery.

        `waits`: how often it was put off before, by reason; this time is added.
        """
        client = self._queue()
        told = {"waits": {**(waits or {}), why: (waits or {}).get(why, 0) + 1}, "last": why}
        kept = {} if waits is None else {"outcome": json.dumps(told)}
        later = (
            sa.update(INBOX)
            .where(INBOX.c.delivery == delivery)
            .values(
                attempts=sa.case((INBOX.c.attempts > 0, INBOX.c.attempts - 1), else_=0),
                failures=INBOX.c.failures + int(is_failure),
                tries=INBOX.c.tries + 1,
                # A delivery behind another is due at the same time: delays that added up would slow the queue down for
                # ever.
                not_before=self._clock() + seconds - (ORDER_MARGIN_S if why == ORDER else 0),
                replays=INBOX.c.replays + 1,
                **kept,
            )
            .returning(INBOX.c.id, INBOX.c.product, INBOX.c.replays)
        )
        with self._engine.begin() as connection:
            row = connection.execute(later).one()
            name = workflow_of(delivery, row.replays)
            self._enqueue(client, connection, delivery, row.product, row.id, name, max(seconds, SHORTEST_WAIT_S))
            counters.add(connection, {("retries", why): 1})

    def waits_for(self, stored: Stored) -> float:
        """Seconds until an older delivery of the same product, put off, is tried again: none overtakes it.

        Deliveries waiting behind a retry become due at the same time and keep their order. One that was put off only
        because GitHub is late delays nobody: what people write meanwhile is answered at once.
        """
        mine = sa.select(INBOX.c.id).where(INBOX.c.delivery == stored.delivery).scalar_subquery()
        older = sa.and_(INBOX.c.product == stored.product, INBOX.c.done.is_(None), INBOX.c.id < mine, ~_LOOKS_AGAIN)
        with self._engine.connect() as connection:
            until = connection.execute(sa.select(sa.func.max(INBOX.c.not_before)).where(older)).scalar()
        left = until + ORDER_MARGIN_S - self._clock() if until else -ORDER_MARGIN_S
        return max(left, SHORTEST_WAIT_S) if left > -ORDER_MARGIN_S else 0.0

    def park(self, delivery: str, why: str) -> None:
        """Park what fails again and again: it is kept, and delays nobody."""
        query = sa.update(INBOX).where(INBOX.c.delivery == delivery)
        with self._engine.begin() as connection:
            connection.execute(query.values(done=self._clock(), outcome=why[:500], parked=1))
            counters.add(connection, counters.turn_counts("parked", Counter()))

    def read(self, delivery: str) -> Stored | None:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(INBOX).where(INBOX.c.delivery == delivery)).one_or_none()
        return stored(row) if row else None

    def known(self, deliveries: Iterable[str]) -> set[str]:
        """Which of these ids are stored."""
        query = sa.select(INBOX.c.delivery).where(INBOX.c.delivery.in_(list(deliveries)))
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def lately(self, product: str, event: str, up_to: int, seconds: float) -> list[bytes]:
        """What was told of a product by these events: all that waits, and what was received lately."""
        mine = sa.and_(INBOX.c.product == product, INBOX.c.event == event, INBOX.c.id <= up_to)
        fresh = sa.or_(INBOX.c.done.is_(None), INBOX.c.received > self._clock() - seconds)
        query = sa.select(INBOX.c.payload).where(mine, fresh, sa.func.length(INBOX.c.payload) > 0)
        with self._engine.connect() as connection:
            return [bytes(payload) for payload in connection.execute(query).scalars()]

    def newest(self, product: str) -> int:
        """Number of the last delivery stored for a product."""
        query = sa.select(sa.func.max(INBOX.c.id)).where(INBOX.c.product == product)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def close(
        self, delivery: str, outcome: str, product: str = "", up_to: int = 0, effects: Iterable[str] = ()
    ) -> None:
        """Mark a delivery handled, with those of the same product that its turn has read too.

        Only comments are: who moved a card, changed a label or closed an issue is told by its own delivery alone. A
        delivery that GitHub did not show yet when it was looked for is left: it is looked for again.
        """
        mine = INBOX.c.delivery == delivery
        seen = sa.and_(INBOX.c.product == product, INBOX.c.id <= up_to, INBOX.c.event.in_(SHARED), ~_LOOKS_AGAIN)
        unsettled = sa.or_(INBOX.c.done.is_(None), INBOX.c.parked == 1)
        query = sa.update(INBOX).where(unsettled, sa.or_(mine, seen) if up_to else mine)
        query = query.returning(INBOX.c.delivery, INBOX.c.replays)
        told = sa.case((mine, outcome[:4000]), else_=sa.literal('{"ignored": "handled by another turn"}'))
        with self._engine.begin() as connection:
            rows = connection.execute(query.values(done=self._clock(), outcome=told, parked=0)).all()
            counters.add(connection, counters.turn_counts("done", Counter(effects)))
        answered = [workflow_of(row.delivery, row.replays) for row in rows if row.delivery != delivery]
        if answered:
            # Nothing is left for them to do, and the next deliveries would wait behind them.
            self._queue().cancel_workflows(answered)

    def parked(self) -> tuple[Parked, ...]:
        """Parked deliveries, oldest first."""
        query = sa.select(INBOX).where(INBOX.c.parked == 1).order_by(INBOX.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Parked(row.delivery, row.event, row.product, row.received, row.attempts + row.failures, row.outcome or "")
            for row in rows
        )

    def counts(self) -> dict[str, int]:
        """Number of deliveries by state: waiting, done, parked."""
        state = sa.case((INBOX.c.done.is_(None), "waiting"), (INBOX.c.parked == 1, "parked"), else_="done")
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(state.label("state"), sa.func.count()).group_by(state)).all()
        return {"waiting": 0, "done": 0, "parked": 0} | {row[0]: row[1] for row in rows}

    def unfinished(self, limit: int = 500) -> tuple[tuple[str, str], ...]:
        """Deliveries not handled yet, in order of arrival, each with the workflow that should handle it."""
        query = sa.select(INBOX.c.delivery, INBOX.c.replays).where(INBOX.c.done.is_(None)).order_by(INBOX.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return tuple((row.delivery, workflow_of(row.delivery, row.replays)) for row in rows)

    def has_unfinished(self) -> bool:
        """Whether any delivery is not handled yet. Asked all day long, so it never costs more than one look at an
        index.
        """
        with self._engine.connect() as connection:
            return connection.exec_driver_sql(UNFINISHED).first() is not None

    def from_the_future(self) -> tuple[str, ...]:
        """Workflows of delayed deliveries that were stored at a time still to come: the clock was set back."""
        ahead = sa.and_(INBOX.c.done.is_(None), INBOX.c.not_before > 0, INBOX.c.received > self._clock() + 60)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(INBOX.c.delivery, INBOX.c.replays).where(ahead)).all()
        return tuple(workflow_of(row.delivery, row.replays) for row in rows)

    def waiting_of(self, event: str) -> int:
        """Number of deliveries of an event that are not handled yet."""
        query = sa.select(sa.func.count()).where(INBOX.c.done.is_(None), INBOX.c.event == event)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def oldest(self) -> float:
        """Age in seconds of the oldest delivery not handled yet; 0 when none waits."""
        query = sa.select(sa.func.min(INBOX.c.received)).where(INBOX.c.done.is_(None))
        with self._engine.connect() as connection:
            since = connection.execute(query).scalar()
        return max(0.0, self._clock() - since) if since is not None else 0.0

    def drop_payloads(self, before: float) -> int:
        """Empty the payloads of deliveries handled before a moment; how many. Ids stay: they reveal duplicates."""
        old = sa.and_(INBOX.c.done < before, INBOX.c.parked == 0, sa.func.length(INBOX.c.payload) > 0)
        with self._engine.begin() as connection:
            return connection.execute(sa.update(INBOX).where(old).values(payload=b"")).rowcount


def workflow_of(delivery: str, replays: int) -> str:
    """Name of the workflow of a replay: the engine runs each name once."""
    return f"{delivery}:{replays}" if replays else delivery
