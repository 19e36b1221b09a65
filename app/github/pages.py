"""Reads long GraphQL lists page by page, with smaller pages when GitHub cannot give so much at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from github.Requester import Requester

from app.github.client import Client, LaterError
from app.github.errors import OverloadedError, TooMuchError

MOST = 100
"""GitHub's largest page."""
LEAST_TRIED = 12
"""Smallest page asked of a server that fails, whatever is asked of it; one that says it was too much is asked down to
one item.
"""


def fewer(error: LaterError, first: int) -> int:
    """The next page size to try after a failure; raises the failure when a smaller page is of no use."""
    if not isinstance(error, OverloadedError) or first <= (1 if isinstance(error, TooMuchError) else LEAST_TRIED):
        raise error
    return max(1, first // 2)


def ask(
    client: Client,
    requester: Requester,
    operation: str,
    first: int = MOST,
    accept: Callable[[Any], bool] | None = None,
    **values: Any,
) -> tuple[Any, int]:
    """The answer to an operation that takes `$first`, and the page size that worked."""
    while True:
        try:
            return client.graphql(requester, operation, accept, first=first, **values), first
        except LaterError as error:
            first = fewer(error, first)


def pages(
    client: Client,
    requester: Requester,
    operation: str,
    connection: Callable[[Any], Any],
    first: int = MOST,
    accept: Callable[[Any], bool] | None = None,
    **values: Any,
) -> Iterator[tuple[Any, Any]]:
    """Each page of a connection, with the whole answer that holds it."""
    after = None
    while True:
        data, first = ask(client, requester, operation, first, accept, after=after, **values)
        page = connection(data)
        yield data, page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
