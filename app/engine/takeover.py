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

log = logging.getLogger(__name__)
BEAT_S = 1.0
EVERY_S = 2.0
FREE_S = 5.0
"""A lock must have been free so long before its turns are taken: five beats of the worker that lost it."""
LOCK_LOST = 70
LOCK_SESSION = "jalon-lock"
"""How the sessions that hold the locks are named in pg_stat_activity."""


class Takeover:
    """`name` is this worker's, unique: two workers of one name would run each other's turns."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._name = name
        self._connection: psycopg.Connection[Any] | None = None
        self._use = threading.Lock()
        self._stop = threading.Event()
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
        threading.Thread(target=self._beat, name="jalon-lock", daemon=True).start()

    def watch(self) -> None:
        """Look for dead workers from now on."""
        threading.Thread(target=self._watch, name="jalon-takeover", daemon=True).start()

    def release(self) -> None:
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
            try:
                self._execute("SELECT 1")
            except psycopg.Error as error:
                if self._stop.is_set():
                    return
                # Others will soon take our turns: going on would run them twice.
                log.critical("this worker lost its lock (%s) and stops", type(error).__name__)
                os._exit(LOCK_LOST)

    def _watch(self) -> None:
        while not self._stop.wait(EVERY_S):
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


def _pending(**where: Any) -> Iterable[Any]:
    return DBOS.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False, **where)


def _key(worker: str) -> int:
    return int.from_bytes(hashlib.sha256(f"jalon:{worker}".encode()).digest()[:8], signed=True)
