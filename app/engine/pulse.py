"""Which loops and turns of a process still run: each loop has a limit without a sign of life."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

log = logging.getLogger(__name__)
Probe = Callable[[], Iterable[str]]


class WatchedLoop:
    """One loop, which calls `beat` at each round. It has stopped when its thread ended or after `limit_s` without a
    beat.
    """

    def __init__(self, name: str, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.limit_s = name, limit_s
        self._clock = clock
        self._beaten = clock()
        self._thread: threading.Thread | None = None
        self._is_over = False

    def beat(self) -> None:
        self._beaten = self._clock()

    def end(self) -> None:
        """The loop is stopping on purpose, or has not started: no longer watched."""
        self._is_over = True

    def follow(self, thread: threading.Thread) -> None:
        """Watch a thread started by others: its end, and its beats if it has any."""
        self._thread, self._is_over = thread, False
        self.beat()

    def start(self, run: Callable[[], None]) -> threading.Thread:
        """Run the loop in a thread of its own; an exception that ends it is logged and reported."""
        thread = threading.Thread(target=self._watched, args=(run,), name=f"jalon-{self.name}", daemon=True)
        self.follow(thread)
        thread.start()
        return thread

    def _watched(self, run: Callable[[], None]) -> None:
        try:
            run()
        except BaseException as error:
            log.critical("the thread « %s » has died: %s", self.name, type(error).__name__, exc_info=error)
            return
        if not self._is_over:
            log.critical("the thread « %s » has ended, which it never should", self.name)

    @property
    def has_stopped(self) -> bool:
        if self._is_over:
            return False
        is_dead = self._thread is not None and not self._thread.is_alive()
        return is_dead or self._clock() - self._beaten > self.limit_s


class Pulse:
    """One per process; the watchdog asks it which parts have stopped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._parts: dict[str, WatchedLoop] = {}
        self._probes: list[Probe] = []
        self._busy: list[Busy] = []

    def part(self, name: str, limit_s: float) -> WatchedLoop:
        """A new loop to watch; it replaces a former one of the same name."""
        self._parts[name] = WatchedLoop(name, limit_s, self._clock)
        return self._parts[name]

    def probe(self, probe: Probe) -> None:
        """Another source of names of stopped parts."""
        self._probes.append(probe)

    def watch(self, busy: Busy, kind: str) -> None:
        """Watch a `Busy` too, and tell it of each sign of progress."""
        self._busy.append(busy)
        self.probe(lambda: [f"{kind}{name}" for name in busy.endless()])

    def sign(self) -> None:
        """Called by a thread whose call to GitHub has just ended as it should: its work is going on."""
        for busy in self._busy:
            busy.sign()

    def stopped(self) -> tuple[str, ...]:
        found = [part.name for part in list(self._parts.values()) if part.has_stopped]
        return tuple(sorted({*found, *(name for probe in self._probes for name in probe())}))


@dataclass(slots=True)
class _Work:
    """One piece of work in progress: its thread, its start, and the processor time used by its last signs."""

    thread: int
    since: float
    sign: float
    stirred: float
    """Processor time used when it was last seen to advance."""
    told: float
    """Processor time used when it last gave a sign of its own."""


class Busy:
    """Work in progress, reported as stopped once it computes for a minute, is silent for two, or lasts half an hour.

    A call to GitHub that ended counts as a sign, whatever its result; so does computing, against silence. A call that
    hangs gives neither, and no legitimate wait lasts half as long.
    """

    CPU_S, SILENT_S, WALL_S = 60.0, 120.0, 1800.0
    STIRS_S = 0.5
    """Processor time under which a thread counts as waiting rather than computing."""

    def __init__(
        self,
        cpu_s: float = CPU_S,
        wall_s: float = WALL_S,
        *,
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[int], float] | None = None,
    ) -> None:
        self._cpu_s, self._wall_s = cpu_s, wall_s
        self._clock, self._used = clock, used or _cpu
        self._works: dict[str, _Work] = {}

    def begin(self, name: str) -> None:
        thread, now = threading.get_ident(), self._clock()
        used = self._used(thread)
        self.sign()
        self._works[name] = _Work(thread, now, now, used, used)

    def end(self, name: str) -> None:
        self._works.pop(name, None)
        self.sign()

    def sign(self) -> None:
        """The calling thread's work goes on, including the work it is nested in."""
        thread, now = threading.get_ident(), self._clock()
        for work in list(self._works.values()):
            if work.thread == thread:
                work.sign, work.told = now, self._used(thread)

    def endless(self) -> tuple[str, ...]:
        """Names of what has stopped. The clock of a thread that has ended cannot be read, and is not."""
        living = {thread.ident for thread in threading.enumerate()}
        return tuple(
            name for name, work in list(self._works.items()) if work.thread in living and self._is_endless(work)
        )

    def _is_endless(self, work: _Work) -> bool:
        now, used = self._clock(), self._used(work.thread)
        if used - work.stirred >= self.STIRS_S:
            work.stirred, work.sign = used, now
        return now - work.since > self._wall_s or now - work.sign > self.SILENT_S or used - work.told > self._cpu_s


def _cpu(thread: int) -> float:
    """Seconds of processor used by a thread; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(thread))
