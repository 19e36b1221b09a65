"""A worker: takes the turns of stored deliveries, one at a time per product; another process can resume its work."""

from __future__ import annotations

import fcntl
import logging
import math
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from dbos import DBOS

from app.engine.attempts import attempt
from app.engine.courier import Courier
from app.engine.dispatch import Dispatch
from app.engine.inbox import NAME, QUEUE, WORKFLOW, Inbox, Json
from app.engine.presence import Presence, Showing
from app.engine.present_filler import PresentFiller
from app.engine.pulse import Busy, Pulse
from app.engine.queue_waker import QueueWaker, Signals
from app.engine.schedules import Schedules
from app.engine.stuck_deliveries import StuckDeliveries
from app.engine.worker_failover import WorkerFailover
from app.store.presents import Presents
from app.store.troubles import Troubles
from app.store.undone_effects import UndoneEffects
from app.turns.turns import Turns

log = logging.getLogger(__name__)

POLL_S = 5.0
"""Poll interval of the queue in case a ring of the waker is missed."""
SLOTS = 64
"""Turns at once. None of them sleeps: a turn that must wait for GitHub is queued again for later."""
RECOVERIES = 1_000
"""Our inbox counts deaths and parks a delivery that kills its worker, so DBOS must never give up by itself."""
GRACE_S = 20.0
LOOK_S = 55.0
"""Seconds without a look of the queue's thread; no look takes longer than the database's timeout."""
KEEPER = "(queue_thread)"
"""How the name of DBOS's thread ends that starts the threads of its queues."""
SUSPECT = 2
VERSION = "1"
"""Never changed: a delivery interrupted under one release must be resumed by another."""


class AlreadyRunningError(Exception):
    """Another worker holds this SQLite file; several workers at once need PostgreSQL."""


