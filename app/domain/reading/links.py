"""Web addresses in what people write."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"https?://[^\s<>\"'«»`|\\^{}\[\]]+", re.IGNORECASE)
HOST = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#]|$)", re.IGNORECASE)
"""What an address begins with: no account, no password."""
AFTER = ".,;:!?…"
"""They end a sentence, not an address."""


def links(text: str) -> tuple[str, ...]:
    """The addresses of a text, in order, each once."""
    found = (_trimmed(match[0]) for match in ADDRESS.finditer(text))
    return tuple(dict.fromkeys(one for one in found if HOST.match(one)))


def is_link_alone(text: str) -> bool:
    """Whether a text is one address and nothing else, be it between « < » and « > »."""
    said = text.strip()
    bare = said[1:-1] if said.startswith("<") and said.endswith(">") else said
    return links(bare) == (bare,)


def _trimmed(address: str) -> str:
    """Without what closes the sentence or the bracket around it."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end and (address[end - 1] in AFTER or (address[end - 1] == ")" and surplus > 0)):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]
