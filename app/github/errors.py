"""What a call to GitHub may end on, beside its answer: come back later, or nothing there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from github import GithubException

SERVER_ERRORS = range(500, 600)
WAIT_UNKNOWN_S = 60
"""GitHub asks to wait a minute when a secondary limit gives no delay."""
HICCUP = "something went wrong while executing your query"
"""GraphQL's way to say that it ran out of time, in an answer that is otherwise a success."""


class LaterError(Exception):
    """GitHub cannot answer now; the same turn may succeed after `seconds`.

    `is_exact`: GitHub said when, or we know; otherwise waiting longer each time is wiser. `overloaded`: GitHub failed,
    and may do better when less is asked of it at once. `is_limit`: every call of the installation must wait.
    `kind`: what an administrator may look at: `credentials`, `unreachable`, `overloaded`; empty for the rest.
    """

    def __init__(
        self,
        why: str,
        seconds: float = 0,
        *,
        is_exact: bool = False,
        overloaded: bool = False,
        is_limit: bool = False,
        kind: str = "",
    ) -> None:
        self.kind = kind or ("overloaded" if overloaded else "")
        self.seconds, self.is_exact, self.overloaded, self.is_limit = seconds, is_exact, overloaded, is_limit
        super().__init__(why)


RefusalError = GithubException
"""What GitHub refuses, and waiting does not change."""


class NotFoundError(Exception):
    """What was asked for does not exist, or is not shown to the App."""


@contextmanager
def sorted_failures() -> Iterator[None]:
    """Turns PyGithub's exceptions into LaterError or NotFoundError; anything else is a bug and stays as it is."""
    try:
        yield
    except GithubException as error:
        if error.status in {404, 410}:  # 410: an issue that was deleted
            raise NotFoundError(str(error)) from error
        if later := _later(error):
            raise later from error
        raise
    except (requests.ConnectionError, requests.Timeout) as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1, kind="unreachable") from error


def sort_errors(headers: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raises what the errors of a GraphQL answer mean."""
    with sorted_failures():
        errors = [error for error in answer["errors"] if isinstance(error, Mapping)]
        if len(errors) == 1 and errors[0].get("type") == "NOT_FOUND":
            raise GithubException(404, dict(answer), dict(headers))
        raise GithubException(400, dict(answer), dict(headers))


def _later(error: GithubException) -> LaterError | None:
    """When to try again; None when trying again is of no use."""
    if error.status in SERVER_ERRORS:
        return LaterError(f"GitHub answered {error.status}", 1, overloaded=True)
    if error.status == 401:
        # Not the delivery's fault: a key being changed, or a clock so wrong that what we sign has already expired.
        told = "GitHub refuses the App's credentials: look at its key and at this machine's clock"
        return LaterError(told, 5, kind="credentials")
    headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
    errors = error.data.get("errors", []) if isinstance(error.data, Mapping) else []
    told = str(error.data).lower()
    if error.status == 400 and HICCUP in told:
        return LaterError("GitHub ran out of time", 1, overloaded=True)
    limited = any(isinstance(item, Mapping) and item.get("type") == "RATE_LIMITED" for item in errors)
    secondary = error.status in {400, 403, 429} and "rate limit" in told
    exhausted = headers.get("x-ratelimit-remaining") == "0" and error.status != 422
    if error.status == 429 or limited or secondary or exhausted:
        return LaterError(f"GitHub's limit: {error.status}", _until(headers), is_exact=True, is_limit=True)
    return None


def _until(headers: Mapping[str, str]) -> float:
    """Seconds to wait, as GitHub says it: a delay, else the hour of the next reset, else a minute."""
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(1.0, float(reset) - time.time())
    return WAIT_UNKNOWN_S
