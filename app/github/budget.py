"""Keeps within GitHub's limits: what each installation may still spend, shared by all that spend it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol

from app.github.errors import LaterError, LimitError, WaitError

MINUTE_S, HOUR_S = 60.0, 3600.0
CREATIONS = {MINUTE_S: 60, HOUR_S: 420}
"""Comments Jalon allows itself in a minute and in an hour; GitHub cuts at 80 and 500, people's comments included."""
POINTS_A_MINUTE = {"core": 700, "graphql": 1600}
"""Points of REST and of GraphQL that Jalon spends in a minute at most; GitHub cuts at 900 and 2,000."""
READ_POINTS, WRITE_POINTS = 1, 5
AT_ONCE = 30
"""Concurrent calls; GitHub cuts at 100 for all the processes of an installation."""
WAIT_FOR_TURN_S = 10.0
PACE_S = 1.0
"""Seconds between two writes: GitHub asks for one at a time, a second apart."""
PAUSE_LONGEST_S = 3600.0
SPARE = 50
"""Points of each hour that are never spent: other programs may share the installation."""
FOR_PEOPLE = 0.3
"""Share of every limit that background work leaves to people."""


@dataclass(frozen=True)
class RateLimit:
    """One limit of an installation as GitHub last told it; times in seconds since 1970."""

    remaining: int
    total: int
    reset: float
    at: float


class SpendingLedger(Protocol):
    """Where spending is recorded; shared by several machines when it is in their database."""

    def creations(self, owner: str, since: float) -> tuple[float, ...]:
        """Times of the creations since then, oldest first."""

    def create(self, owner: str, at: float) -> None: ...

    def said(self, owner: str, resource: str) -> RateLimit | None: ...

    def note(self, owner: str, resource: str, said: RateLimit) -> None: ...

    def paused_until(self, owner: str) -> float: ...

    def pause(self, owner: str, until: float) -> None: ...

    def next_write(self, owner: str, now: float, apart: float) -> float:
        """Book the next write: when it may be made, at least `apart` after the last one of any process."""


class LedgerInMemory:
    """A ledger in memory, for one process."""

    def __init__(self) -> None:
        self._created: dict[str, deque[float]] = {}
        self._said: dict[tuple[str, str], RateLimit] = {}
        self._paused: dict[str, float] = {}
        self._places: dict[str, float] = {}

    def creations(self, owner: str, since: float) -> tuple[float, ...]:
        kept = self._created.setdefault(owner, deque())
        while kept and kept[0] < since:
            kept.popleft()
        return tuple(kept)

    def create(self, owner: str, at: float) -> None:
        self._created.setdefault(owner, deque()).append(at)

    def said(self, owner: str, resource: str) -> RateLimit | None:
        return self._said.get((owner, resource))

    def note(self, owner: str, resource: str, said: RateLimit) -> None:
        self._said[owner, resource] = said

    def paused_until(self, owner: str) -> float:
        return self._paused.get(owner, 0)

    def pause(self, owner: str, until: float) -> None:
        self._paused[owner] = max(until, self.paused_until(owner))

    def next_write(self, owner: str, now: float, apart: float) -> float:
        place = self._places.get(owner, 0) + apart
        self._places[owner] = place if now < place <= now + WAIT_FOR_TURN_S else now
        return self._places[owner]


