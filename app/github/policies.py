"""The policy of a repository, read from its default branch and kept for a minute; the last valid one beyond that."""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app.domain.policy.document import Problem
from app.domain.policy.inheritance import CommonFile, CommonProblem
from app.domain.policy.model import Policy
from app.domain.publish.policy_file import PolicyStatus, RulesState
from app.github.client import Client, LaterError, NotFoundError
from app.github.common_files import CommonFiles, KeptFile
from app.github.errors import RefusalError
from app.shipped_files import default_policy
from app.yaml_documents import LARGEST, ReadRules, read_policy_bytes, read_rules, too_large, version_of

PATH = ".github/jalon.yml"
FRESH_S = 60
NO_COMMIT = "No commit found for the ref"
"""GitHub's words for a commit that it does not know, as opposed to a file that is not in it."""
log = logging.getLogger(__name__)


class UnreadablePolicyError(LaterError):
    """GitHub does not let the App read the file, and no former version is known."""


class CommitNotShownError(LaterError):
    """GitHub does not show a commit that it told of, or that another of its copies has shown."""

    def __init__(self) -> None:
        super().__init__("GitHub does not show the commit yet")


class PolicyMemory(Protocol):
    """Where the last valid text of each file outlives the process."""

    def good(self, repository: str) -> bytes | None: ...

    def keep(self, repository: str, text: bytes, version: str) -> None: ...


@dataclass
class _Known:
    reading: PolicyStatus
    etag: str
    read_at: float
    blob: str = ""
    """Names the text, whatever the address it was read at."""
    content: bytes = b""
    """The file's own text, kept when it extends others: they may change without it."""
    commons: tuple[tuple[CommonFile, str], ...] = ()
    """Those it extends, each with the name of its text."""


@dataclass(frozen=True)
class _Look:
    """How a file is looked at: at which commit, and whether what is known of others is believed."""

    at: str = ""
    again: bool = False


