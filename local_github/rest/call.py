"""One REST call as its handler sees it: who, on what, with which checked body; and the answer it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from local_github.auth import Caller, Doorman
from local_github.limits import Limits
from local_github.state import Refused
from local_github.world import World

MAX_PAGE = 100


@dataclass
class Call:
    world: World
    doorman: Doorman
    limits: Limits
    caller: Caller
    path: str
    args: Mapping[str, Any]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: Any = None

    @property
    def actor(self) -> str:
        return self.caller.login

    def body(self, **kinds: type | tuple[type, ...]) -> dict[str, Any]:
        """The JSON body; keys not in `kinds`, and other types, are refused: GitHub would hide our mistake."""
        given = {} if self.raw is None else self.raw
        if not isinstance(given, dict):
            raise Refused(422, "Invalid request.\n\nThe body is not an object.")
        for name, value in given.items():
            if name not in kinds:
                raise Refused(422, f'Invalid request.\n\n"{name}" is not a permitted key.')
            if not isinstance(value, kinds[name]):
                raise Refused(422, f'Invalid request.\n\nFor "{name}", {value!r} is of the wrong type.')
        return given

    def required(self, body: Mapping[str, Any], name: str) -> Any:
        if name not in body:
            raise Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return body[name]

    def number(self, name: str, default: int) -> int:
        text = self.query.get(name, str(default))
        return int(text) if text.isdigit() and int(text) > 0 else default


@dataclass
class Reply:
    json: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(call: Call, items: Sequence[Any]) -> Reply:
    """One page of a list with GitHub's Link header; a page never holds more than a hundred."""
    size, current = min(call.number("per_page", 30), MAX_PAGE), call.number("page", 1)
    last = max(1, -(-len(items) // size))
    where = {"prev": current - 1, "next": current + 1, "first": 1, "last": last}
    wanted = (["prev", "first"] if current > 1 else []) + (["next", "last"] if current < last else [])
    links = [f'<{_link(call, where[name], size)}>; rel="{name}"' for name in wanted]
    headers = {"Link": ", ".join(links)} if links else {}
    return Reply(list(items[(current - 1) * size : current * size]), headers=headers)


def _link(call: Call, number: int, size: int) -> str:
    query = {**call.query, "per_page": size, "page": number}
    return f"{call.world.url}{call.path}?{urlencode(query)}"


def texts(items: Any, name: str) -> list[str]:
    """Names given as strings, or as objects with a name, as GitHub takes both for labels."""
    found = [item.get("name") if isinstance(item, dict) else item for item in items]
    names = [item for item in found if isinstance(item, str) and item]
    if len(names) != len(found):
        raise Refused(422, f'Invalid request.\n\nFor "{name}", an item is not a string.')
    return names
