"""The policy's table of directions: what a form or a former follow-up writes, and the name that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.domain.policy.document import DocumentReader, Mark, Node, ProblemKind, Scalar, TableNode
from app.domain.reading.text import normalised

MOST_DIRECTIONS = 500
ACRONYM = re.compile(r"\S{2,15}")
"""One short word: what nobody outside reads as a name."""
BEFORE_OFFICE = re.compile(r"[,;(/]|\s[-–—]\s")
"""What stands between a direction and the office that asks: « DGCS, bureau des agréments »."""


@dataclass(frozen=True)
class Direction:
    """`id` is how the form or the import writes it, as are its `aliases`; accents and capitals aside."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        return frozenset(map(normalised, (self.id, self.name, *self.aliases)))


def named_direction(table: tuple[Direction, ...], written: str) -> str:
    """The name of the direction somebody wrote, alone or before its office; what is in no table stays as written."""
    found = direction_of(table, written)
    return found.name if found else written


@lru_cache(maxsize=8192)
def direction_of(table: tuple[Direction, ...], written: str) -> Direction | None:
    """Portfolios write few directions many times over."""
    wanted = {normalised(written), normalised(BEFORE_OFFICE.split(written, maxsplit=1)[0])} - {""}
    return next((one for one in table if wanted & one.words), None)


def unnamed(table: tuple[Direction, ...], written: Iterable[str]) -> tuple[str, ...]:
    """What no entry names, in the order of a dictionary; without a table, the acronyms alone."""
    missing = {one for one in written if one and direction_of(table, one) is None}
    kept = (one for one in missing if table or ACRONYM.fullmatch(one))
    return tuple(sorted(kept, key=lambda one: (normalised(one), one)))


def read_directions(reader: DocumentReader, node: Node | None) -> tuple[Direction, ...]:
    """The table, or nothing: what people wrote is then shown as it is."""
    if node is None:
        return ()
    if not isinstance(node, TableNode):
        reader.table(node, "directions", ())
        return ()
    found: list[Direction] = []
    seen: dict[str, Mark] = {}
    for key, value in node.entries[:MOST_DIRECTIONS]:
        path = f"directions.{key.value}"
        one = _direction(reader, str(key.value).strip(), value, path)
        _met_once(reader, seen, one, key, path)
        found.append(one)
    if len(node.entries) > MOST_DIRECTIONS:
        mark, most = node.entries[MOST_DIRECTIONS][0].mark, MOST_DIRECTIONS
        reader.note(mark, "directions", ProblemKind.LIST_TOO_LONG, most=most, found=len(node.entries))
    return tuple(found)


def _direction(reader: DocumentReader, key: str, node: Node, path: str) -> Direction:
    """« mtes: "Transition écologique" », or a table with its name and other ways it is written."""
    if not isinstance(node, TableNode) or {str(name.value) for name, _ in node.entries} <= {"fr", "en"}:
        return Direction(key, reader.text(node, path))
    entry = reader.table(node, path, ("name",), ("aliases",))
    name, aliases = (
        reader.text(entry.get("name"), f"{path}.name"),
        reader.texts(entry.get("aliases"), f"{path}.aliases"),
    )
    return Direction(key, name, aliases)


def _met_once(reader: DocumentReader, seen: dict[str, Mark], one: Direction, key: Scalar, path: str) -> None:
    """A word that two entries claim would name either."""
    for word in sorted(one.words - {""}):
        mark = seen.setdefault(word, key.mark)
        if mark != key.mark:
            reader.note(key.mark, path, ProblemKind.REPEATED_ID, value=word, line=mark.line)