class Budget:
    """Asked before each call and told after each answer; a turn that must wait is taken again later.

    `foresees` is False for a local GitHub: it announces no limits, only refusals to obey.
    """

    def __init__(
        self,
        ledger: SpendingLedger | None = None,
        clock: Callable[[], float] = time.time,
        *,
        foresees: bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ledger, self._clock, self._foresees = ledger or LedgerInMemory(), clock, foresees
        self._lock = threading.Lock()
        self._writers: dict[str, threading.Lock] = {}
        self._written: dict[str, float] = {}
        self._strikes: dict[str, int] = {}
        self._sleep = sleep
        self._seats: dict[str, threading.BoundedSemaphore] = {}
        self._points: dict[tuple[str, str], deque[tuple[float, int]]] = {}
        self._share = 1.0

    def in_background(self) -> Budget:
        """The same limits for background work, such as a sweep: it leaves people their share."""
        twin = copy(self)
        twin._share = 1 - FOR_PEOPLE  # noqa: SLF001 - its own kind
        return twin

    @contextmanager
    def spend(self, owner: str, resource: str, *, write: bool, creates: int = 0) -> Iterator[None]:
        """Reserve one call; raises LaterError with the exact delay when a limit is reached."""
        with self._lock:
            seat = self._seats.setdefault(owner, threading.BoundedSemaphore(AT_ONCE))
            self._check_pause(owner)
            if self._foresees:
                self._check_hour(owner, resource)
                self._take_points(owner, resource, WRITE_POINTS if write else READ_POINTS)
                if creates:
                    self._create(owner, creates)
        if not seat.acquire(timeout=WAIT_FOR_TURN_S):
            raise WaitError("too many calls at once", WAIT_FOR_TURN_S)
        try:
            with self._writing(owner) if write and self._foresees else nullcontext():
                yield
            if write:
                self._strikes.pop(owner, None)
        except LaterError as error:
            if isinstance(error, LimitError):
                self.pause(owner, error.seconds, is_guess=error.is_guess)
            raise
        finally:
            seat.release()

    @contextmanager
    def _writing(self, owner: str) -> Iterator[None]:
        """Reserve the next write; raises LaterError when it is too far away.

        Processes reserve in a shared ledger; a reservation far in the future was made by a wrong clock and is ignored.
        """
        writer = self._writers.setdefault(owner, threading.Lock())
        if not writer.acquire(timeout=WAIT_FOR_TURN_S):
            raise WaitError("others are writing", WAIT_FOR_TURN_S)
        try:
            self._wait_for_place(owner)
            yield
        finally:
            self._written[owner] = self._clock()
            writer.release()

    def _wait_for_place(self, owner: str) -> None:
        now = self._clock()
        own = self._written.get(owner, 0) + PACE_S - now
        own = own if 0 < own <= PACE_S else 0
        shared = self._ledger.next_write(owner, now + own, PACE_S) - now
        left = shared if own <= shared <= WAIT_FOR_TURN_S else own
        if left > 0:
            self._sleep(left)

    def pause(self, owner: str, seconds: float, *, is_guess: bool = False) -> None:
        """GitHub asked to wait: every call of the installation waits, twice as long each time GitHub gives no delay and
        refuses again.
        """
        if is_guess:
            strikes = self._strikes[owner] = self._strikes.get(owner, 0) + 1
            seconds = min(seconds * 2.0 ** (strikes - 1), PAUSE_LONGEST_S)
        self._ledger.pause(owner, self._clock() + seconds)

    def heard(self, owner: str, headers: Mapping[str, Any]) -> None:
        """Record the limits announced with an answer."""
        found = {name.lower(): str(value) for name, value in headers.items()}
        remaining, total = found.get("x-ratelimit-remaining", ""), found.get("x-ratelimit-limit", "")
        reset, resource = found.get("x-ratelimit-reset", ""), found.get("x-ratelimit-resource", "core")
        if remaining.isdigit() and total.isdigit() and reset.isdigit():
            self._ledger.note(owner, resource, RateLimit(int(remaining), int(total), float(reset), self._clock()))

    def _check_pause(self, owner: str) -> None:
        left = self._ledger.paused_until(owner) - self._clock()
        if left > 0:
            raise WaitError("GitHub asked everybody to wait", left)

    def _check_hour(self, owner: str, resource: str) -> None:
        said = self._ledger.said(owner, resource)
        if said is None or said.reset <= self._clock():
            return
        floor = SPARE + said.total * (1 - self._share)
        if said.remaining <= min(floor, said.total / 2):
            raise WaitError(f"{said.remaining} points left until the hour", said.reset - self._clock())

    def _take_points(self, owner: str, resource: str, points: int) -> None:
        now, spent = self._clock(), self._points.setdefault((owner, resource), deque())
        while spent and not now - MINUTE_S < spent[0][0] <= now:
            spent.popleft()
        limit = POINTS_A_MINUTE.get(resource, POINTS_A_MINUTE["core"]) * self._share
        if sum(cost for _, cost in spent) + points > limit:
            raise WaitError("points of the minute spent", spent[0][0] + MINUTE_S - now)
        spent.append((now, points))

    def _create(self, owner: str, count: int) -> None:
        """Reserve `count` creations or none: GitHub counts each comment, however many a call makes."""
        now = self._clock()
        made = tuple(at for at in self._ledger.creations(owner, now - HOUR_S) if at <= now)
        for window, most in CREATIONS.items():
            within = [at for at in made if at > now - window]
            allowed = int(most * self._share)
            if len(within) + count > allowed:
                free = within[len(within) + count - allowed - 1] + window
                raise WaitError(f"{len(within)} comments in {window:.0f} s", free - now)
        for _ in range(count):
            self._ledger.create(owner, now)
