"""Waits before each write to keep within GitHub's limits; the same rules tell how long an import will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

from app.github.budget import CREATIONS

BETWEEN_WRITES_S = 1.0
"""Seconds that GitHub asks for between two requests that change something."""
CONTENT_LIMITS = tuple(CREATIONS.items())
"""Most issues and comments created within so many seconds: people keep room to write meanwhile."""


class Pacer:
    """`clock` and `wait` are injected, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, wait: Callable[[float], None] = time.sleep) -> None:
        self._clock, self._wait = clock, wait
        self._last = -BETWEEN_WRITES_S
        self._made: deque[float] = deque(maxlen=max(most for _, most in CONTENT_LIMITS))

    def write(self) -> None:
        """Before a change that creates neither an issue nor a comment."""
        self._until(self._last + BETWEEN_WRITES_S)
        self._last = self._clock()

    def content(self) -> None:
        """Before creating an issue or a comment."""
        for span, most in CONTENT_LIMITS:
            if len(self._made) >= most:
                self._until(self._made[-most] + span)
        self.write()
        self._made.append(self._clock())

    def _until(self, moment: float) -> None:
        while (left := moment - self._clock()) > 0:
            self._wait(left)


def duration(writes: Iterable[bool]) -> float:
    """Seconds that these writes will take (True: an issue or a comment), by a simulated clock."""
    now = 0.0

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds

    pacer = Pacer(lambda: now, wait)
    for makes_content in writes:
        (pacer.content if makes_content else pacer.write)()
    return now
