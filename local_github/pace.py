"""The pace GitHub documents for one caller, enforced on demand: what is created, points in a minute, calls at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from local_github.faults import PACES, Fault, Faults
from local_github.refusals import Ask
from local_github.rest.call import Reply
from local_github.world import World

MINUTE_S, HOUR_S = 60, 3600
CREATIONS = {MINUTE_S: 80, HOUR_S: 500}
"""What people are notified of: GitHub says « in general »."""
POINTS = {"core": 900, "graphql": 2000}
"""A minute; a reading costs one point, a write five."""
CREATING = {"addComment", "convertProjectV2DraftIssueItemToIssue"}
AT_ONCE = 100
WRITES_AT_ONCE = 1
"""GitHub asks for writes one after the other, and gives no number: whoever keeps to this is safe."""
MESSAGE = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


class Pace:
    """Counts by the world's clock, from the first rule on."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world, self._faults, self._lock = world, faults, threading.Lock()
        self._made: deque[float] = deque()
        self._spent: dict[str, deque[tuple[float, int]]] = {name: deque() for name in POINTS}
        self._under_way, self._writing = 0, 0

    @contextmanager
    def kept(self, ask: Ask, *, writes: bool) -> Iterator[Reply | None]:
        """The refusal of a call that goes too fast; None for one that keeps the pace, counted while it lasts."""
        rules = self._faults.found(PACES, ask.about)
        if not rules:
            yield None
            return
        with self._lock:
            why = self._exceeded(ask, rules[0], writes=writes)
            self._under_way += 1
            self._writing += writes
        try:
            if why:
                self._faults.used(rules[0], f"{ask.about}: {why}")
            yield _refusal(why) if why else None
        finally:
            with self._lock:
                self._under_way -= 1
                self._writing -= writes

    def _exceeded(self, ask: Ask, rule: Fault, *, writes: bool) -> str:
        """Why not; what is refused is counted too, as GitHub does."""
        now, said = self._world.clock().timestamp(), ""
        spent = self._spent[ask.resource]
        _forget(spent, now - MINUTE_S)
        spent.append((now, 5 if writes else 1))
        if sum(points for _, points in spent) > POINTS[ask.resource]:
            said = "points"
        if writes and (created := _creations(ask)):
            while self._made and self._made[0] <= now - HOUR_S:
                self._made.popleft()
            self._made.extend([now] * created)
            for window, most in CREATIONS.items():
                allowed = rule.most if window == MINUTE_S and rule.most is not None else most
                if sum(at > now - window for at in self._made) > allowed:
                    said = "creations"
        if self._under_way >= AT_ONCE or (writes and self._writing >= WRITES_AT_ONCE):
            said = "at once"
        return said


def _creations(ask: Ask) -> int:
    """Each field of a mutation counts as the call of REST that does the same."""
    if ask.is_graphql:
        return sum(name in CREATING for name in ask.acts)
    return ask.about.startswith("POST ") and ask.about.endswith(("/comments", "/issues"))


def _forget(spent: deque[tuple[float, int]], until: float) -> None:
    while spent and spent[0][0] <= until:
        spent.popleft()


def _refusal(why: str) -> Reply:
    headers = {} if why == "at once" else {"Retry-After": str(MINUTE_S)}
    shown = {
        "message": MESSAGE,
        "documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
    }
    return Reply(shown, 403, headers)
