"""Finds weeks whose digest was never published, from the issues that GitHub Actions opens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from app.domain.policy.calendar import Week
from app.domain.report.missing_weeks import missing_weeks
from app.github.client import Client, LaterError, NotFoundError
from app.github.published import published, untouched_texts

FRESH_S = 3600.0


class DigestWatch:
    """Asks GitHub at most once an hour, and reuses the last answer while GitHub is silent."""

    def __init__(self, client: Client, bots: Callable[[], frozenset[str]]) -> None:
        self._client, self._bots = client, bots
        self._known: dict[str, tuple[float, frozenset[Week]]] = {}
        self._lock = threading.Lock()

    def missing(self, repository: str, now: datetime, place: str) -> tuple[Week, ...]:
        """Weeks that ended a day ago or more without a digest, since the first one was published."""
        with self._lock:
            asked_at, weeks = self._known.get(repository, (float("-inf"), frozenset()))
            if time.monotonic() - asked_at > FRESH_S:
                weeks = self._read(repository) or weeks
                self._known[repository] = time.monotonic(), weeks
        return missing_weeks(weeks, now, place)

    def _read(self, repository: str) -> frozenset[Week]:
        try:
            found = published(self._client, repository, "bilan", self._bots())
        except (LaterError, NotFoundError):
            return frozenset()
        return frozenset(map(Week.parse, untouched_texts(found)))
