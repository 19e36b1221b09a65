"""Long lists asked of GraphQL page by page, and fewer things at a time when GitHub cannot give so many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from github.Requester import Requester

from app.github.client import Client, LaterError
from app.github.errors import OverloadedError, TooMuchError

MOST = 100
"""GitHub gives no more in a page."""
LEAST_TRIED = 12
"""A server that fails is not asked again and again: it may fail whatever is asked of it. One that says it was too much
is asked for less until a single thing is left.
"""


def fewer(error: LaterError, first: int) -> int:
    """How many things to ask for after a failure; raises it again when asking for less would be of no use."""
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
    """The answer to an operation that takes `$first`, and how many things it could be asked for."""
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
    """Each page of a connection, with the whole answer it came in."""
    after = None
    while True:
        data, first = ask(client, requester, operation, first, accept, after=after, **values)
        page = connection(data)
        yield data, page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
