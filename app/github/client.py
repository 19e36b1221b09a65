"""Calls to GitHub as the App: installation tokens, GraphQL operations and REST calls, failures sorted in three."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from github import Auth, GithubException, GithubIntegration
from github.Installation import Installation
from github.Requester import Requester

from app.settings import Settings

OPERATIONS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.graphql")}
TIMEOUT_S = 12
SERVER_ERRORS = range(500, 600)
WAIT_UNKNOWN_S = 60
"""GitHub asks to wait a minute when a secondary limit gives no delay."""


class LaterError(Exception):
    """GitHub cannot answer now; the same turn may succeed after `seconds`.

    `is_exact`: GitHub said when, or we know; otherwise waiting longer each time is wiser. `overloaded`: GitHub failed,
    and may do better when less is asked of it at once.
    """

    def __init__(self, why: str, seconds: float = 0, *, is_exact: bool = False, overloaded: bool = False) -> None:
        self.seconds, self.is_exact, self.overloaded = seconds, is_exact, overloaded
        super().__init__(why)


class NotFoundError(Exception):
    """What was asked for does not exist, or is not shown to the App."""


@contextmanager
def sorted_failures() -> Iterator[None]:
    """Turns PyGithub's exceptions into LaterError or NotFoundError; anything else is a bug and stays as it is."""
    try:
        yield
    except GithubException as error:
        if error.status == 404:
            raise NotFoundError(str(error)) from error
        if wait := _wait(error):
            failed = error.status in SERVER_ERRORS
            raise LaterError(f"GitHub answered {error.status}", wait, is_exact=not failed, overloaded=failed) from error
        raise
    except (requests.ConnectionError, requests.Timeout) as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1) from error


def _wait(error: GithubException) -> float:
    """Seconds to wait before trying again; 0 when trying again is of no use."""
    if error.status in SERVER_ERRORS:
        return 1
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    errors = error.data.get("errors", []) if isinstance(error.data, Mapping) else []
    limited = any(isinstance(item, Mapping) and item.get("type") == "RATE_LIMITED" for item in errors)
    secondary = error.status in {403, 429} and "rate limit" in str(error.data).lower()
    if error.status == 429 or limited or secondary or headers.get("x-ratelimit-remaining") == "0":
        if headers.get("retry-after", "").isdigit():
            return float(headers["retry-after"])
        reset = headers.get("x-ratelimit-reset", "")
        return max(1, float(reset) - time.time()) if reset.isdigit() and float(reset) > time.time() else WAIT_UNKNOWN_S
    return 0


class Client:
    """One App on one GitHub; keeps an installation per repository owner. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        # POSTs are never repeated by the library: a 502 may hide a comment that was written.
        self._integration = GithubIntegration(
            auth=Auth.AppAuth(settings.app_id, settings.private_key),
            base_url=settings.api_url,
            timeout=TIMEOUT_S,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            api_version="2022-11-28",
        )
        self._requesters: dict[str, Requester] = {}
        self._owners: tuple[str, ...] = ()
        self._slug = ""
        self._lock = threading.Lock()

    @property
    def bot(self) -> str:
        """Login of the App's own account in REST and webhooks."""
        if not self._slug:
            with sorted_failures():
                self._slug = self._integration.get_app().slug
        return f"{self._slug}[bot]"

    def requester(self, repository: str) -> Requester:
        """The requester of the installation that holds a repository; raises NotFoundError when none does."""
        owner, _, name = repository.partition("/")
        return self._requester(owner, lambda: self._integration.get_repo_installation(owner, name))

    def requester_of_owner(self, owner: str) -> Requester:
        """The requester of an organisation's installation, for events that name no repository."""
        return self._requester(owner, lambda: self._integration.get_org_installation(owner))

    def _requester(self, owner: str, find: Callable[[], Installation]) -> Requester:
        with self._lock:
            if owner not in self._requesters:
                with sorted_failures():
                    installation = find()
                    self._requesters[owner] = self._integration.get_github_for_installation(installation.id).requester
            return self._requesters[owner]

    @property
    def as_app(self) -> Requester:
        """For what only the App itself may ask: its installations, its deliveries."""
        return self._integration.requester

    def owners(self) -> tuple[str, ...]:
        """Accounts on which the App is installed."""
        with sorted_failures():
            return tuple(item.raw_data["account"]["login"] for item in self._integration.get_installations())

    def repositories(self) -> tuple[str, ...]:
        """Full names of every repository the App is installed on."""
        found: list[str] = []
        for owner in self.owners():
            page = 1
            while True:
                path = f"/installation/repositories?per_page=100&page={page}"
                _, answer = self.rest(self.requester_of_owner(owner), "GET", path)
                found += [item["full_name"] for item in answer["repositories"]]
                if len(answer["repositories"]) < 100:
                    break
                page += 1
        return tuple(found)

    def graphql(
        self, requester: Requester, operation: str, accept: Callable[[Any], bool] | None = None, **values: Any
    ) -> Any:
        """Data of one of our operations; errors are raised unless `accept` takes all of them."""
        with sorted_failures():
            try:
                return requester.graphql_query(OPERATIONS[operation], values)[1]["data"]
            except GithubException as error:
                data = error.data if isinstance(error.data, Mapping) else {}
                if accept and data.get("data") and all(accept(item) for item in data.get("errors", [None])):
                    return data["data"]
                raise

    def rest(
        self, requester: Requester, verb: str, path: str, body: Any = None, headers: Any = None
    ) -> tuple[Any, Any]:
        """Headers and JSON of one REST call; JSON is None for an empty answer."""
        with sorted_failures():
            return requester.requestJsonAndCheck(verb, path, input=body, headers=headers)
