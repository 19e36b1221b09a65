"""Whether a person may read a repository, asked by the App itself: for whoever is not there to be asked by theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

from app.github.client import Client, NotFoundError

BELIEVED = timedelta(hours=1)
"""How long an answer is used: a calendar is read many times a day by each of its owner's devices."""
MOST = 10_000
"""Answers kept at once."""


class ReadingRights:
    """Safe to share between threads; what one process was told, another asks again."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock
        self._lock = threading.Lock()
        self._told: dict[tuple[str, int], tuple[bool, datetime]] = {}

    def may_read(self, repository: str, login: str, number: int) -> bool:
        """Raises LaterError when GitHub does not answer. `number` is the account's: a name may pass to another."""
        asked, now = (repository, number), self._clock()
        with self._lock:
            known = self._told.get(asked)
        if known and abs(now - known[1]) < BELIEVED:
            return known[0]
        may = self._asked(repository, login, number)
        with self._lock:
            if len(self._told) >= MOST:
                self._told.clear()
            self._told[asked] = may, now
        return may

    def _asked(self, repository: str, login: str, number: int) -> bool:
        path = f"/repos/{quote(repository, safe='/')}/collaborators/{quote(login, safe='')}/permission"
        try:
            _, found = self._client.rest(self._client.requester(repository), "GET", path)
        except NotFoundError:
            return False
        person = found.get("user") or {}
        return person.get("id") == number and found.get("permission") in {"read", "write", "admin"}
