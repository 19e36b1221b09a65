"""A document written out again as YAML, line by line, each line knowing where its words come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.policy.document import Mark, Node, Scalar, Sequence, TableNode

PLAIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9_-]*")
OTHERWISE = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""Words that YAML takes for something else than a text."""
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


@dataclass(frozen=True)
class WrittenLine:
    text: str
    mark: Mark


def policy_text(document: Node) -> str:
    """The whole text; read again, it is the same document."""
    return "".join(f"{line.text}\n" for line in written_lines(document))


def written_lines(node: Node) -> Iterator[WrittenLine]:
    if isinstance(node, TableNode) and node.entries:
        for key, value in node.entries:
            yield from _entry(f"{_scalar(key)}:", key.mark, value)
    elif isinstance(node, Sequence) and node.items:
        for item in node.items:
            yield from _item(item)
    else:
        yield WrittenLine(_short(node), node.mark)


def _entry(name: str, mark: Mark, value: Node) -> Iterator[WrittenLine]:
    if _is_short(value):
        yield WrittenLine(f"{name} {_short(value)}", value.mark)
        return
    yield WrittenLine(name, mark)
    for line in written_lines(value):
        yield WrittenLine(f"  {line.text}", line.mark)


def _item(item: Node) -> Iterator[WrittenLine]:
    for rank, line in enumerate(written_lines(item)):
        yield WrittenLine(f"{'  ' if rank else '- '}{line.text}", line.mark)


def _is_short(node: Node) -> bool:
    """A list of words stands on one line, as people write it."""
    if isinstance(node, Sequence):
        return all(isinstance(item, Scalar) for item in node.items)
    return isinstance(node, Scalar) or not node.entries


def _short(node: Node) -> str:
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Sequence):
        return f"[{', '.join(_short(item) for item in node.items)}]"
    return "{}"


def _scalar(node: Scalar) -> str:
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if PLAIN_WORD.fullmatch(value) and value.casefold() not in OTHERWISE:
        return value
    return f'"{"".join(map(_escaped, value))}"'


def _escaped(letter: str) -> str:
    if letter in ESCAPED:
        return ESCAPED[letter]
    return letter if letter.isprintable() or letter in SPACES else f"\\U{ord(letter):08x}"
