"""A comment written on GitHub in the name of the person who is signed in, by their token: GitHub says who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from app.github.errors import LaterError
from app.github.plain_calls import json_content, plain_call
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


def post_comment(
    settings: Settings, token: str, issue: tuple[str, int], body: str, person: int, now: datetime
) -> Posted:
    """Write a comment, once; raises RefusedCommentError, or LaterError when nobody can tell that it was written.

    An answer that got lost says nothing: GitHub is then asked whether the comment is there.
    """
    where = f"{settings.api_url}/repos/{quote(issue[0], safe='/')}/issues/{issue[1]}/comments"
    try:
        answer = plain_call("POST", where, _headers(token), json={"body": body})
    except LaterError:
        found = _written(where, token, body, person, now)
        if found is None:
            raise
        return found
    if answer.status_code != 201:
        raise RefusedCommentError(answer.status_code, str(json_content(answer, {}).get("message", ""))[:200])
    return Posted(int(json_content(answer, {})["id"]))


def _written(where: str, token: str, body: str, person: int, now: datetime) -> Posted | None:
    since = (now.astimezone(UTC) - CLOCKS).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = plain_call("GET", where, _headers(token), params={"since": since, "per_page": "100"})
    comments = json_content(answer, []) if answer.status_code == 200 else []
    mine = (one for one in comments if one["user"]["id"] == person and one["body"].split() == body.split())
    return next((Posted(int(one["id"])) for one in mine if one["created_at"] >= since), None)


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
