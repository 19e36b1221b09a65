"""The durable engine: deliveries stored before they are acknowledged, one turn per product at a time, retries."""

from __future__ import annotations

import fcntl
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, Serializer
from sqlalchemy.dialects import postgresql, sqlite

from app.deliveries import wake_up
from app.github.client import LaterError
from app.register import ConflictError
from app.turn import Turns

log = logging.getLogger(__name__)

QUEUE, WORKFLOW, NAME = "products", "process_delivery", "jalon"
POLL_S = 0.2
SLOTS = 64
"""A product waiting for GitHub holds a slot while it sleeps: there must be many more slots than such products."""
LONGEST_WAIT_S = 300.0
ATTEMPTS = 50

METADATA = sa.MetaData()
INBOX = sa.Table(
    "jalon_inbox",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("delivery", sa.Text, unique=True, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("received", sa.Float, nullable=False),
    sa.Column("done", sa.Float),
    sa.Column("outcome", sa.Text),
    sqlite_autoincrement=True,
)


def open_database(url: str) -> sa.Engine:
    """One connection per process on SQLite, whose writers would only queue behind each other."""
    if not url.startswith("sqlite"):
        driver = url.replace("postgresql://", "postgresql+psycopg://")
        return sa.create_engine(driver, pool_size=20, max_overflow=0, pool_pre_ping=True)
    engine = sa.create_engine(url, pool_size=1, max_overflow=0, poolclass=sa.pool.QueuePool)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("busy_timeout=30000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    if sqlite3.sqlite_version_info < (3, 42):
        # The engine asks for unixepoch('subsec'), which older SQLite libraries lack.
        connection.create_function("unixepoch", -1, lambda *a: time.time() if "subsec" in a else int(time.time()))


class Json(Serializer):
    """Workflow arguments as JSON: a pickle would run code found in the database."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=repr)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "json"


class Inbox:
    """Where deliveries are stored, once each, before GitHub is told they were received."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        METADATA.create_all(engine)
        self._client: DBOSClient | None = None

    def store(self, delivery: str, event: str, product: str, payload: bytes) -> bool:
        """Keep a delivery and queue its turn, in one transaction; False when it was stored already."""
        dialect: Any = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        row = {"delivery": delivery, "event": event, "product": product, "payload": payload, "received": time.time()}
        insert = dialect.insert(INBOX).values(**row).on_conflict_do_nothing(index_elements=["delivery"])
        client = self._queue()  # before the transaction: making it takes a connection, and SQLite has one
        with self._engine.begin() as connection:
            number = connection.execute(insert.returning(INBOX.c.id)).scalar()
            if number is None:
                return False
            self._enqueue(client, connection, delivery, product, number)
        return True

    def _queue(self) -> DBOSClient:
        if self._client is None:
            self._client = DBOSClient(
                system_database_engine=self._engine,
                application_name=NAME,
                serializer=Json(),
                retry_connection_errors=False,
            )
        return self._client

    def _enqueue(self, client: DBOSClient, connection: sa.Connection, delivery: str, product: str, number: int) -> None:
        options: Any = {
            "queue_name": QUEUE,
            "workflow_name": WORKFLOW,
            "workflow_id": delivery,
            "queue_partition_key": product,
            "priority": number,
        }
        client.enqueue_in_transaction(connection, options, delivery)

    def read(self, delivery: str) -> tuple[str, str, bytes, bool]:
        """Event, product, payload, and whether a turn has handled it."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(INBOX).where(INBOX.c.delivery == delivery)).one()
        return row.event, row.product, row.payload, row.done is not None

    def newest(self, product: str) -> int:
        """Number of the last delivery stored for a product."""
        query = sa.select(sa.func.max(INBOX.c.id)).where(INBOX.c.product == product)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def close(self, delivery: str, outcome: str, product: str = "", up_to: int = 0) -> None:
        """Mark a delivery handled, with those of the same product that its turn has seen already.

        Only comments are: who moved a card, changed a label or closed an issue is told by its own delivery alone.
        """
        mine = INBOX.c.delivery == delivery
        seen = sa.and_(INBOX.c.product == product, INBOX.c.id <= up_to, INBOX.c.event == "issue_comment")
        query = sa.update(INBOX).where(INBOX.c.done.is_(None), sa.or_(mine, seen) if up_to else mine)
        with self._engine.begin() as connection:
            connection.execute(query.values(done=time.time(), outcome=outcome[:500]))

    def counts(self) -> dict[str, int]:
        """Deliveries by state: waiting, done, failed."""
        state = sa.case((INBOX.c.done.is_(None), "waiting"), (INBOX.c.outcome.like("failed%"), "failed"), else_="done")
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(state.label("state"), sa.func.count()).group_by(state)).all()
        return {"waiting": 0, "done": 0, "failed": 0} | {row[0]: row[1] for row in rows}


def attempt(inbox: Inbox, turns: Turns, delivery: str) -> dict[str, Any]:
    """One try at a delivery: done, wait (try again later) or failed (a bug: kept aside, logged)."""
    event, product, payload, handled = inbox.read(delivery)
    if handled:
        return {"done": "handled by an earlier turn"}
    newest = inbox.newest(product)
    try:
        wake = wake_up(event, json.loads(payload))
        outcome = turns.take(wake, delivery) if wake else None
    except LaterError as error:
        return {"wait": error.seconds, "why": str(error)}
    except ConflictError as error:
        return {"wait": 0, "why": f"another turn of {error}"}
    except Exception as error:
        log.exception("delivery %s failed", delivery, extra={"delivery": delivery})
        inbox.close(delivery, f"failed: {type(error).__name__}")
        return {"failed": type(error).__name__}
    done = outcome.ignored or f"{outcome.facts} facts, {len(outcome.effects)} effects" if outcome else "not for us"
    ours = outcome is not None and not outcome.ignored
    inbox.close(delivery, done, product, newest if ours else 0)
    return {"done": done}


class Worker:
    """Takes the turns of stored deliveries; one worker process per SQLite file."""

    def __init__(self, engine: sa.Engine, inbox: Inbox, turns: Turns) -> None:
        self._engine, self._inbox, self._turns = engine, inbox, turns
        self._lock: IO[str] | None = None

    def start(self) -> None:
        """Raises BlockingIOError when another worker holds the file already."""
        self._lock = self._hold()
        DBOS(
            config={
                "name": NAME,
                "system_database_engine": self._engine,
                "application_version": "1",
                "executor_id": "local",
                "serializer": Json(),
                "log_level": "WARNING",
            }
        )
        _register(lambda delivery: attempt(self._inbox, self._turns, delivery))
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=SLOTS,
            polling_interval_sec=POLL_S,
            on_conflict="always_update",
        )

    def _hold(self) -> IO[str] | None:
        path = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or not path or path == ":memory:":
            return None
        lock = Path(f"{path}.lock").open("w", encoding="utf-8")  # noqa: SIM115 - held as long as the process lives
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock

    def stop(self) -> None:
        """Finish the turns under way, at most 10 seconds."""
        DBOS.destroy(workflow_completion_timeout_sec=10)
        if self._lock:
            self._lock.close()


def _register(run: Callable[[str], dict[str, Any]]) -> None:
    """One workflow with one kind of step, for ever: what a step does may change between releases, its shape may not."""

    @DBOS.step(name="attempt")
    def step(delivery: str) -> dict[str, Any]:
        return run(delivery)

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=ATTEMPTS)
    def process_delivery(delivery: str) -> dict[str, Any]:
        delay = 1.0
        while True:
            result = step(delivery)
            if "wait" not in result:
                return result
            DBOS.sleep(max(delay, float(result["wait"])))
            delay = min(delay * 2, LONGEST_WAIT_S)
