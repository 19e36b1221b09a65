"""What is wrong with an installation right now, found in this process and in the database within a bounded time."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.engine.inbox import Inbox
from app.engine.presence import Presence
from app.engine.pulse import Pulse
from app.engine.schedules import CLAIMED, DEATHS, TRYING
from app.store.key_values import KeyValues
from app.store.troubles import Trouble, Troubles

log = logging.getLogger(__name__)
PATIENCE_S = 8.0
"""How long to wait for the database: beyond it, we say that it does not answer."""
FRESH_S = 1.0
"""Seconds for which an answer is reused: `/readyz` may be asked very often."""
REFUSED_S = 60.0
"""After a delivery that could not be stored we are not ready for this long; then the probe's write decides."""
OLD_S = 15 * 60.0
"""Age from which a waiting delivery is reported."""
SETTLING_S = 120.0
"""After a start, deliveries that waited while no worker ran are being taken: the queue is not reported as stuck."""
LATE_S = 40 * 60.0
"""Since the last quarter of an hour marked by the schedules: more means that two were missed."""
ROOM = 16 * 1024 * 1024
"""Free bytes under which the disk of an SQLite file counts as full: its journal needs as much."""
WHOLE_S, WHOLE_SHARE = 30.0, 100
"""Shortest time between two integrity checks of an SQLite file, and the rest after one, in times its duration."""


