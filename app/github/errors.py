"""How a call to GitHub may fail: try again later, not found, or refused."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from github import GithubException

SERVER_ERRORS = range(500, 600)
REDIRECTIONS = range(300, 400)
WAIT_UNKNOWN_S = 60
"""Seconds to wait when a secondary limit gives no delay, as GitHub asks; doubled each time it is met again."""
EXHAUSTED = ("something went wrong while executing your query", "timeout", "timedout", "resource limits")
"""GraphQL's ways to say that it ran out of time or resources, in an answer that otherwise looks like a success."""
TOO_MUCH = {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"}
WITHHELD = {"FORBIDDEN", "INSUFFICIENT_SCOPES", "SAML_FAILURE"}
NOTHING_DONE = {"NOT_FOUND", "UNPROCESSABLE", "VALIDATION"}
LIMITS = ("rate limit", "abuse detection")
"""Older servers call a secondary limit « abuse detection »."""
DISABLED = "issues are disabled"


class GitHubError(Exception):
    """Any failure of a call to GitHub."""


class LaterError(GitHubError):
    """GitHub cannot answer now; the same turn may succeed after `seconds`, or later, with growing delays."""

    kind = ""
    """The kind of trouble for the administrator; empty when there is nothing to do but wait."""

    def __init__(self, why: str, seconds: float = 0) -> None:
        self.seconds = seconds
        super().__init__(why)


class WaitError(LaterError):
    """Wait until a known moment: a limit that GitHub told, or that we foresee."""


class LimitError(WaitError):
    """GitHub limits us: every call of the installation must wait. `is_guess`: GitHub gave no delay."""

    def __init__(self, why: str, seconds: float, *, is_guess: bool = False) -> None:
        self.is_guess = is_guess
        super().__init__(why, seconds)


class OverloadedError(LaterError):
    """GitHub failed, and may succeed if asked for less at once."""

    kind = "overloaded"


class TooMuchError(OverloadedError):
    """GitHub said itself that too much was asked."""


class UnreachableError(LaterError):
    kind = "unreachable"


class CredentialsError(LaterError):
    kind = "credentials"


class MovedError(LaterError):
    """The repository was renamed."""

    kind = "moved"


class NotFoundError(GitHubError):
    """What was asked for does not exist, or the App may not see it."""


class RefusalError(GitHubError):
    """GitHub refuses; `said` is its own sentence, and `app.github.refusals` tells who can end it."""

    def __init__(self, status: int, data: Any = None) -> None:
        self.status, self.data, self.said = status, data, _said(status, data)
        super().__init__(self.said)


def _said(status: int, data: Any) -> str:
    """GitHub's own sentence, never the data of an answer: people's words must not reach a log."""
    fields = data if isinstance(data, Mapping) else {}
    errors = [str(item["message"]) for item in errors_in(data) if item.get("message")]
    words = "; ".join(dict.fromkeys(errors)) or str(fields.get("message") or f"HTTP {status}")
    return " ".join(words.split())


def errors_in(data: Any) -> list[Mapping[str, Any]]:
    """The sentences of the errors that an answer lists."""
    errors = data.get("errors") if isinstance(data, Mapping) else None
    return [item for item in errors or () if isinstance(item, Mapping)]


@contextmanager
def sorted_failures() -> Iterator[None]:
    """Turns PyGithub's exceptions into ours; no other room knows PyGithub's."""
    try:
        yield
    except GithubException as error:
        if error.status in {404, 410} and DISABLED not in str(error.data).lower():  # 410: an issue that was deleted
            raise NotFoundError(str(error)) from error
        raise _later(error) or RefusalError(error.status, error.data) from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise UnreachableError(f"GitHub could not be reached: {type(error).__name__}", 1) from error


def sort_errors(headers: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raises our exception for the errors of a GraphQL answer, without any of its data."""
    with sorted_failures():
        errors = [_told(error) for error in errors_in(answer)]
        kinds = {error["type"] for error in errors}
        message = "; ".join(dict.fromkeys(error["message"] for error in errors if error["message"]))
        data = {"message": message, "errors": errors}
        if kinds == {"NOT_FOUND"}:
            raise GithubException(404, data, dict(headers))
        raise GithubException(403 if kinds & WITHHELD else 400, data, dict(headers))


def is_refusal(error: Mapping[str, Any]) -> bool:
    """Whether the error of one field of a GraphQL answer proves that nothing was done there."""
    return error.get("type") in WITHHELD | NOTHING_DONE


def is_exhausted(error: Any) -> bool:
    """Whether an error of a GraphQL answer says that too much was asked: its data is then incomplete."""
    told = _told(error) if isinstance(error, Mapping) else {"type": "", "message": str(error)}
    return told["type"] in TOO_MUCH or any(words in told["message"].lower() for words in EXHAUSTED)


def _told(error: Mapping[str, Any]) -> dict[str, Any]:
    kind = error.get("type") or (error.get("extensions") or {}).get("code") or ""
    return {"type": str(kind), "message": str(error.get("message") or ""), "path": error.get("path")}


def _later(error: GithubException) -> LaterError | None:
    """Seconds after which to try again; None when it is of no use."""
    if error.status in SERVER_ERRORS:
        return OverloadedError(f"GitHub answered {error.status}", 1)
    if error.status in REDIRECTIONS:
        return MovedError(f"what was asked for has another address ({error.status})", 1)
    if error.status == 401:
        # Not the delivery's fault: a key being replaced, or a clock so wrong that our signature has expired.
        return CredentialsError("GitHub refuses the App's credentials: look at its key and at this machine's clock", 5)
    errors = errors_in(error.data)
    if error.status in {400, 403} and any(map(is_exhausted, errors)):
        return TooMuchError("GitHub ran out of time or of room", 1)
    return _limit(error, errors)


def _limit(error: GithubException, errors: list[Mapping[str, Any]]) -> LaterError | None:
    headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
    words = str(error.data).lower()
    limited = any(item.get("type") == "RATE_LIMITED" for item in errors)
    secondary = error.status in {400, 403, 429} and any(limit in words for limit in LIMITS)
    exhausted = headers.get("x-ratelimit-remaining") == "0" and error.status != 422
    if error.status != 429 and not (limited or secondary or exhausted):
        return None
    seconds = _until(headers)
    wait = WAIT_UNKNOWN_S if seconds is None else seconds
    return LimitError(f"GitHub's limit: {error.status}", wait, is_guess=seconds is None)


def _until(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from GitHub's headers: a delay, else the next reset; None when there is neither."""
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(1.0, float(reset) - time.time())
    return None
