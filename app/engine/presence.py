"""Which workers are alive: each writes a sign of life to the database, which the web reports wherever they run."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.engine.pulse import Pulse, WatchedLoop
from app.store.schema import PULSES
from app.store.upsert import insert_into

log = logging.getLogger(__name__)
EVERY_S = 12.0
ABSENT_S = 40.0
"""After three missing signs a worker counts as absent."""
FORGOTTEN_S = 24 * 3600.0


@dataclass(frozen=True)
class PresentWorker:
    """A worker that is alive, and the names of its loops that have stopped."""

    worker: str
    stopped: tuple[str, ...]


class Presence:
    """Times are the database's: machines need not agree on theirs."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def show(self, worker: str, stopped: tuple[str, ...]) -> None:
        """Raises SQLAlchemyError."""
        values = {"at": self._now(), "stopped": ",".join(stopped)}
        query = insert_into(PULSES, self._engine).values(worker=worker, **values)
        with self._engine.begin() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["worker"], set_=values))
            connection.execute(sa.delete(PULSES).where(PULSES.c.at < self._now() - FORGOTTEN_S))

    def leave(self, worker: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(PULSES).where(PULSES.c.worker == worker))

    def present(self) -> tuple[PresentWorker, ...]:
        """Raises SQLAlchemyError."""
        query = sa.select(PULSES).where(PULSES.c.at > self._now() - ABSENT_S).order_by(PULSES.c.worker)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(PresentWorker(row.worker, tuple(filter(None, row.stopped.split(",")))) for row in rows)

    def _now(self) -> Any:
        if self._engine.dialect.name == "sqlite":
            return sa.literal(time.time())
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float(53))


class Showing:
    """A worker's thread that writes its sign of life."""

    def __init__(self, presence: Presence, worker: str, pulse: Pulse) -> None:
        self._presence, self._worker, self._pulse = presence, worker, pulse
        self._stop = threading.Event()
        self._part: WatchedLoop | None = None

    def start(self) -> None:
        self._show()
        self._part = self._pulse.part("presence", 180)
        self._part.start(self._run)

    def stop(self) -> None:
        self._stop.set()
        if self._part:
            self._part.end()
        try:
            self._presence.leave(self._worker)
        except sa.exc.SQLAlchemyError as error:
            log.warning("a worker that leaves could not say so: %s", type(error).__name__)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            if self._part:
                self._part.beat()
            self._show()

    def _show(self) -> None:
        try:
            self._presence.show(self._worker, self._pulse.stopped())
        except sa.exc.SQLAlchemyError as error:
            # A worker that cannot write counts as absent, which is right: it can do nothing either.
            log.warning("a worker could not show that it lives: %s", type(error).__name__)
