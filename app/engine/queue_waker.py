"""The bell of the engine's queue: what has just been queued is taken at once, and an idle queue is hardly looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable

UNUSED, UNUSED_S = "queue-worker-_dbos_internal_queue", 60.0
"""The engine also has a queue of its own, in which Jalon puts nothing; it would look at it every second."""


class QueueWaker:
    """The engine only knows how to look at its queue every so often; between two looks it sleeps on a stop signal.

    The signals it makes are given ears here, for it offers no other way to shorten its sleep. Unheard, nothing is
    lost: the queue is looked at all the same, later.
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
    """The engine's list of its stop signals: each hears the bell from the moment it is listed, before any sleep."""

    def __init__(self, bell: QueueWaker) -> None:
        super().__init__()
        self._bell = bell

    def append(self, signal: threading.Event, /) -> None:
        signal.__class__ = _Hearing
        assert isinstance(signal, _Hearing)
        signal.bell = self._bell
        super().append(signal)


class _Hearing(threading.Event):
    bell: QueueWaker

    def set(self) -> None:
        super().set()
        self.bell.ring()

    def wait(self, timeout: float | None = None) -> bool:
        name = threading.current_thread().name
        if name != self.bell.sleeper:
            return super().wait(UNUSED_S if name == UNUSED else timeout)
        self.bell.looking()
        self.bell.rung.wait(timeout)
        self.bell.rung.clear()
        self.bell.looking()
        return self.is_set()
