"""From the inbox to the queue: stored deliveries are given their turns in the order they were stored."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import sqlalchemy as sa

from app.engine.inbox import Inbox
from app.engine.pulse import Pulse

log = logging.getLogger(__name__)
IDLE_S = 0.5
"""Deliveries stored by another process are seen after this long; those of this one at once."""
BUSY_S = 0.1
"""While deliveries wait, what was put off may fall due at any moment, and another worker's turn end."""
SETTLE_S = 0.01
"""The engine notes that a turn has ended just after it did; only then may the product's next one begin."""
AT_ONCE = 20
LIMIT_S = 150.0
"""Longer than the database may keep it waiting."""


class Dispatch:
    """Every worker has one; on PostgreSQL each takes what the others have not taken.

    `ring` has the queue looked at: when something was queued, and as long as something waits in it.
    """

    def __init__(self, inbox: Inbox, ring: Callable[[], None], pulse: Pulse) -> None:
        self._inbox, self._ring = inbox, ring
        self._stopping = self._has_ended = False
        self._part = pulse.part("dispatch", LIMIT_S)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = self._part.start(self._run)

    def stop(self) -> None:
        self._part.end()
        self._stopping = True
        self._inbox.arrived.set()
        if self._thread:
            self._thread.join(5)

    def turn_ended(self) -> None:
        """A turn of this worker's has ended: its product's next one need not wait for the next look."""
        self._has_ended = True
        self._inbox.arrived.set()

    def _run(self) -> None:
        pause = 0.0  # first round at once: deliveries stored before the restart
        while not self._stopping:
            self._inbox.arrived.wait(pause)
            self._inbox.arrived.clear()
            self._part.beat()
            if self._has_ended:
                self._has_ended = False
                time.sleep(SETTLE_S)
            try:
                pause = BUSY_S if self._round() else IDLE_S
            except sa.exc.SQLAlchemyError as error:
                # Nothing is lost: they are stored, and a later round finds them.
                pause = IDLE_S
                log.warning("stored deliveries could not be queued yet: %s", type(error).__name__)

    def _round(self) -> bool:
        """Queue all that is stored; tells whether anything waits."""
        if not self._inbox.has_unfinished():
            return False
        while not self._stopping and self._inbox.queue_stored(AT_ONCE):
            self._ring()
        self._ring()
        return True
