"""One call to GitHub and what its answer is worth: only a success is one, and a list goes on as long as GitHub says."""

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
    """The same, raising what PyGithub raises.

    A redirection is no success: PyGithub follows one kind alone, and takes the others for an answer.
    """
    status, said, text = requester.requestJson(verb, path, headers=headers, input=body)
    data = _json(text, status)
    if status >= 300 and status != NOT_MODIFIED:
        raise requester.createException(status, said, data if isinstance(data, dict) else {})
    return said, data


def graphql(requester: Requester, text: str, values: Mapping[str, Any]) -> Any:
    """Data of a GraphQL operation that must answer whole; raises as `sorted_failures` says."""
    headers, answer = call(requester, "POST", requester.graphql_url, {"query": text, "variables": dict(values)})
    if answer.get("errors"):
        sort_errors(headers, answer)
    return answer["data"]


def first_page(path: str) -> str:
    """The address of a list's first page, as long as GitHub allows."""
    return f"{path}{'&' if '?' in path else '?'}per_page={PAGE}"


def next_page(headers: Mapping[str, Any]) -> str:
    """Where a list goes on, as GitHub's Link header says; empty at its end."""
    found = NEXT.search(next((str(value) for name, value in headers.items() if name.lower() == "link"), ""))
    if not found:
        return ""
    parts = urlsplit(found[1])
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{parts.query}"


def _json(text: Any, status: int) -> Any:
    """A page of HTML under a success comes from something that stands between GitHub and us."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        if status >= 300:
            return {}
        raise UnreachableError("the answer is not GitHub's", 1) from error


def listed(ask: Callable[[str | None], Any], after: str | None = None) -> Iterator[Any]:
    """What a connection holds, page after page: `ask` gives the one after a cursor."""
    while True:
        page = ask(after)
        yield from nodes(page)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def whole(ask: Callable[..., Any], names: Iterable[str]) -> Any:
    """A thing with the whole of its lists: each that goes on is asked for again, `ask(name=cursor)`, until its end."""
    found = ask()

    def more(name: str) -> Iterator[Any]:
        return listed(lambda after: ask(**{name: after})[name], found[name]["pageInfo"]["endCursor"])

    for name in names if found else ():
        if found[name]["pageInfo"]["hasNextPage"]:
            found[name]["nodes"] += more(name)
    return found


def nodes(connection: Any) -> Iterator[Any]:
    """What a connection holds, without what GitHub withholds: null stands in the place of a node we may not see."""
    return (node for node in (connection or {}).get("nodes") or () if node)
