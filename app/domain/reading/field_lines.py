"""Lines that name their fields, « présents : a, b » and below « excusés : c », cut where each field begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.reading.comment_lines import CommentLine
from app.domain.reading.grammar import Block
from app.domain.reading.reservations import BULLET, is_none

SUFFIX = r"(?:[.·⋅(]?e?[.·⋅)]?(?:s|es)?\)?)"
"""« présent·e·s », « présent(e)s »."""
ARTICLE = re.compile(
    r"(?:\b(?:sans|avec|sous|with|aucune?|no|any)|\S\s+(?:des?|du|la|une?|ses|ces|mes|nos|leurs?|deux|trois|the|some|of))\s*$"
    r"|\sd['’]\s*$",
    re.IGNORECASE,
)
"""« le comité pose des réserves : … » names no field."""
PIECES = re.compile(r"\([^()]*+\)|[^()]++|[()]")
SPLIT = re.compile(r"[,;/]|\bet\b|\band\b|&", re.IGNORECASE)


@dataclass
class LinePart:
    """One piece of a line: the field it names, if any, and its words."""

    name: str
    text: str
    line: CommentLine


def parts(fields: re.Pattern[str], rest: str, block: Block) -> Iterator[LinePart]:
    """The line of the command and those below, each cut where it names a field."""
    for line, text in ((block.start, rest), *((line, line.text) for line in block.below)):
        bare = BULLET.sub("", text) if line is not block.start else text
        labels = [
            label
            for label in fields.finditer(bare)
            if not ARTICLE.search(bare, max(0, label.start() - 20), label.start())
        ]
        if line.kind in {"item", "row"}:
            labels = [label for label in labels[:1] if label.start() == 0]
        starts = [label.start() for label in labels]
        if bare[: starts[0] if starts else None].strip() or line.kind == "row":
            yield LinePart("", bare[: starts[0] if starts else None].strip(), line)
        for label, end in zip(labels, [*starts, len(bare)][1:], strict=True):
            yield LinePart(label.lastgroup or "", bare[label.end() : end].strip(), line)


def names(text: str) -> list[str]:
    """The names of a list, without their punctuation and what is no name."""
    return [name for one in _split(text) if (name := _name(one))]


def _split(text: str) -> Iterator[str]:
    """The names of a list; what stands between parentheses goes with the name before it, commas included."""
    name = ""
    for piece in PIECES.findall(text.replace("[", "(").replace("]", ")")):
        if piece.startswith("(") and piece.endswith(")") and name.strip():
            name += piece
            continue
        first, *others = SPLIT.split(piece.strip("()"))
        name += first
        for other in others:
            yield name
            name = other
    yield name


def _name(text: str) -> str:
    """A name without its punctuation and what is no name: « aucun », « - »."""
    name = text.strip(" @.,;-–—/")
    return "" if is_none(name) else name
