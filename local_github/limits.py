"""How many calls each caller made in the hour, told in every answer's headers; enforced only on demand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from local_github.auth import Caller

LIMIT = 5000
HOUR_S = 3600
RESOURCES = ("core", "graphql", "search")


@dataclass
class Window:
    """One caller's hour for one kind of call; `reset` in seconds since 1970."""

    reset: int
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(0, LIMIT - self.used)

    def shown(self) -> dict[str, int]:
        return {"limit": LIMIT, "remaining": self.remaining, "reset": self.reset, "used": self.used}


class Limits:
    """A rehearsal must not stop because it was long: nothing is refused here."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}

    def window(self, caller: Caller, resource: str) -> Window:
        """An hour begins with its first call."""
        key, now = (f"{caller.kind} {caller.login}", resource), int(time.time())
        known = self._windows.get(key)
        if known is None or known.reset <= now:
            known = self._windows[key] = Window(now + HOUR_S)
        return known

    def count(self, caller: Caller, resource: str) -> Window:
        window = self.window(caller, resource)
        window.used += 1
        return window

    def overview(self, caller: Caller) -> dict[str, Any]:
        return {name: self.window(caller, name).shown() for name in RESOURCES}


def headers(window: Window, resource: str) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(LIMIT),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Used": str(window.used),
        "X-RateLimit-Reset": str(window.reset),
        "X-RateLimit-Resource": resource,
    }
