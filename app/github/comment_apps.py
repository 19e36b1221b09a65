"""Asks GitHub which App wrote comments in their authors' names, which GraphQL does not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, timedelta
from typing import Any

from app.domain.product.issue import Issue
from app.github.client import Client

SLACK = timedelta(seconds=2)


def performers(client: Client, issue: Issue, comments: Collection[int]) -> Iterator[tuple[int, Any]]:
    """Number and JSON of those that GitHub lists: one call, unless they span more than a hundred comments."""
    wanted = set(comments)
    first = min(one.at for one in issue.comments if one.id in wanted) - SLACK
    since = first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"/repos/{issue.repository}/issues/{issue.number}/comments?since={since}"
    for item in client.listed(client.requester(issue.repository), path):
        if int(item["id"]) in wanted:
            wanted.discard(int(item["id"]))
            yield int(item["id"]), item
        if not wanted:
            return
