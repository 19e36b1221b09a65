"""The cheap reading of a whole repository, fifty issues at a time, for those who look for what has drifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.domain.glance import Glance, shown_values, word
from app.github.cards import values_of
from app.github.client import Client, LaterError
from app.github.read import FIELD, is_edited_by_other

SIZES = (50, 20, 5)
"""Issues asked for at once; fewer when GitHub could not answer in time."""


def glances(client: Client, repository: str, board: int) -> Iterator[tuple[Glance, ...]]:
    """Every issue, open or closed, oldest first, page by page; raises NotFoundError, LaterError."""
    after = None
    while True:
        data = _page(client, repository, board, after)
        ours = (((data.get("organization") or {}).get("projectV2")) or {}).get("id")
        issues = data["repository"]["issues"]
        yield tuple(_glance(node, ours) for node in issues["nodes"])
        if not issues["pageInfo"]["hasNextPage"]:
            return
        after = issues["pageInfo"]["endCursor"]


def _page(client: Client, repository: str, board: int, after: str | None) -> Any:
    owner, _, name = repository.partition("/")
    values = {"owner": owner, "name": name, "board": board, "field": FIELD, "after": after}
    requester = client.requester(repository)
    for first in SIZES:
        try:
            return client.graphql(requester, "glances", _is_about_board, first=first, **values)
        except LaterError as error:
            if first == SIZES[-1] or not error.overloaded:
                raise
    raise AssertionError("unreachable")


def _is_about_board(error: Any) -> bool:
    """A board that cannot be read leaves the issues readable."""
    return isinstance(error, dict) and (error.get("path") or [None])[0] == "organization"


def _glance(node: Any, board: str | None) -> Glance:
    card = next((item for item in node["projectItems"]["nodes"] if board and item["project"]["id"] == board), None)
    words = (
        word(
            int(comment["fullDatabaseId"]),
            by_bot=(comment["author"] or {}).get("__typename") == "Bot",
            edited_at=datetime.fromisoformat(comment["lastEditedAt"]) if comment["lastEditedAt"] else None,
            edited_by_other=is_edited_by_other(comment),
        )
        for comment in node["comments"]["nodes"]
    )
    return Glance(
        id=node["id"],
        number=node["number"],
        is_open=node["state"] == "OPEN",
        title=node["title"],
        body=node["body"],
        labels=tuple(sorted(label["name"] for label in node["labels"]["nodes"])),
        column=((card["fieldValueByName"] or {}).get("name") or "") if card else "",
        archived=card is not None and card["isArchived"],
        values=shown_values(values_of(card) if card else {}),
        comments=node["comments"]["totalCount"],
        words=tuple(found for found in words if found),
    )
