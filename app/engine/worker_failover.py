"""Several workers on PostgreSQL: each holds a lock while it lives, and the others finish the turns of the dead.

The lock is a session's: PostgreSQL frees it when the process dies, whatever the reason. A worker that loses its own
lock stops at once, before the others may take its turns: they wait for a lock to have been free for a while.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterable
from typing import Any

import psycopg
import sqlalchemy as sa
from dbos import DBOS

from app.engine.inbox import QUEUE
from app.engine.pulse import Pulse

log = logging.getLogger(__name__)
BEAT_S = 1.0
EVERY_S = 2.0
FREE_S = 5.0
"""How long a lock must have been free before its turns are taken over: five beats of the worker that lost it."""
FROZEN_S = 75
"""A session that holds its lock and has been silent for this long belongs to a frozen process: it is ended."""
LIMIT_S = 120.0
LOCK_LOST = 70
LOCK_SESSION = "jalon-lock"
"""How the sessions that hold the locks are named in pg_stat_activity."""


class WorkerFailover:
    """`name` is this worker's and unique: two workers of one name would run each other's turns."""

    def __init__(self, engine: sa.Engine, name: str, pulse: Pulse) -> None:
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._name = name
        self._connection: psycopg.Connection[Any] | None = None
        self._use = threading.Lock()
        self._stop = threading.Event()
        self._lock_part, self._watch_part = pulse.part("lock", LIMIT_S), pulse.part("takeover", LIMIT_S)
        self._free_since: dict[str, float] = {}

    def hold(self) -> None:
        """Take this worker's lock; raises psycopg.Error."""
        self._connection = psycopg.connect(
            self._url,
            autocommit=True,
            application_name=f"{LOCK_SESSION} {self._name}",
            connect_timeout=10,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=6000,
        )
        for setting in ("idle = 10", "interval = 5", "count = 3"):
            self._connection.execute(f"SET tcp_keepalives_{setting}")
        if not self._try(self._name):
            raise RuntimeError(f"the lock of {self._name} is taken")
        self._lock_part.start(self._beat)

    def watch(self) -> None:
        """Start looking for dead workers."""
        self._watch_part.start(self._watch)

    def release(self) -> None:
        self._lock_part.end()
        self._watch_part.end()
        self._stop.set()
        with self._use:
            if self._connection:
                self._connection.close()

    def _execute(self, query: str, *values: Any) -> Any:
        with self._use:
            assert self._connection is not None
            return self._connection.execute(query, values).fetchone()

    def _try(self, worker: str) -> bool:
        return bool(self._execute("SELECT pg_try_advisory_lock(%s)", _key(worker))[0])

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_S):
            self._lock_part.beat()
            try:
                self._execute("SELECT 1")
            except psycopg.Error as error:
                if self._stop.is_set():
                    return
                # Others will soon take our turns over: going on would run them twice.
                log.critical("this worker lost its lock (%s) and stops", type(error).__name__)
                os._exit(LOCK_LOST)

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_S):
            self._watch_part.beat()
            try:
                self.look()
            except (psycopg.Error, sa.exc.SQLAlchemyError) as error:
                log.warning("dead workers could not be looked for: %s", type(error).__name__)

    def look(self) -> int:
        """One round; returns how many turns were taken over."""
        owners = {str(state.executor_id) for state in _pending()} - {self._name}
        for gone in set(self._free_since) - owners:
            del self._free_since[gone]
        return sum(self._adopt(owner) for owner in sorted(owners))

    def _adopt(self, owner: str) -> int:
        if not self._try(owner):
            self._free_since.pop(owner, None)
            self._end_frozen(owner)
            return 0
        try:
            since = self._free_since.setdefault(owner, time.monotonic())
            if time.monotonic() - since < FREE_S:
                return 0
            turns = [state.workflow_id for state in _pending(executor_id=owner)]
            if turns:
                DBOS.resume_workflows(turns, queue_name=QUEUE)
                log.warning("worker %s is gone: its %d turns are taken over", owner, len(turns))
            return len(turns)
        finally:
            self._execute("SELECT pg_advisory_unlock(%s)", _key(owner))

    def _end_frozen(self, owner: str) -> None:
        """End the session of a frozen process, which only its system keeps open. A worker beats every second; should it
        wake up, it finds its lock lost and stops at once.
        """
        key = _key(owner) & (2**64 - 1)
        ended = self._execute(FROZEN, key >> 32, key & (2**32 - 1), FROZEN_S)
        if ended and ended[0]:
            log.critical("worker %s stands still: its session was ended, its turns will be taken over", owner)


FROZEN = """SELECT bool_or(pg_terminate_backend(session.pid)) FROM pg_locks lock
JOIN pg_stat_activity session ON session.pid = lock.pid
WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1 AND lock.classid = %s::bigint::oid
AND lock.objid = %s::bigint::oid AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND session.state_change < clock_timestamp() - make_interval(secs => %s)"""
"""A bigint lock is shown as two halves; `state_change` is when the session's last query was answered."""


def _pending(**where: Any) -> Iterable[Any]:
    return DBOS.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False, **where)


def _key(worker: str) -> int:
    return int.from_bytes(hashlib.sha256(f"jalon:{worker}".encode()).digest()[:8], signed=True)
