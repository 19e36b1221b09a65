"""Figures of a report in words: beside those of the week before, and in tables that show nothing where nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from app.messages import Safe
from app.messages.counting import counted

AS_MANY = {"fr": "autant de %s que la semaine précédente", "en": "as many %s as the week before"}
MORE = {"fr": "{} {} de plus que la semaine précédente", "en": "{} more {} than the week before"}
FEWER = {"fr": "{} {} de moins que la semaine précédente", "en": "{} fewer {} than the week before"}
Cell = int | Safe | None


def compared_with_before(now: int, before: int, one: str, many: str, language: str) -> Safe:
    """« 3 produits de plus que la semaine précédente »"""
    if now == before:
        return Safe(AS_MANY[language] % many)
    number, _, noun = counted(abs(now - before), one, many, language).partition(" ")
    return Safe((MORE if now > before else FEWER)[language].format(number, noun))


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Safe:
    """A table of Markdown: neither a line nor a column without a figure; nothing at all when none is left.

    The first cell of a line names it.
    """
    kept = [row for row in rows if any(isinstance(cell, int) and cell for cell in row[1:])]
    columns = [0, *(index for index in range(1, len(head)) if any(row[index] for row in kept))]
    if len(columns) < 2:
        return Safe("")
    lines = [[head[index] for index in columns], ["---", *["---:"] * (len(columns) - 1)]]
    lines += [[_cell(row[index]) for index in columns] for row in kept]
    return Safe("\n".join(f"| {' | '.join(line)} |" for line in lines))


def _cell(value: Cell) -> str:
    return "–" if value is None else str(value)
