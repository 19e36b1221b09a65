"""The policy of a repository, read from its default branch, kept for a minute, and the last good version beyond."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.assets import default_policy
from app.documents import read_policy_bytes
from app.domain.document import Problem
from app.domain.policy import Policy
from app.github.client import Client, NotFoundError

PATH = ".github/jalon.yml"
FRESH_S = 60
log = logging.getLogger(__name__)


@dataclass
class _Known:
    policy: Policy
    etag: str
    read_at: float
    problems: tuple[Problem, ...] = ()


class Policies:
    """The rules that hold in each repository; a broken file never replaces rules that worked."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def of(self, repository: str) -> Policy:
        """Raises LaterError when GitHub cannot answer and nothing is known yet."""
        with self._lock:
            known = self._known.get(repository)
            if known is None or self._clock() - known.read_at > FRESH_S:
                known = self._known[repository] = self._read(repository, known)
            return known.policy

    def forget(self, repository: str) -> None:
        with self._lock:
            self._known.pop(repository, None)

    def _read(self, repository: str, known: _Known | None) -> _Known:
        headers = {"If-None-Match": known.etag} if known and known.etag else None
        requester = self._client.requester(repository)
        try:
            answer, data = self._client.rest(requester, "GET", f"/repos/{repository}/contents/{PATH}", headers=headers)
        except NotFoundError:
            log.warning("no %s in %s: gates stay closed until there is one", PATH, repository)
            return _Known(default_policy().distrusted(), "", self._clock())
        if data is None and known:
            return _Known(known.policy, known.etag, self._clock(), known.problems)
        policy = read_policy_bytes(base64.b64decode(data["content"]))
        etag = str(answer.get("etag", ""))
        if isinstance(policy, Policy):
            return _Known(policy, etag, self._clock())
        for problem in policy:
            log.error("%s of %s, line %s: %s %s", PATH, repository, problem.line, problem.kind, problem.path)
        last_good = known.policy if known else default_policy().distrusted()
        return _Known(last_good, etag, self._clock(), policy)
