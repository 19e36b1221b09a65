"""Summaries of all the issues of a repository, fifty to a query, to find those that have drifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from github.Requester import Requester

from app.domain.publish.issue_summary import IssueSummary, shown_values, word
from app.github.calls import nodes
from app.github.cards import values_of
from app.github.client import Client
from app.github.pages import pages
from app.github.read import FIELD, cards_of, is_edited_by_other, issues_of
from app.github.withheld import spares_the_issue

SIZE = 50
"""Issues asked for at once; fewer after GitHub could not answer in time."""


def summaries(client: Client, repository: str, board: int) -> Iterator[tuple[IssueSummary, ...]]:
    """Every issue, open or closed, oldest first, page by page; raises NotFoundError, LaterError."""
    owner, _, name = repository.partition("/")
    requester, values = client.requester(repository), {"owner": owner, "name": name, "board": board, "field": FIELD}
    for data, issues in pages(client, requester, "glances", issues_of, SIZE, spares_the_issue, **values):
        ours = (((data.get("organization") or {}).get("projectV2")) or {}).get("id")
        yield tuple(_glance(node, _ours(client, requester, node, ours)) for node in nodes(issues))


def _ours(client: Client, requester: Requester, node: Any, board: str | None) -> Any:
    """The card on our board; an issue on many boards takes more than one page."""
    found = (item for item in nodes(node["projectItems"]) if (item["project"] or {}).get("id") == board)
    card = next(found, None) if board else None
    has_more = ((node["projectItems"] or {}).get("pageInfo") or {}).get("hasNextPage")
    if card or not board or not has_more:
        return card
    every = cards_of(client, requester, node["id"])
    return next((item for item in every if (item["project"] or {}).get("id") == board), None)


def _glance(node: Any, card: Any) -> IssueSummary:
    words = (
        word(
            int(comment["fullDatabaseId"]),
            by_bot=(comment["author"] or {}).get("__typename") == "Bot",
            edited_at=datetime.fromisoformat(comment["lastEditedAt"]) if comment["lastEditedAt"] else None,
            edited_by_other=is_edited_by_other(comment),
        )
        for comment in nodes(node["comments"])
    )
    return IssueSummary(
        id=node["id"],
        number=node["number"],
        is_open=node["state"] == "OPEN",
        title=node["title"],
        body=node["body"],
        labels=tuple(sorted(label["name"] for label in nodes(node["labels"]))),
        column=((card["fieldValueByName"] or {}).get("name") or "") if card else "",
        archived=card is not None and card["isArchived"],
        values=shown_values(values_of(card) if card else {}),
        comments=node["comments"]["totalCount"],
        words=tuple(found for found in words if found),
    )