class Health:
    """Answers `/readyz` and `/metrics`. `works_here`: this process should have a worker of its own."""

    def __init__(
        self,
        inbox: Inbox,
        pulse: Pulse,
        *,
        works_here: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox, self._engine, self._pulse, self._works_here = inbox, inbox.database, pulse, works_here
        self._clock = clock
        self._presence, self._troubles = Presence(self._engine), Troubles(self._engine, clock)
        self._notes = KeyValues(self._engine)
        self._since: dict[tuple[str, str], float] = {}
        self._began = clock()
        self._use = threading.Lock()
        self._asked: _Question | None = None
        self._answered = (-FRESH_S, tuple[Trouble, ...]())
        self._whole = (0.0, "")
        """When the SQLite file is to be checked again, and what the last check found."""

    def troubles(self) -> tuple[Trouble, ...]:
        """Every trouble there is now, this process's own first. Never raises, and returns within a bounded time."""
        found = {(one.kind, one.subject): one for one in (*self._here(), *self._in_the_database())}
        now = self._clock()
        self._since = {key: self._since.get(key, one.since or now) for key, one in found.items()}
        return tuple(
            Trouble(one.kind, one.subject, one.detail, one.since or self._since[key]) for key, one in found.items()
        )

    def _here(self) -> Iterator[Trouble]:
        """Troubles that can be found without the database."""
        for name in self._pulse.stopped():
            yield Trouble("thread", name)
        refused = self._inbox.refused
        if refused and time.monotonic() - refused[0] < REFUSED_S:
            yield _sorted(refused[1])
        if (free := self._free()) is not None and free < ROOM:
            yield Trouble("disk", detail=f"{free // 1024} KiB left")

    def _free(self) -> int | None:
        """Free bytes on the disk of an SQLite file; None where that is unknown."""
        path = self._file()
        try:
            return shutil.disk_usage(path.parent).free if path else None
        except OSError:
            return None

    def _file(self) -> Path | None:
        name = self._engine.url.database
        is_file = self._engine.dialect.name == "sqlite" and name and name != ":memory:"
        return Path(str(name)).absolute() if is_file else None

    def _in_the_database(self) -> tuple[Trouble, ...]:
        """Runs in a thread of its own: a database that hangs must not block whoever asked."""
        with self._use:
            at, answer = self._answered
            if time.monotonic() - at < FRESH_S:
                return answer
            self._asked = asked = self._asked or _Question(self._look)
        if not asked.is_answered.wait(PATIENCE_S):
            return (Trouble("database", detail=f"no answer within {PATIENCE_S:.0f} s"),)
        with self._use:
            if self._asked is asked:
                self._asked, self._answered = None, (time.monotonic(), asked.answer)
        return asked.answer

    def _look(self) -> tuple[Trouble, ...]:
        try:
            damage = self._damage()
            found = [Trouble("corrupt", detail=damage)] if damage else []
            self._inbox.try_writing()
            self._notes.set("probe", str(self._clock()))
            return (*found, *self._workers(), *self._late(), *self._left_aside(), *self._troubles.told())
        except sa.exc.SQLAlchemyError as error:
            return (_sorted(error),)
        except Exception as error:
            log.exception("the state of the installation could not be told")
            return (Trouble("database", detail=type(error).__name__),)

    def _damage(self) -> str:
        """SQLite's own integrity check, through a connection that shares no memory with the others."""
        path, (due, found), began = self._file(), self._whole, time.monotonic()
        if path is None or began < due:
            return found
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2)) as connection:
                told = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            found = "" if told == "ok" else told
        except sqlite3.OperationalError as error:
            log.warning("the database could not be read through: %s", error)
        except sqlite3.DatabaseError as error:
            found = str(error)
        ended = time.monotonic()
        self._whole = (ended + max(WHOLE_S, WHOLE_SHARE * (ended - began)), found)
        return found

    def _workers(self) -> Iterator[Trouble]:
        present = self._presence.present()
        if not present and not self._works_here:
            yield Trouble("worker")
        for one in present:
            for name in one.stopped:
                yield Trouble("thread", name if one.worker == "local" else f"{name}, {one.worker}")

    def _late(self) -> Iterator[Trouble]:
        oldest = self._inbox.oldest()
        if oldest > OLD_S and self._clock() - self._began > SETTLING_S:
            yield Trouble("queue", detail=f"the oldest waits for {oldest / 60:.0f} min")
        late = self.schedule_age()
        if late > LATE_S:
            yield Trouble("schedule", detail=f"last done {late / 60:.0f} min ago")

    def _left_aside(self) -> Iterator[Trouble]:
        """Scheduled work that killed its process so often today that it is not started again before tomorrow."""
        today = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        for name, value in sorted(self._notes.starting(TRYING).items()):
            day, _, deaths = value.partition(" ")
            if day == today and deaths.isdecimal() and int(deaths) >= DEATHS:
                what = name.removeprefix(TRYING)
                yield Trouble("schedule", what, detail=f"{what} ended its process {deaths} times: left aside for today")

    def schedule_age(self) -> float:
        """Seconds since the last quarter of an hour marked by the schedules; 0 while none was marked."""
        marked = self._notes.get(CLAIMED)
        if not marked:
            return 0.0
        return max(0.0, self._clock() - datetime.fromisoformat(marked).astimezone(UTC).timestamp())


class _Question:
    """Asks the database in a daemon thread, which does not keep the process from ending."""

    def __init__(self, ask: Callable[[], tuple[Trouble, ...]]) -> None:
        self._ask, self.answer = ask, tuple[Trouble, ...]()
        self.is_answered = threading.Event()
        threading.Thread(target=self._run, name="jalon-health", daemon=True).start()

    def _run(self) -> None:
        self.answer = self._ask()
        self.is_answered.set()


def _sorted(error: sa.exc.SQLAlchemyError) -> Trouble:
    """Whether the error comes from a full disk, a damaged file or table, or a database that is away."""
    origin = getattr(error, "orig", None)
    state, told = str(getattr(origin, "sqlstate", None) or ""), str(origin or type(error).__name__)
    detail = told.strip().partition("\n")[0]
    if "full" in told or state == "53100":
        return Trouble("disk", detail=detail)
    if state.startswith("XX00") or _is_damage(origin, told):
        return Trouble("corrupt", detail=detail)
    return Trouble("database", detail=detail)


def _is_damage(origin: object, told: str) -> bool:
    words = ("malformed", "not a database", "no such table", "no such index", "does not exist")
    return isinstance(origin, Exception) and any(word in told for word in words)
