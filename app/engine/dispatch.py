"""From the inbox to the engine's queue: stored deliveries are queued in the order in which they were stored."""

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
"""Pause of the loop when nothing waits: what another process stored is seen after it; what this one stored, at once."""
BUSY_S = 0.1
"""Pause while deliveries wait: one that was put off may fall due, or another worker's turn may end, at any moment."""
SETTLE_S = 0.01
"""The engine records the end of a turn slightly after the turn ended; the product's next one can start only then."""
AT_ONCE = 20
LIMIT_S = 150.0
"""Longer than the database may keep this loop waiting."""


class Dispatch:
    """Every worker has one; on PostgreSQL each takes the deliveries that the others have not taken.

    `ring` makes the engine look at its queue: called when something was queued, and while something waits in it.
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
        """Called when a turn of this worker ends: the product's next delivery is looked for at once."""
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
                # Nothing is lost: the deliveries are stored, and a later round finds them.
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
