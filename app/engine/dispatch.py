"""From the inbox to the queue: stored deliveries are given their turns in the order they were stored."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa

from app.engine.inbox import Inbox

log = logging.getLogger(__name__)
EVERY_S = 0.1
"""Deliveries stored by another process are seen after this long; those of this one at once."""
AT_ONCE = 20


class Dispatch:
    """Every worker has one; on PostgreSQL each takes what the others have not taken."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="jalon-dispatch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._inbox.arrived.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping:
            self._inbox.arrived.wait(EVERY_S)
            self._inbox.arrived.clear()
            try:
                while not self._stopping and self._inbox.queue_stored(AT_ONCE):
                    pass
            except sa.exc.SQLAlchemyError as error:
                # Nothing is lost: they are stored, and the next round finds them.
                log.warning("stored deliveries could not be queued yet: %s", type(error).__name__)
