"""What every GraphQL noun stands on: who looks, GitHub's errors, and lists in pages."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_github.auth import SCOPES, Caller
from local_github.limits import Window
from local_github.world import World

Noun = dict[str, Any]
Shape = Callable[[Any], Noun | Exception]
"""Makes the noun of one item, or the error that stands in its place."""
Input = dict[str, Any]
MAX_PAGE = 100


class GraphError(Exception):
    """An error GitHub reports in the answer, with its type, which a fault of GitHub's own lacks."""

    def __init__(self, kind: str, message: str, more: Mapping[str, object] | None = None) -> None:
        self.kind, self.more = kind, dict(more or {})
        super().__init__(message)


@dataclass(frozen=True)
class Viewer:
    """Who looks, at what, and what is left of the hour."""

    world: World
    caller: Caller
    window: Window
    nouns: Any
    """The module that makes nouns of the world's things: boards need it, and it needs boards."""

    @property
    def sees(self) -> bool:
        """Whether the repository is there at all for whoever looks."""
        return not self.world.private or self.world.can(self.caller.login, "read")

    def require(self, permission: str, level: str = "read") -> None:
        if self.caller.allowed(permission, level):
            return
        if self.caller.kind == "person":
            wanted = sorted(SCOPES.get((permission, level), ("repo",)))
            message = (
                "Your token has not been granted the required scopes to execute this query. It requires one of the "
                f"following scopes: {wanted}, but your token has only been granted the: "
                f"{sorted(self.caller.scopes or ())} scopes."
            )
            raise GraphError("INSUFFICIENT_SCOPES", message)
        raise GraphError("FORBIDDEN", "Resource not accessible by integration")


Act = Callable[[Viewer, Input], Noun]


def no_node(node: str) -> GraphError:
    return GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")


def edge(position: int, node: Noun) -> Noun:
    """One item with its place in its list, counted from 1."""
    return {"cursor": _cursor(position), "node": node}


def connection(
    name: str, items: Sequence[Any], shape: Callable[[Any], Noun | Exception], arguments: dict[str, Any]
) -> Noun:
    """One page, forwards or backwards; GitHub refuses a list without bounds."""
    first, last = arguments.get("first"), arguments.get("last")
    size = first if first is not None else last
    if size is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise GraphError("MISSING_PAGINATION_BOUNDARIES", message)
    side = "first" if first is not None else "last"
    if not 1 <= size <= MAX_PAGE:
        message = f"Requesting {size} records on the `{name}` connection exceeds the `{side}` limit of 100 records."
        raise GraphError("EXCESSIVE_PAGINATION", message)
    start, end = _after(arguments.get("after"), 0), _after(arguments.get("before"), len(items) + 1) - 1
    low, high = (start, min(end, start + size)) if first is not None else (max(start, end - size), end)
    info = {
        "hasNextPage": high < len(items),
        "hasPreviousPage": low > 0,
        "startCursor": _cursor(low + 1) if high > low else None,
        "endCursor": _cursor(high) if high > low else None,
    }
    return {"nodes": lambda: [shape(item) for item in items[low:high]], "pageInfo": info, "totalCount": len(items)}


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _after(cursor: str | None, default: int) -> int:
    if cursor is None:
        return default
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except ValueError as error:
        raise GraphError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from error
