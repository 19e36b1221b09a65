"""The presents that a new version makes again, filled in behind everything else: the first page need not wait."""

from __future__ import annotations

import logging
import math
import random
import threading
from collections.abc import Callable

import sqlalchemy as sa

from app.engine.pulse import Pulse
from app.store.presents import Presents

log = logging.getLogger(__name__)
LOOKED_AT, AT_ONCE = 50, 4
"""Products looked at by one query, and made again in one transaction: a turn waits some fifteen milliseconds."""
REST_S, BUSY_S, AWAY_S = 0.03, 0.5, 30.0
"""Between two slices; while people's deliveries wait for their turns; after a failure of the database."""


class PresentFiller:
    """Every worker has one; it goes once over all products. Nothing is claimed: what another made is only looked at.

    Stopped, or killed, it leaves no trace but what it has made: the next one finds the rest.
    """

    def __init__(
        self, presents: Presents, is_busy: Callable[[], bool], pulse: Pulse, *, is_backward: bool | None = None
    ) -> None:
        """`is_backward`: from the last product to the first; by chance, so that two processes share the work."""
        self._presents, self._is_busy = presents, is_busy
        self._is_backward = random.random() < 0.5 if is_backward is None else is_backward  # noqa: S311 - no secret
        self._after, self._late = "", list[str]()
        self._stop = threading.Event()
        self._part = pulse.part("presents", math.inf)
        self._part.end()  # not begun yet

    def start(self) -> None:
        self._part.start(self._run)

    def stop(self) -> None:
        self._part.end()
        self._stop.set()

    def _run(self) -> None:
        pause: float | None = 0.0
        while pause is not None and not self._stop.wait(pause):
            try:
                pause = BUSY_S if self._is_busy() else self.slice()
            except sa.exc.SQLAlchemyError as error:
                log.warning("presents could not be filled in yet: %s", type(error).__name__)
                pause = AWAY_S
        self._part.end()

    def slice(self) -> float | None:
        """A little of it; how long to rest, or None when nothing is left."""
        if not self._late:
            seen, self._late = self._presents.to_make(self._after, LOOKED_AT, is_backward=self._is_backward)
            if not seen:
                return None
            self._after = seen
            return REST_S
        now, self._late = self._late[:AT_ONCE], self._late[AT_ONCE:]
        self._presents.make(now)
        return REST_S
