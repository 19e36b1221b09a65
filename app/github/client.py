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
"""Of a page of a list on which GitHub fails."""
KEPT_S = 3_000
"""An installation is looked at again with each new token, which lasts an hour: its rights may have changed."""
DOUBTED_S = 60
"""A right that is refused may have been granted since this long: not looked at again at every refusal."""
OUT_OF_REACH, NOT_GRANTED = "not accessible by integration", "permissions requested are not granted"
"""What GitHub says of a right that a token has not, and of one that the installation has not."""


def manners() -> dict[str, Any]:
    """How PyGithub makes every call. It repeats none, since a 502 may hide a comment that was written; nor waits."""
    waits = {"seconds_between_requests": None, "seconds_between_writes": None}
    return {"timeout": TIMEOUT_S, "retry": None, "api_version": "2022-11-28", **waits}


class Client:
    """One App on one GitHub; keeps an installation per repository owner. Safe to share between threads."""

    def __init__(
        self, settings: Settings, budget: Budget | None = None, ended: Callable[[], None] = lambda: None
    ) -> None:
        """`ended` hears of each call that comes to its end, whatever it brought: nothing hangs."""
        self._ended = ended
        self._integration = GithubIntegration(
            auth=Auth.AppAuth(settings.app_id, settings.private_key),
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
        """The same App, for what nobody waits for: people keep their share of GitHub's limits."""
        twin = copy(self)
        twin._budget = self._budget.in_background()  # noqa: SLF001 - its own kind
        return twin

    @property
    def bot(self) -> str:
        """Login of the App's own account in REST and webhooks; asked again in a while, for an App may be renamed."""
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
        """Whether an account is the App's own: by its number, which outlives the App's name and is nobody else's."""
        if not login.endswith("[bot]"):
            return False
        mine = self._number() if number else 0
        if not mine:
            return login == self.bot
        if number == mine and login != self.bot:
            self._slug_until = 0.0
        return number == mine

    def _number(self) -> int:
        """Of the App's own account; 0 when GitHub does not tell."""
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
        """What GitHub's own clock shows now, by the `Date` of its last answer; None when it never told."""
        if self._heard is None:
            return None
        told, since = self._heard
        return told + timedelta(seconds=time.monotonic() - since)

    def _hear(self, headers: Mapping[str, Any]) -> None:
        """A header that is no date, as some proxies write, tells nothing."""
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
        """The requester of an organisation's installation, for events that name no repository."""
        return self._requester(owner, lambda: self._integration.get_org_installation(owner))

    def _requester(self, owner: str, find: Callable[[], Installation]) -> Requester:
        """Its tokens have no right that Jalon does not use, whatever the installation grants."""
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
        """Look at the installation again next time, unless it was just now."""
        if owner in self._requesters and time.monotonic() - self._requesters[owner][1] >= age_s:
            del self._requesters[owner]

    @property
    def as_app(self) -> Requester:
        """For what only the App itself may ask: its installations, its deliveries."""
        return self._integration.requester

    def owners(self) -> tuple[str, ...]:
        """Accounts on which the App is installed."""
        with sorted_failures():
            found = [item.raw_data for item in self._integration.get_installations() if not item.suspended_at]
        # An installation on an enterprise has an account without a login, and no product.
        logins = ((item.get("account") or {}).get("login") for item in found)
        return tuple(str(login) for login in logins if login)

    def repositories(self) -> tuple[str, ...]:
        """Full names of every repository the App is installed on; an owner that GitHub refuses us hides no other."""
        return tuple(self.numbered().values())

    def numbered(self) -> dict[int, str]:
        """The same, by the number that GitHub gave each, which outlives its name."""
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
        """Data of one of our operations; errors are raised unless `accept` takes all of them."""
        return self.graphql_text(requester, OPERATIONS[operation], accept, **values)

    def graphql_text(
        self, requester: Requester, text: str, accept: Callable[[Any], bool] | None = None, **values: Any
    ) -> Any:
        """The same, of an operation written for the occasion."""
        write = text.lstrip().startswith("mutation") or "\nmutation" in text
        headers, answer = self._operation(requester, text, values, write=write)
        errors = answer.get("errors")
        # What was cut short for want of time or room is never taken for all there is.
        is_usable = accept and answer.get("data") and not any(map(is_exhausted, errors or ()))
        if errors and not (accept and is_usable and all(accept(item) for item in errors)):
            with self._pausing(requester):
                sort_errors(headers, answer)
        return answer["data"]

    def made_in_part(
        self, requester: Requester, text: str, values: Mapping[str, Any], creates: int
    ) -> tuple[Mapping[str, Any], list[Mapping[str, Any]], LaterError | None]:
        """What a document of changes did: its data, its errors, and why the rest must wait, if it must."""
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
        """Asked for again when GitHub fails on it, as lists of GraphQL are: a command has nobody to try it later."""
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
        """One call within the installation's budget; what only the App itself asks has limits of its own."""
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
        """A refusal tells GitHub's hour too: a clock far from it is why an App's own signature is refused."""
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
        """A limit told in the body of an answer makes everybody wait, as one told by its status."""
        try:
            yield
        except LaterError as error:
            owner = self._owner_of.get(requester)
            if isinstance(error, LimitError) and owner:
                self._budget.pause(owner, error.seconds, is_guess=error.is_guess)
            raise

    @contextmanager
    def _renewing(self, owner: str) -> Iterator[None]:
        """A token that no longer fits is forgotten, though its hour is not over: the next try asks for another.

        GitHub may take it no more; the installation may have been given rights since, or have lost some.
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