class Worker:
    """One per process. One process per SQLite file; as many as wanted, anywhere, on PostgreSQL."""

    def __init__(
        self,
        engine: sa.Engine,
        inbox: Inbox,
        turns: Turns,
        schedules: Schedules | None = None,
        pulse: Pulse | None = None,
        presents: Presents | None = None,
        courier: Courier | None = None,
    ) -> None:
        self._engine, self._inbox, self._turns, self._schedules = engine, inbox, turns, schedules
        self._undone = UndoneEffects(engine, Troubles(engine))
        self.pulse, self._busy = pulse or Pulse(), Busy()
        self._filler = PresentFiller(presents, inbox.has_unfinished, self.pulse) if presents else None
        self._courier = courier
        self._showing: Showing | None = None
        self._suspects = threading.Lock()
        self._survived: set[str] = set()
        """Deliveries whose last attempt in this process ended, rather than died with a process."""
        self._lock: IO[str] | None = None
        self._takeover: WorkerFailover | None = None
        self._repairs: StuckDeliveries | None = None
        self._dispatch: Dispatch | None = None
        self._stopping = threading.Event()
        self._running: set[str] = set()
        self._present: set[str] = set()
        self._changed = threading.Condition()
        self.is_alive = False

    def start(self, *, with_schedules: bool = True) -> None:
        """Raises AlreadyRunningError. `jalon sweep`, which only helps for a moment, runs without schedules."""
        is_shared = self._engine.dialect.name != "sqlite"
        name = f"{socket.gethostname()}-{uuid.uuid4().hex[:12]}" if is_shared else "local"
        if is_shared:
            # Before the first delivery is claimed: a worker without a lock is taken for dead.
            self._takeover = WorkerFailover(self._engine, name, self.pulse)
            self._takeover.hold()
        else:
            self._lock = self._hold_file()
        waker = QueueWaker(QUEUE)
        engine = DBOS(
            config={
                "name": NAME,
                "system_database_engine": self._engine,
                "application_version": VERSION,
                "executor_id": name,
                "serializer": Json(),
                "log_level": "WARNING",
            }
        )
        engine.background_thread_stop_events = Signals(waker)
        self._dispatch = dispatch = Dispatch(self._inbox, waker.ring, self.pulse)
        self._register(dispatch.turn_ended)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=SLOTS,
            polling_interval_sec=POLL_S,
            on_conflict="always_update",
        )
        if self._takeover:
            self._takeover.watch()
        self._watch_engine(waker)
        self._repairs = StuckDeliveries(self._inbox, name, lambda: frozenset(self._present), self.pulse)
        self._repairs.start()
        if self._schedules:
            self._schedules.begin()
        dispatch.start()
        if self._schedules and with_schedules:
            self._schedules.start()
        if self._filler and with_schedules:
            self._filler.start()
        if self._courier and with_schedules:
            self._courier.start()
        self._showing = Showing(Presence(self._engine), name, self.pulse)
        self._showing.start()
        self.is_alive = True

    def _watch_engine(self, waker: QueueWaker) -> None:
        """DBOS restarts the queue's thread when it dies, unless the thread that restarts it has died too."""
        looking = self.pulse.part("queue", LOOK_S)
        waker.looking = looking.beat
        for thread in threading.enumerate():
            if thread.name.endswith(KEEPER):
                self.pulse.part("queue-keeper", math.inf).follow(thread)
        self.pulse.watch(self._busy, "turn ")

    def _hold_file(self) -> IO[str] | None:
        path = self._engine.url.database
        if not path or path == ":memory:":
            return None
        lock = Path(f"{path}.lock").open("w", encoding="utf-8")  # noqa: SIM115 - held as long as the process lives
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise AlreadyRunningError(path) from error
        return lock

    def _register(self, ended: Callable[[], None]) -> None:
        """One workflow with one kind of step, for ever: what the step does may change between releases, its shape may
        not.
        """

        @DBOS.step(name="attempt")
        def step(delivery: str) -> dict[str, Any]:
            return self._step(delivery)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=RECOVERIES)
        def process_delivery(delivery: str) -> dict[str, Any]:
            workflow = str(DBOS.workflow_id)
            self._present.add(workflow)
            try:
                while True:
                    result = step(delivery)
                    if "wait" not in result:
                        return result
                    DBOS.sleep(float(result["wait"]))
            finally:
                self._present.discard(workflow)
                ended()

    def _step(self, delivery: str) -> dict[str, Any]:
        with self._one_by_one(delivery):
            with self._changed:
                if self._stopping.is_set():
                    return {"wait": 1, "why": "stopping"}
                self._running.add(delivery)
            self._busy.begin(delivery)
            try:
                result = attempt(self._inbox, self._turns, delivery, self._undone, again=delivery in self._survived)
                (self._survived.add if "wait" in result else self._survived.discard)(delivery)
                return result
            finally:
                self._busy.end(delivery)
                with self._changed:
                    self._running.discard(delivery)
                    self._changed.notify_all()

    @contextmanager
    def _one_by_one(self, delivery: str) -> Iterator[None]:
        """A delivery during which two processes died may be what kills them: it is tried alone, so that the deliveries
        running beside it lose none of their own attempts.
        """
        if self._inbox.deaths.of(delivery) < SUSPECT:
            yield
            return
        with self._suspects:
            yield

    def stop(self) -> bool:
        """Finish the turns in progress, within 20 seconds; those that wait for GitHub resume at the next start.

        False when some were left: their threads still sleep, and only the end of the process ends them.
        """
        with self._changed:
            self._stopping.set()
            self._changed.wait_for(lambda: not self._running, GRACE_S)
        self.is_alive = False
        self.pulse.part("queue", math.inf)
        self.pulse.part("queue-keeper", math.inf)
        for helper in (self._dispatch, self._schedules, self._repairs, self._showing, self._filler, self._courier):
            if helper:
                helper.stop()
        DBOS.destroy(workflow_completion_timeout_sec=0)
        if self._takeover:
            self._takeover.release()
        if self._lock:
            self._lock.close()
        return not self._present
