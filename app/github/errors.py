"""What a call to GitHub may end on, beside its answer: come back later, nothing there, or a refusal."""

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
"""GitHub asks to wait a minute when a secondary limit gives no delay, and longer each time it comes again."""
EXHAUSTED = ("something went wrong while executing your query", "timeout", "timedout", "resource limits")
"""GraphQL's ways to say that it ran out of time or of room, in an answer that is otherwise a success."""
TOO_MUCH = {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"}
WITHHELD = {"FORBIDDEN", "INSUFFICIENT_SCOPES", "SAML_FAILURE"}
LIMITS = ("rate limit", "abuse detection")
"""« Abuse detection » is what older servers say of a secondary limit."""
DISABLED = "issues are disabled"


class LaterError(Exception):
    """GitHub cannot answer now; the same turn may succeed after `seconds`.

    `is_exact`: GitHub said when, or we know; otherwise waiting longer each time is wiser. `overloaded`: GitHub failed,
    and may do better when less is asked of it at once; `too_much`: it says so itself. `is_limit`: every call of the
    installation must wait. `is_guess`: GitHub gave no delay with its limit. `kind`: what an administrator may look
    at: `credentials`, `unreachable`, `overloaded`; `moved` when the repository has another name; empty for the rest.
    """

    def __init__(
        self,
        why: str,
        seconds: float = 0,
        *,
        is_exact: bool = False,
        overloaded: bool = False,
        is_limit: bool = False,
        is_guess: bool = False,
        too_much: bool = False,
        kind: str = "",
    ) -> None:
        self.kind = kind or ("overloaded" if overloaded else "")
        self.seconds, self.is_exact, self.overloaded = seconds, is_exact, overloaded
        self.is_limit, self.is_guess, self.too_much = is_limit, is_guess, too_much
        super().__init__(why)


RefusalError = GithubException
"""What GitHub refuses; `app.github.refusals` tells which refusals end by themselves, and who can end them."""


class NotFoundError(Exception):
    """What was asked for does not exist, or is not shown to the App."""


@contextmanager
def sorted_failures() -> Iterator[None]:
    """Turns PyGithub's exceptions into LaterError or NotFoundError; anything else is a refusal and stays as it is."""
    try:
        yield
    except GithubException as error:
        if error.status in {404, 410} and DISABLED not in str(error.data).lower():  # 410: an issue that was deleted
            raise NotFoundError(str(error)) from error
        if later := _later(error):
            raise later from error
        raise
    except (requests.ConnectionError, requests.Timeout) as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1, kind="unreachable") from error


def sort_errors(headers: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raises what the errors of a GraphQL answer mean; what it holds beside them never leaves with the exception."""
    with sorted_failures():
        errors = [_told(error) for error in answer["errors"] if isinstance(error, Mapping)]
        kinds = {error["type"] for error in errors}
        message = "; ".join(dict.fromkeys(error["message"] for error in errors if error["message"]))
        data = {"message": message, "errors": errors}
        if kinds == {"NOT_FOUND"}:
            raise GithubException(404, data, dict(headers))
        raise GithubException(403 if kinds & WITHHELD else 400, data, dict(headers))


def is_exhausted(error: Any) -> bool:
    """Whether an error of a GraphQL answer says that too much was asked at once: what it holds is then cut short."""
    told = _told(error) if isinstance(error, Mapping) else {"type": "", "message": str(error)}
    return told["type"] in TOO_MUCH or any(words in told["message"].lower() for words in EXHAUSTED)


def _told(error: Mapping[str, Any]) -> dict[str, Any]:
    kind = error.get("type") or (error.get("extensions") or {}).get("code") or ""
    return {"type": str(kind), "message": str(error.get("message") or ""), "path": error.get("path")}


def _later(error: GithubException) -> LaterError | None:
    """When to try again; None when trying again is of no use."""
    if error.status in SERVER_ERRORS:
        return LaterError(f"GitHub answered {error.status}", 1, overloaded=True)
    if error.status in REDIRECTIONS:
        return LaterError(f"what was asked for has another address ({error.status})", 1, kind="moved")
    if error.status == 401:
        # Not the delivery's fault: a key being changed, or a clock so wrong that what we sign has already expired.
        told = "GitHub refuses the App's credentials: look at its key and at this machine's clock"
        return LaterError(told, 5, kind="credentials")
    errors = error.data.get("errors") if isinstance(error.data, Mapping) else None
    errors = [item for item in errors or () if isinstance(item, Mapping)]
    if error.status in {400, 403} and any(map(is_exhausted, errors)):
        return LaterError("GitHub ran out of time or of room", 1, overloaded=True, too_much=True)
    return _limit(error, errors)


def _limit(error: GithubException, errors: list[Any]) -> LaterError | None:
    headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
    told = str(error.data).lower()
    limited = any(item.get("type") == "RATE_LIMITED" for item in errors)
    secondary = error.status in {400, 403, 429} and any(words in told for words in LIMITS)
    exhausted = headers.get("x-ratelimit-remaining") == "0" and error.status != 422
    if error.status != 429 and not (limited or secondary or exhausted):
        return None
    seconds = _until(headers)
    guess = seconds is None
    wait = WAIT_UNKNOWN_S if seconds is None else seconds
    return LaterError(f"GitHub's limit: {error.status}", wait, is_exact=True, is_limit=True, is_guess=guess)


def _until(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, as GitHub says it: a delay, else the hour of the next reset; None when it does not say."""
    if headers.get("retry-after", "").isdigit():
        return float(headers["retry-after"])
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(1.0, float(reset) - time.time())
    return None
