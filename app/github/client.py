"""Calls to GitHub as the App: installation tokens, GraphQL operations and REST calls, failures sorted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from github import Auth, GithubException, GithubIntegration
from github.Installation import Installation
from github.Requester import Requester

from app.github.budget import Budget
from app.github.calls import first_page, next_page, unsorted
from app.github.errors import (
    LaterError,
    LimitError,
    NotFoundError,
    OverloadedError,
    RefusalError,
    errors_in,
    is_exhausted,
    sort_errors,
    sorted_failures,
)
from app.github.rights import narrowed
from app.settings import Settings

__all__ = ["Client", "LaterError", "NotFoundError", "sorted_failures"]

OPERATIONS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.graphql")}
log = logging.getLogger(__name__)
REPOSITORIES = "/installation/repositories"
TIMEOUT_S = 12
TRIES = 3
"""Tries of a page of a list on which GitHub fails."""
KEPT_S = 3_000
"""Seconds after which an installation is read again; a token lasts an hour, and rights may have changed."""
DOUBTED_S = 60
"""After a refused right, the installation is read again, but not more often than this: it may have been granted."""
OUT_OF_REACH, NOT_GRANTED = "not accessible by integration", "permissions requested are not granted"
"""GitHub's words for a right that a token lacks, and for one that the installation lacks."""


def manners() -> dict[str, Any]:
    """How PyGithub makes every call: it retries none, since a 502 may hide a comment that was written, and never
    sleeps.
    """
    waits = {"seconds_between_requests": None, "seconds_between_writes": None}
    return {"timeout": TIMEOUT_S, "retry": None, "api_version": "2022-11-28", **waits}


def as_the_app(settings: Settings) -> Auth.AppAuth:
    """Signs what the App asks in its own name, with a key that is read once: as text, it would be at each call."""
    return Auth.AppAuth(settings.app_id, lambda: settings.signing_key)  # type: ignore[arg-type,return-value]


