"""Wakes the engine's poller at once when something is queued, so that an idle queue need hardly be polled."""

from __future__ import annotations

import threading
from collections.abc import Callable

UNUSED, UNUSED_S = ("queue-worker-_dbos_internal_queue", "(dynamic_scheduler_loop)"), 60.0
"""DBOS also polls an internal queue and schedules of its own, which Jalon never uses: both are slowed down too."""


class QueueWaker:
    """DBOS polls its queue on a timer and has no API to poll sooner.

    We replace its stop events by a subclass that also wakes on `ring()`. If a ring is missed, nothing is lost: the
    timer polls the queue a little later.
    """

    def __init__(self, queue: str) -> None:
        self.rung = threading.Event()
        self.looking: Callable[[], None] = lambda: None
        """Called each time the engine's polling thread is about to sleep: a sign that it is alive."""
        self.sleeper = f"queue-worker-{queue}"
        """Name of the engine's thread that polls this queue."""

    def ring(self) -> None:
        """Have the queue polled now."""
        self.rung.set()


class Signals(list[threading.Event]):
    """The engine's list of its stop events: each is replaced as it is added, before any sleep on it."""

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
            return super().wait(UNUSED_S if name.endswith(UNUSED) else timeout)
        self.waker.looking()
        self.waker.rung.wait(timeout)
        self.waker.rung.clear()
        self.waker.looking()
        return self.is_set()
