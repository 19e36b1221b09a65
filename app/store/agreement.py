"""Whether the facts of a product say what was sealed of them: each row is compared with its entry in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.product.fact import Fact
from app.transparency.entries import read_entry
from app.transparency.placed import entry_of

MOST = 50_000
"""Rows that are remembered: the digest of a row stands for every fact up to it."""


def parted(rows: Sequence[Any], facts: Sequence[Fact | None]) -> Iterator[tuple[Any, int]]:
    """The rows, each with its rank, that no longer are what was sealed; `facts` are those that the rows hold.

    The facts of a product are sealed in order: one that bears no seal before another that does was sealed too.
    """
    last = max((rank for rank, row in enumerate(rows, 1) if row.sealed_entry), default=0)
    known = tuple(fact for fact in facts[:last] if fact)
    for rank, row in enumerate(rows[:last], start=1):
        if len(known) < last or not _agrees(row, known, rank):
            yield row, rank


def _agrees(row: Any, history: Sequence[Fact], rank: int) -> bool:
    """A chain that holds makes the digest of a row the name of all the facts up to it: they are compared once."""
    name = row.digest, row.sealed_entry, row.sealed_salt
    if name not in _right:
        if not row.sealed_entry or entry_of(_origin(row.sealed_entry), history, rank) != row.sealed_entry:
            return False
        if len(_right) >= MOST:
            _right.clear()
        _right[name] = None
    return True


_right: dict[tuple[str, str | None, str | None], None] = {}


def _origin(entry: str) -> str:
    """The name of the log, as its entry says it; the root of the log tells whether that is right."""
    try:
        return str(read_entry(entry).get("log"))
    except ValueError:
        return ""
