"""Wakes the poller of the engine's queue: what was just queued is taken at once, and an idle queue is hardly polled."""

from __future__ import annotations

import threading
from collections.abc import Callable

UNUSED, UNUSED_S = "queue-worker-_dbos_internal_queue", 60.0
"""The engine also has a queue of its own, in which Jalon puts nothing; it would look at it every second."""


class QueueWaker:
    """DBOS polls its queue on a timer and has no API to poll sooner.

    We replace its stop events by a subclass that also wakes on `ring()`. If a ring is missed, nothing is lost: the
    timer polls the queue a little later.
    """

    def __init__(self, queue: str) -> None:
        self.rung = threading.Event()
        self.looking: Callable[[], None] = lambda: None
        """Called each time the engine's thread is about to sleep: it has not died, nor stands still."""
        self.sleeper = f"queue-worker-{queue}"
        """The name of the engine's thread that looks at this queue."""

    def ring(self) -> None:
        """Have the queue looked at now."""
        self.rung.set()


class Signals(list[threading.Event]):
    """The engine's list of its stop signals: each is woken from the moment it is listed, before any sleep."""

    def __init__(self, waker: QueueWaker) -> None:
        super().__init__()
        self._waker = waker

    def append(self, signal: threading.Event, /) -> None:
        signal.__class__ = _Hearing
        assert isinstance(signal, _Hearing)
        signal.waker = self._waker
        super().append(signal)


class _Hearing(threading.Event):
    waker: QueueWaker

    def set(self) -> None:
        super().set()
        self.waker.ring()

    def wait(self, timeout: float | None = None) -> bool:
        name = threading.current_thread().name
        if name != self.waker.sleeper:
            return super().wait(UNUSED_S if name == UNUSED else timeout)
        self.waker.looking()
        self.waker.rung.wait(timeout)
        self.waker.rung.clear()
        self.waker.looking()
        return self.is_set()
