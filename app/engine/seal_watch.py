"""What GitHub shows of the seal, looked at when a process starts and each night: the log must be what it signed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from app.github.client import Client
from app.github.errors import NotFoundError
from app.github.latest_seals import latest_comments
from app.store.log import Log
from app.turns.fork_guard import ForkGuard

log = logging.getLogger(__name__)


class SealWatch:
    """One call to GitHub for each repository that holds products, and none for a register that nobody seals."""

    def __init__(self, client: Client, kept: Log, guard: ForkGuard, known: Callable[[], Iterable[str]]) -> None:
        self._client, self._log, self._guard, self._known = client, kept, guard, known
        self._has_looked = False

    @property
    def is_due(self) -> bool:
        """Whether a sealed register was not looked at yet by this process."""
        return not self._has_looked and (self._guard.has_key or bool(self._log.origin))

    def begin(self) -> None:
        """Before anything is sealed: whatever back-up this database comes from. Raises LaterError."""
        if self._has_looked:
            return
        self.look()
        self._guard.settle()
        self._has_looked = True

    def look(self) -> None:
        """Raises LaterError."""
        if not self._guard.has_key and not self._log.origin:
            return
        for repository in dict.fromkeys((*self._known(), *self._client.repositories())):
            try:
                comments, bodies = latest_comments(self._client, repository)
            except NotFoundError:
                continue
            self._guard.look(comments)
            self._guard.look_at(bodies)

    def settle(self) -> None:
        """What waited is sealed once nothing keeps it from being; what still does is told again."""
        self._guard.settle()
