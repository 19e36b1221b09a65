"""What GitHub turns into links inside a text: addresses, @people, @organisation/teams and #issues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

FOUND = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w/@.`])@(?P<name>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:/[A-Za-z0-9-]+)?(?:\[bot\])?)"
    r"|(?<![\w/&#])#(?P<issue>\d{1,9})\b"
)
TRAILING = "?!.,:;*_~'\"’»"


@dataclass(frozen=True)
class Place:
    """Where a text stands: the pages of those it may name, in lower case, and of the issues it may cite."""

    people: Mapping[str, str] = field(default_factory=dict)
    issues: Mapping[int, str] = field(default_factory=dict)


def link_references(state: StateCore) -> None:
    """A rule of the parser: only plain text is looked at, never code nor the words of a link."""
    place = state.env.get("place")
    if not isinstance(place, Place):
        return
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _linked(token.children, place)


def _linked(children: list[Token], place: Place) -> list[Token]:
    depth, shown = 0, list[Token]()
    for child in children:
        depth += (child.type == "link_open") - (child.type == "link_close")
        shown += _split(child, place) if child.type == "text" and depth == 0 else [child]
    return shown


def _split(text: Token, place: Place) -> list[Token]:
    parts, done = list[Token](), 0
    for found in FOUND.finditer(text.content):
        words, address, kind = _target(found, place)
        if address:
            parts += [_text(text.content[done : found.start()]), *_link(words, address, kind)]
            done = found.start() + len(words)
    return [*parts, _text(text.content[done:])] if parts else [text]


def _target(found: re.Match[str], place: Place) -> tuple[str, str | None, str]:
    """The words to turn into a link, its address if there is one, and what it is."""
    if url := found["url"]:
        url = url.rstrip(TRAILING)
        extra = url.count(")") - url.count("(")
        while extra > 0 and url.endswith(")"):
            url, extra = url[:-1].rstrip(TRAILING), extra - 1
        return url, url, "adresse"
    if name := found["name"]:
        return f"@{name}", place.people.get(name.lower()), "mention"
    return f"#{found['issue']}", place.issues.get(int(found["issue"])), "renvoi"


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(words: str, address: str, kind: str) -> list[Token]:
    opened = Token("link_open", "a", 1, attrs={"href": address, "class": kind})
    return [opened, _text(words), Token("link_close", "a", -1)]
