"""Deliveries that never reached us: GitHub does not send them again by itself, so we ask it to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app.engine.inbox import Inbox
from app.github.client import Client
from app.github.deliveries import Attempt, attempts, redeliver
from app.store.key_values import KeyValues

log = logging.getLogger(__name__)
NOTE = "catch-up"
HOPELESS = 20
"""Attempts after which a delivery is left alone: its failure is not due to the network."""
SHUFFLE = timedelta(minutes=10)
"""How far from their order GitHub may list its attempts: their numbers are no guide."""
MARGIN = timedelta(hours=1)
"""Margin under GitHub's own retention limit: the oldest deliveries may vanish while we read the list."""


class CatchUp:
    """`memory` is how long GitHub can send a delivery again."""

    def __init__(
        self, client: Client, inbox: Inbox, notes: KeyValues, clock: Callable[[], datetime], memory: timedelta
    ) -> None:
        self._client, self._inbox, self._notes = client, inbox, notes
        self._clock, self._memory = clock, memory

    def missed(self) -> tuple[Attempt, ...]:
        """The last attempt of each delivery that we never got, oldest first; raises LaterError."""
        return self._look()[0]

    def run(self) -> tuple[Attempt, ...]:
        """Have GitHub send again what we missed. May be interrupted: the next run finds what is left to do."""
        missed, settled = self._look()
        asked = tuple(attempt for attempt in missed if redeliver(self._client, attempt))
        for attempt in asked:
            log.warning(
                "never received, asked again: %s %s", attempt.event, attempt.action, extra={"delivery": attempt.guid}
            )
        if settled:
            self._notes.set(NOTE, settled.isoformat())
        return asked

    def _look(self) -> tuple[tuple[Attempt, ...], datetime | None]:
        """What was missed, and the moment up to which everything is done: the next run reads back to it and stops."""
        oldest = self._clock() - self._memory + MARGIN
        until = max(filter(None, (_moment(self._notes.get(NOTE)), oldest)))
        seen: dict[str, list[Attempt]] = {}
        newest: datetime | None = None
        for attempt in attempts(self._client):
            if attempt.at < until - SHUFFLE:
                break
            if attempt.at < oldest:
                continue
            newest = max(newest or attempt.at, attempt.at)
            seen.setdefault(attempt.guid, []).append(attempt)
        failed = {guid: tries for guid, tries in seen.items() if not any(attempt.is_ok for attempt in tries)}
        for guid in self._known(failed):
            del failed[guid]
        hopeful = [tries for tries in failed.values() if len(tries) < HOPELESS]
        first = min((attempt.at for tries in hopeful for attempt in tries), default=newest)
        return tuple(sorted((tries[0] for tries in hopeful), key=lambda attempt: attempt.at)), first

    def _known(self, guids: Iterable[str]) -> set[str]:
        """It is in our inbox, though GitHub did not get our answer."""
        known, every = set[str](), list(guids)
        for start in range(0, len(every), 500):
            known |= self._inbox.known(every[start : start + 500])
        return known


def _moment(noted: str) -> datetime | None:
    """A former version noted the number of an attempt instead of a moment: read all that GitHub remembers, once."""
    return datetime.fromisoformat(noted) if "T" in noted else None