class Client:
    """One App on one GitHub, with one installation per repository owner. Safe to share between threads."""

    def __init__(
        self, settings: Settings, budget: Budget | None = None, ended: Callable[[], None] = lambda: None
    ) -> None:
        """`ended` is called whenever a call ends, whatever its result: a sign that nothing hangs."""
        self._ended, self.app_id = ended, settings.app_id
        self._integration = GithubIntegration(
            auth=as_the_app(settings),
            base_url=settings.api_url,
            **manners(),
        )
        self._budget = budget or Budget(foresees=not settings.is_rehearsal)
        self._requesters: dict[str, tuple[Requester, float]] = {}
        self._owner_of: MutableMapping[Requester, str] = WeakKeyDictionary()
        self._owners: tuple[str, ...] = ()
        self._slug, self._slug_until, self._bot_id = "", 0.0, 0
        self._heard: tuple[datetime, float] | None = None
        self._lock = threading.Lock()

    def in_background(self) -> Client:
        """The same App for background work, which leaves people their share of GitHub's limits."""
        twin = copy(self)
        twin._budget = self._budget.in_background()  # noqa: SLF001 - its own kind
        return twin

    @property
    def bot(self) -> str:
        """Login of the App's own account in REST and webhooks; read again now and then, as an App may be renamed."""
        if not self._slug or time.monotonic() >= self._slug_until:
            try:
                with sorted_failures():
                    self._slug = self._integration.get_app().slug
            except LaterError:
                if not self._slug:
                    raise
            self._slug_until = time.monotonic() + KEPT_S
        return f"{self._slug}[bot]"

    def is_own(self, login: str, number: int) -> bool:
        """Whether an account is the App's own, by its id: it survives a rename, and nobody else has it."""
        if not login.endswith("[bot]"):
            return False
        mine = self._number() if number else 0
        if not mine:
            return login == self.bot
        if number == mine and login != self.bot:
            self._slug_until = 0.0
        return number == mine

    def _number(self) -> int:
        """Id of the App's own account; 0 when GitHub does not tell."""
        if not self._bot_id:
            for owner in self.owners()[:1]:
                bot = self.bot
                self._bot_id = self._number_of(owner, bot)
                if not self._bot_id:  # nobody bears that name: the App may have had another since we asked
                    self._slug_until = 0.0
                    self._bot_id = self._number_of(owner, self.bot) if self.bot != bot else 0
        return self._bot_id

    def _number_of(self, owner: str, login: str) -> int:
        try:
            return int(self.rest(self.requester_of_owner(owner), "GET", f"/users/{login}")[1]["id"])
        except (NotFoundError, RefusalError):
            return 0

    def hour(self) -> datetime | None:
        """GitHub's clock, from the `Date` header of its last answer; None when there was none."""
        if self._heard is None:
            return None
        told, since = self._heard
        return told + timedelta(seconds=time.monotonic() - since)

    def _hear(self, headers: Mapping[str, Any]) -> None:
        """A header that is no date, as some proxies write, is ignored."""
        try:
            told = parsedate_to_datetime(str(headers.get("date", "")))
            self._heard = told.astimezone(UTC), time.monotonic()
        except ValueError:
            return

    def requester(self, repository: str) -> Requester:
        """The requester of the installation that holds a repository; raises NotFoundError when none does."""
        owner, _, name = repository.partition("/")
        return self._requester(owner, lambda: self._integration.get_repo_installation(owner, name))

    def requester_of_owner(self, owner: str) -> Requester:
        """The requester of an organisation's installation, for webhooks that name no repository."""
        return self._requester(owner, lambda: self._integration.get_org_installation(owner))

    def _requester(self, owner: str, find: Callable[[], Installation]) -> Requester:
        """A token limited to the rights Jalon uses, whatever the installation grants."""
        with self._lock:
            self._forget(owner, KEPT_S)
            if owner not in self._requesters:
                with sorted_failures():
                    installation = find()
                    rights = narrowed(installation.permissions)
                    requester = self._integration.get_github_for_installation(installation.id, rights).requester
                    self._requesters[owner], self._owner_of[requester] = (requester, time.monotonic()), owner
                self._ended()
            return self._requesters[owner][0]

    def _forget(self, owner: str, age_s: float) -> None:
        """Read the installation again next time, unless that was just done."""
        if owner in self._requesters and time.monotonic() - self._requesters[owner][1] >= age_s:
            del self._requesters[owner]

    @property
    def as_app(self) -> Requester:
        """The requester for what only the App itself may ask: its installations, its deliveries."""
        return self._integration.requester

    def owners(self) -> tuple[str, ...]:
        """Accounts on which the App is installed."""
        with sorted_failures():
            found = [item.raw_data for item in self._integration.get_installations() if not item.suspended_at]
        # An installation on an enterprise has an account without a login, and no product.
        logins = ((item.get("account") or {}).get("login") for item in found)
        return tuple(str(login) for login in logins if login)

    def repositories(self) -> tuple[str, ...]:
        """Full names of every repository the App is installed on; an owner that refuses us does not hide the others."""
        return tuple(self.numbered().values())

    def numbered(self) -> dict[int, str]:
        """The same by id, which survives a rename."""
        found: dict[int, str] = {}
        for owner in self.owners():
            try:
                requester = self.requester_of_owner(owner)
                listed = self.listed(requester, REPOSITORIES, "repositories")
                found |= {int(item["id"]): str(item["full_name"]) for item in listed}
            except (NotFoundError, RefusalError) as error:
                log.warning("the repositories of %s are not shown: %s", owner, type(error).__name__)
        return found

    def graphql(
        self, requester: Requester, operation: str, accept: Callable[[Any], bool] | None = None, **values: Any
    ) -> Any:
        """Data of one of our operations; GraphQL errors are raised unless `accept` takes all of them."""
        return self.graphql_text(requester, OPERATIONS[operation], accept, **values)

    def graphql_text(
        self, requester: Requester, text: str, accept: Callable[[Any], bool] | None = None, **values: Any
    ) -> Any:
        """The same for an operation built on the spot."""
        write = text.lstrip().startswith("mutation") or "\nmutation" in text
        headers, answer = self._operation(requester, text, values, write=write)
        errors = answer.get("errors")
        # An answer cut short by GitHub's limits is never taken for complete.
        is_usable = accept and answer.get("data") and not any(map(is_exhausted, errors or ()))
        if errors and not (accept and is_usable and all(accept(item) for item in errors)):
            with self._pausing(requester):
                sort_errors(headers, answer)
        return answer["data"]

    def made_in_part(
        self, requester: Requester, text: str, values: Mapping[str, Any], creates: int
    ) -> tuple[Mapping[str, Any], list[Mapping[str, Any]], LaterError | None]:
        """The result of a document of mutations: data, errors, and why the rest must wait, if so."""
        headers, answer = self._operation(requester, text, values, write=True, creates=creates)
        errors = errors_in(answer)
        try:
            if errors:
                with self._pausing(requester):
                    sort_errors(headers, answer)
        except LaterError as error:
            return answer.get("data") or {}, errors, error
        except (NotFoundError, RefusalError):
            pass  # of some of the changes, which whoever asked for them sorts
        return answer.get("data") or {}, errors, None

    def _operation(
        self, requester: Requester, text: str, values: Mapping[str, Any], *, write: bool, creates: int = 0
    ) -> tuple[Any, Any]:
        body = {"query": text, "variables": values}
        url = requester.graphql_url
        return self._call(requester, "POST", url, body, None, "graphql", write=write, creates=creates)

    def rest(
        self, requester: Requester, verb: str, path: str, body: Any = None, headers: Any = None
    ) -> tuple[Any, Any]:
        """Headers and JSON of one REST call; JSON is None for an empty answer."""
        creates = int(verb == "POST" and path.endswith("/comments"))
        return self._call(requester, verb, path, body, headers, "core", write=verb != "GET", creates=creates)

    def listed(self, requester: Requester, path: str, key: str = "") -> Iterator[Any]:
        """Every item of a REST list, however many pages GitHub makes of it."""
        where = first_page(path)
        while where:
            headers, page = self._page(requester, where)
            yield from page[key] if key else page
            where = next_page(headers)

    def _page(self, requester: Requester, path: str) -> tuple[Any, Any]:
        """A page GitHub fails on is asked for again, as in GraphQL lists: a command has nobody to retry it."""
        for _ in range(TRIES - 1):
            try:
                return self.rest(requester, "GET", path)
            except OverloadedError as error:
                log.warning("a list is asked for again: %s", error)
        return self.rest(requester, "GET", path)

    def _call(
        self,
        requester: Requester,
        verb: str,
        path: str,
        body: Any,
        headers: Any,
        resource: str,
        *,
        write: bool,
        creates: int = 0,
    ) -> tuple[Any, Any]:
        """One call within the installation's budget; calls of the App itself have limits of their own."""
        owner = self._owner_of.get(requester)
        if owner is None:
            with sorted_failures():
                return self._heeded(requester, verb, path, body, headers)
        with (
            self._budget.spend(owner, resource, write=write, creates=creates),
            sorted_failures(),
            self._renewing(owner),
        ):
            said, answer = self._heeded(requester, verb, path, body, headers)
        self._budget.heard(owner, said)
        return said, answer

    def _heeded(self, requester: Requester, verb: str, path: str, body: Any, headers: Any) -> tuple[Any, Any]:
        """Read the date of a refusal too: a wrong clock is why GitHub refuses the App's signature."""
        try:
            said, answer = unsorted(requester, verb, path, body, headers)
        except GithubException as error:
            self._hear(error.headers or {})
            raise
        finally:
            self._ended()
        self._hear(said)
        return said, answer

    @contextmanager
    def _pausing(self, requester: Requester) -> Iterator[None]:
        """A limit told in the body of an answer stops every call, as one told by its status does."""
        try:
            yield
        except LaterError as error:
            owner = self._owner_of.get(requester)
            if isinstance(error, LimitError) and owner:
                self._budget.pause(owner, error.seconds, is_guess=error.is_guess)
            raise

    @contextmanager
    def _renewing(self, owner: str) -> Iterator[None]:
        """Forget a token that GitHub refuses before its end: the next try asks for another.

        GitHub may have revoked it, or the installation's rights may have changed.
        """
        try:
            yield
        except GithubException as error:
            told = str(error.data)
            with self._lock:
                if error.status == 403 and OUT_OF_REACH in told:
                    self._forget(owner, DOUBTED_S)
                elif error.status == 401 or (error.status == 422 and NOT_GRANTED in told):
                    self._requesters.clear()
                    raise LaterError("GitHub refused the token of the installation", 1) from error
            raise
