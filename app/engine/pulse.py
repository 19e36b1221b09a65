"""What must not stand still in a process: its loops, each with how long it may go without a sign, and its turns."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)
Probe = Callable[[], Iterable[str]]


class WatchedLoop:
    """One loop. It beats at each round; `limit_s` without a beat, or the end of its thread, and it has stopped."""

    def __init__(self, name: str, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.limit_s = name, limit_s
        self._clock = clock
        self._beaten = clock()
        self._thread: threading.Thread | None = None
        self._is_over = False

    def beat(self) -> None:
        self._beaten = self._clock()

    def end(self) -> None:
        """It is meant to stop from now on, or has not begun."""
        self._is_over = True

    def follow(self, thread: threading.Thread) -> None:
        """A thread that others started: its end counts, and its beats if there are any."""
        self._thread, self._is_over = thread, False
        self.beat()

    def start(self, run: Callable[[], None]) -> threading.Thread:
        """Run it in a thread of its own, whose death nobody fails to see."""
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
    """One per process; whoever watches over it asks which of its parts have stopped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._parts: dict[str, WatchedLoop] = {}
        self._probes: list[Probe] = []

    def part(self, name: str, limit_s: float) -> WatchedLoop:
        """A new one; it takes the place of a former one of the same name."""
        self._parts[name] = WatchedLoop(name, limit_s, self._clock)
        return self._parts[name]

    def probe(self, probe: Probe) -> None:
        """Also ask this for the names of what has stopped."""
        self._probes.append(probe)

    def stopped(self) -> tuple[str, ...]:
        found = [part.name for part in list(self._parts.values()) if part.has_stopped]
        return tuple(sorted({*found, *(name for probe in self._probes for name in probe())}))


class Busy:
    """Turns under way: one that computes for a minute, or waits for half an hour, has no end."""

    CPU_S, WALL_S = 60.0, 1800.0

    def __init__(self, cpu_s: float = CPU_S, wall_s: float = WALL_S) -> None:
        self._cpu_s, self._wall_s = cpu_s, wall_s
        self._turns: dict[str, tuple[int, float, float]] = {}

    def begin(self, name: str) -> None:
        self._turns[name] = (threading.get_ident(), time.monotonic(), _cpu(threading.get_ident()))

    def end(self, name: str) -> None:
        self._turns.pop(name, None)

    def endless(self) -> tuple[str, ...]:
        """Their names. A thread that has ended meanwhile has no clock any more, and is not asked for one."""
        now, living = time.monotonic(), {thread.ident for thread in threading.enumerate()}
        return tuple(
            name
            for name, (thread, since, cpu) in list(self._turns.items())
            if thread in living and (now - since > self._wall_s or _cpu(thread) - cpu > self._cpu_s)
        )


def _cpu(thread: int) -> float:
    """Seconds of processor a thread has used; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(thread))
