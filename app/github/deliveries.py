"""GitHub's own log of the webhooks it sent to the App, and the way to have one sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests.utils import parse_header_links

from app.github.client import Client, NotFoundError

PATH = "/app/hook/deliveries"
PAGE = 100


@dataclass(frozen=True)
class Attempt:
    """One attempt at a delivery; `guid` is the delivery's, the same for all its attempts."""

    id: int
    guid: str
    at: datetime
    is_ok: bool
    event: str
    action: str


def attempts(client: Client) -> Iterator[Attempt]:
    """Every attempt GitHub remembers, newest first; raises LaterError.

    GitHub's own filter on failures leaves timeouts out, so everything is read and sorted here.
    """
    cursor: str | None = ""
    while cursor is not None:
        query = urlencode({"per_page": PAGE} | ({"cursor": cursor} if cursor else {}))
        headers, page = client.rest(client.as_app, "GET", f"{PATH}?{query}")
        yield from map(_attempt, page)
        cursor = _next(headers.get("link", ""))


def _next(link: str) -> str | None:
    """The cursor of the next page, from the Link header; None after the last one."""
    for one in parse_header_links(link):
        if one.get("rel") == "next":
            return dict(parse_qsl(urlsplit(one["url"]).query)).get("cursor")
    return None


def redeliver(client: Client, attempt: Attempt) -> bool:
    """Ask GitHub to send a delivery again; False when GitHub no longer has it. Raises LaterError."""
    try:
        client.rest(client.as_app, "POST", f"{PATH}/{attempt.id}/attempts")
    except NotFoundError:
        return False
    return True


def _attempt(found: Any) -> Attempt:
    return Attempt(
        found["id"],
        found["guid"],
        datetime.fromisoformat(found["delivered_at"]),
        found["status"] == "OK",
        found["event"],
        found["action"] or "",
    )