class Policies:
    """The rules in force in each repository; an invalid, missing or unreadable file never replaces valid ones."""

    def __init__(
        self, client: Client, memory: PolicyMemory | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._memory, self._clock = client, memory, clock
        self._commons = CommonFiles(client, clock)
        self._known: dict[str, _Known] = {}
        self._states: dict[str, tuple[RulesState, str]] = {}
        self._news: set[str] = set()
        self._lock = threading.Lock()

    def of(self, repository: str) -> Policy:
        """Raises LaterError when GitHub cannot answer and nothing is known, UnreadablePolicyError when it refuses."""
        return self.reading(repository).policy

    def reading(self, repository: str, *, again: bool = False, at: str = "") -> PolicyStatus:
        """What became of the file; `again` asks GitHub, and raises LaterError if it is silent.

        `at` is the commit to read it at, which no copy can show as it was: CommitNotShownError when it is not there.
        """
        with self._lock:
            known = self._known.get(repository)
            if known is None or again or self._clock() - known.read_at > FRESH_S:
                known = self._known[repository] = self._read(repository, known, at, patient=not again)
            return known.reading

    def stamp(self, repository: str) -> object:
        """Tells one text of the file from another; None when it was never read here."""
        return self._states.get(repository)

    def remembered(self, repository: str) -> Policy | None:
        """The last valid rules, without asking GitHub."""
        with self._lock:
            return self._last_good(repository, self._known.get(repository))

    def extending(self, repository: str, paths: Collection[str]) -> tuple[str, ...]:
        """Repositories whose rules, as last read here, extend one of these files of a repository, or any."""
        wanted, where = {CommonFile(repository, path).key for path in paths}, repository.casefold()

        def is_meant(file: CommonFile) -> bool:
            return file.key in wanted if wanted else file.repository.casefold() == where

        with self._lock:
            found = [name for name, one in self._known.items() if any(is_meant(file) for file, _ in one.commons)]
        return tuple(sorted(found))

    def reads_common(self, repository: str, paths: Collection[str], at: str = "") -> None:
        """Read common files again, at a commit that GitHub has shown; raises LaterError."""
        with self._lock:
            for path in paths:
                self._commons.read(CommonFile(repository, path), again=True, at=at)

    def forget(self, repository: str) -> None:
        with self._lock:
            self._known.pop(repository, None)

    def news(self) -> frozenset[str]:
        """Repositories whose file has changed since this was last asked."""
        with self._lock:
            found, self._news = frozenset(self._news), set()
        return found

    def _read(self, repository: str, known: _Known | None, at: str, *, patient: bool) -> _Known:
        headers = {"If-None-Match": known.etag} if known and known.etag else None
        requester = self._client.requester(repository)
        path = f"/repos/{repository}/contents/{PATH}" + (f"?ref={at}" if at else "")
        try:
            answer, data = self._client.rest(requester, "GET", path, headers=headers)
            return self._answered(repository, known, str(answer.get("etag", "")), data, _Look(at, again=not patient))
        except NotFoundError as error:
            if at and NO_COMMIT in str(error):
                raise CommitNotShownError from error
            return self._without(repository, RulesState.ABSENT, self._last_good(repository, known))
        except LaterError as error:
            last_good = self._last_good(repository, known) if patient else None
            if last_good is None:
                raise
            log.warning("%s of %s cannot be read now (%s): the rules known hold", PATH, repository, error)
            return _Known(known.reading if known else PolicyStatus(RulesState.UNREADABLE, last_good), "", self._clock())
        except RefusalError as error:
            return self._withheld(repository, known, error)

    def _answered(self, repository: str, known: _Known | None, etag: str, data: Any, look: _Look) -> _Known:
        """The file as GitHub gave it; without `data` it has not changed, but what it extends may have."""
        if data is None and known:
            etag, blob, content, size = etag or known.etag, known.blob, known.content, 0
            if known.commons == self._named(repository, (file for file, _ in known.commons), look):
                return self._found(repository, known.reading, replace(known, etag=etag))
        else:
            blob, content, size = (
                str(data.get("sha", "")) if isinstance(data, dict) else "",
                _content(data),
                _size(data),
            )
        reading, commons = self._parsed(repository, content, size, known, look)
        kept = content if commons else b""
        return self._found(repository, reading, _Known(reading, etag, 0, blob, kept, commons))

    def _named(self, repository: str, files: Iterable[CommonFile], look: _Look) -> tuple[tuple[CommonFile, str], ...]:
        return tuple((file, self._common(repository, file, look).blob) for file in files)

    def _common(self, repository: str, file: CommonFile, look: _Look) -> KeptFile:
        """One of the same repository is read at the same commit."""
        is_here = file.repository.casefold() == repository.casefold()
        return self._commons.read(file, again=look.again, at=look.at if is_here else "")

    def _parsed(
        self, repository: str, content: bytes, size: int, known: _Known | None, look: _Look
    ) -> tuple[PolicyStatus, tuple[tuple[CommonFile, str], ...]]:
        here = CommonFile(repository, PATH)
        given: dict[CommonFile, KeptFile] = {}

        def fetch(file: CommonFile) -> bytes | CommonProblem:
            if file not in given:
                given[file] = self._common(repository, file, look)
            return given[file].content

        read = ReadRules((too_large(size),), b"") if size > LARGEST else read_rules(content, here, fetch)
        commons = tuple((file, one.blob) for file, one in given.items())
        if not isinstance(read.policy, Policy):
            last_good = self._last_good(repository, known)
            if last_good is None and len(content) <= LARGEST:
                own = read_rules(content, here, fetch, former=True).policy
                last_good = own if isinstance(own, Policy) else None
            return _flawed(content, read.policy, last_good), commons
        if self._memory and self._memory.good(repository) != read.text:
            self._memory.keep(repository, read.text, read.policy.version)
        return PolicyStatus(RulesState.GOOD, read.policy), commons

    def _last_good(self, repository: str, known: _Known | None) -> Policy | None:
        """What any worker read last is preferred to what this one remembers."""
        text = self._memory.good(repository) if self._memory else None
        policy = read_policy_bytes(text, former=True) if text is not None else None
        if isinstance(policy, Policy):
            return policy
        return known.reading.policy if known and not known.reading.policy.flawed else None

    def _withheld(self, repository: str, known: _Known | None, error: RefusalError) -> _Known:
        """GitHub refuses: rules known before stay in force; without any, nothing is done."""
        last_good = self._last_good(repository, known)
        if last_good is None:
            self._heard(repository, RulesState.UNREADABLE, "")
            why = f"{PATH} of {repository} may not be read ({error.status}): grant the App « Single file »"
            raise UnreadablePolicyError(why, FRESH_S) from error
        return self._without(repository, RulesState.UNREADABLE, last_good)

    def _without(self, repository: str, state: RulesState, last_good: Policy | None) -> _Known:
        reading = PolicyStatus(state, last_good or default_policy().distrusted())
        return self._found(repository, reading, _Known(reading, "", 0))

    def _found(self, repository: str, reading: PolicyStatus, known: _Known) -> _Known:
        self._heard(repository, reading.state, " ".join((known.blob, *(blob for _, blob in known.commons))))
        return replace(known, reading=reading, read_at=self._clock())

    def _heard(self, repository: str, state: RulesState, blob: str) -> None:
        """Log a change once, and note it for whoever asks; a valid file at start-up is no change."""
        before = self._states.get(repository)
        self._states[repository] = state, blob
        if before == (state, blob) or (before is None and state is RulesState.GOOD):
            return
        self._news.add(repository)
        told = "read again" if state is RulesState.GOOD else f"{state}: the rules known before hold, if there were any"
        log.log(logging.INFO if state is RulesState.GOOD else logging.ERROR, "%s of %s %s", PATH, repository, told)


def _flawed(content: bytes, problems: tuple[Problem, ...], last_good: Policy | None) -> PolicyStatus:
    """A file accepted by a former version stays in force under stricter limits, until another replaces it.

    An upgrade of Jalon thus stops no committee, whether or not its database was kept.
    """
    if last_good is None:
        return PolicyStatus(RulesState.FLAWED, default_policy().distrusted(), problems)
    version = version_of(content.decode(errors="replace"))
    return PolicyStatus(RulesState.FLAWED, last_good, problems, kept=last_good.version == version)


def _size(data: Any) -> int:
    return int(data.get("size") or 0) if isinstance(data, dict) else 0


def _content(data: Any) -> bytes:
    """The bytes of the file; empty for a folder of that name, or a file over a million bytes."""
    return base64.b64decode(data.get("content") or "") if isinstance(data, dict) else b""
