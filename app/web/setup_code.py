"""Who may see the set-up pages: whoever reads the terminal. One code, good once, then a session in the browser."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable

STATE_LIFE_S = 3600
"""GitHub gives an hour between the form and the exchange of the code."""


class Access:
    """Kept in the memory of one process: a restart prints another code. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.code = secrets.token_urlsafe(12)
        self._clock, self._lock, self._is_used = clock, threading.Lock(), False
        self._session = ""
        self._states: dict[str, float] = {}

    def enter(self, given: str) -> str:
        """A session, or an empty text when the code is wrong or was used already."""
        with self._lock:
            if self._is_used or not hmac.compare_digest(given.strip().encode(), self.code.encode()):
                return ""
            self._is_used, self._session = True, secrets.token_urlsafe(32)
            return self._session

    def knows(self, session: str) -> bool:
        return bool(self._session) and hmac.compare_digest(session.encode(), self._session.encode())

    def new_state(self) -> str:
        """Goes to GitHub with the form and must come back with the code."""
        state = secrets.token_urlsafe(32)
        with self._lock:
            self._states[state] = self._clock() + STATE_LIFE_S
        return state

    def take_state(self, state: str) -> bool:
        """Good once and within the hour."""
        with self._lock:
            return self._states.pop(state, 0.0) > self._clock()
