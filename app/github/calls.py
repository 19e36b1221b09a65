"""One call to GitHub, accepted only if it succeeded; a list is read to its last page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from github.Requester import Requester

from app.github.errors import UnreachableError, sort_errors, sorted_failures

NEXT = re.compile(r'<([^<>]++)>;[ \t]*+rel="next"')
PAGE = 100
NOT_MODIFIED = 304


def call(requester: Requester, verb: str, path: str, body: Any = None, headers: Any = None) -> tuple[Any, Any]:
    """Headers and JSON of the answer, None when it is empty; raises as `sorted_failures` says."""
    with sorted_failures():
        return unsorted(requester, verb, path, body, headers)


def unsorted(requester: Requester, verb: str, path: str, body: Any = None, headers: Any = None) -> tuple[Any, Any]:
    """The same, raising PyGithub's exceptions. A redirected write is an error: PyGithub would take it for a success."""
    status, said, text = requester.requestJson(verb, path, headers=headers, input=body)
    data = _json(text, status)
    if status >= 300 and status != NOT_MODIFIED:
        raise requester.createException(status, said, data if isinstance(data, dict) else {})
    return said, data


def graphql(requester: Requester, text: str, values: Mapping[str, Any]) -> Any:
    """Data of a GraphQL operation that must succeed entirely; raises as `sorted_failures` says."""
    headers, answer = call(requester, "POST", requester.graphql_url, {"query": text, "variables": dict(values)})
    if answer.get("errors"):
        sort_errors(headers, answer)
    return answer["data"]


def first_page(path: str) -> str:
    """The address of a list's first page, with the largest page size."""
    return f"{path}{'&' if '?' in path else '?'}per_page={PAGE}"


def next_page(headers: Mapping[str, Any]) -> str:
    """The address of the next page, from GitHub's Link header; empty after the last."""
    found = NEXT.search(next((str(value) for name, value in headers.items() if name.lower() == "link"), ""))
    if not found:
        return ""
    parts = urlsplit(found[1])
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{parts.query}"


def _json(text: Any, status: int) -> Any:
    """An HTML page with a success status comes from a proxy between GitHub and us: not an answer."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        if status >= 300:
            return {}
        raise UnreachableError("the answer is not GitHub's", 1) from error


def all_nodes(ask: Callable[[str | None], Any], after: str | None = None) -> Iterator[Any]:
    """The nodes of a connection, page after page: `ask` fetches the page after a cursor."""
    while True:
        page = ask(after)
        yield from nodes(page)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def whole(ask: Callable[..., Any], names: Iterable[str]) -> Any:
    """An object with complete lists: each that has more pages is asked for again, `ask(name=cursor)`, to its end."""
    found = ask()

    def more(name: str) -> Iterator[Any]:
        return all_nodes(lambda after: ask(**{name: after})[name], found[name]["pageInfo"]["endCursor"])

    for name in names if found else ():
        if found[name]["pageInfo"]["hasNextPage"]:
            found[name]["nodes"] += more(name)
    return found


def nodes(connection: Any) -> Iterator[Any]:
    """The nodes of a connection, without those GitHub withholds: it gives null in place of a node we may not see."""
    return (node for node in (connection or {}).get("nodes") or () if node)
