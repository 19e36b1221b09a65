"""A comment written on GitHub in the name of the person who is signed in, by their token: GitHub says who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import requests

from app.github.client import TIMEOUT_S, LaterError
from app.settings import Settings

CLOCKS = timedelta(minutes=2)
"""How far GitHub's clock may be from ours when it is asked whether a comment was made after all."""


@dataclass(frozen=True)
class Posted:
    """A comment that GitHub holds: its number there."""

    id: int


class RefusedCommentError(Exception):
    """GitHub does not let this person write there; `status` is its answer, `said` its own words."""

    def __init__(self, status: int, said: str) -> None:
        self.status, self.said = status, said
        super().__init__(f"GitHub answered {status}")


def post(settings: Settings, token: str, issue: tuple[str, int], body: str, person: int, now: datetime) -> Posted:
    """Write a comment, once; raises RefusedCommentError, or LaterError when nobody can tell that it was written.

    An answer that got lost says nothing: GitHub is then asked whether the comment is there.
    """
    where = f"{settings.api_url}/repos/{quote(issue[0], safe='/')}/issues/{issue[1]}/comments"
    try:
        answer = _call("POST", where, token, {"body": body})
    except LaterError:
        found = _written(where, token, body, person, now)
        if found is None:
            raise
        return found
    if answer.status_code != 201:
        raise RefusedCommentError(answer.status_code, str(_json(answer, {}).get("message", ""))[:200])
    return Posted(int(_json(answer, {})["id"]))


def _written(where: str, token: str, body: str, person: int, now: datetime) -> Posted | None:
    since = (now.astimezone(UTC) - CLOCKS).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = _call("GET", where, token, None, {"since": since, "per_page": "100"})
    comments = _json(answer, []) if answer.status_code == 200 else []
    mine = (one for one in comments if one["user"]["id"] == person and one["body"].split() == body.split())
    return next((Posted(int(one["id"])) for one in mine if one["created_at"] >= since), None)


def _call(verb: str, where: str, token: str, sent: Any, query: Any = None) -> requests.Response:
    """Raises LaterError; neither the token nor the words are in its message."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    try:
        answer = requests.request(
            verb, where, json=sent, params=query, headers=headers, timeout=TIMEOUT_S, allow_redirects=verb == "GET"
        )
    except requests.RequestException as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1) from None
    if answer.status_code >= 500 or answer.status_code == 429 or answer.headers.get("Retry-After"):
        raise LaterError(f"GitHub answered {answer.status_code}", 1)
    return answer


def _json(answer: requests.Response, otherwise: Any) -> Any:
    try:
        found = answer.json()
    except ValueError:
        return otherwise
    return found if isinstance(found, type(otherwise)) else otherwise
