"""Whole histories, product by product: of the register, of a file that it was exported to, or of GitHub alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from app.domain.product.fact_json import from_json
from app.domain.product.facts import Fact
from app.domain.report.portfolio import Tracked
from app.domain.report.what_if import RecordedProduct
from app.store.register import RegisterEntry


class NotAnExportError(ValueError):
    """A file is not what `jalon register export` writes; `line` is where, from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} is no fact of a register")


def of_entries(entries: Iterable[RegisterEntry], repository: str = "") -> Iterator[RecordedProduct]:
    """Those of one repository, or all; the register gives its facts product by product, in order."""
    for _, found in groupby(entries, key=attrgetter("product")):
        facts = tuple(found)
        place = facts[-1].repository, facts[-1].number
        if repository in {"", place[0]}:
            yield RecordedProduct(*place, tuple(entry.fact for entry in facts))


def of_tracked(products: Iterable[Tracked]) -> Iterator[RecordedProduct]:
    return (RecordedProduct(one.repository, one.number, one.history) for one in products)


def of_export(path: Path) -> tuple[RecordedProduct, ...]:
    """What the register was when it was exported, as JSON or one object to a line; raises NotAnExportError."""
    found: list[tuple[tuple[str, int], list[Fact]]] = []
    for line, value in _objects(path.read_bytes()):
        try:
            place, seq = (str(value["repository"]), int(value["number"])), int(value["seq"])
            fact = from_json({key: held for key, held in value.items() if key not in OF_ENTRY})
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise NotAnExportError(line) from error
        if seq == 1 or not found:
            found.append((place, []))
        # A product that moved is where its last fact says.
        found[-1] = place, found[-1][1]
        found[-1][1].append(fact)
    return tuple(RecordedProduct(*place, tuple(facts)) for place, facts in found)


OF_ENTRY = frozenset({"repository", "number", "seq", "digest"})
"""What an export says of a fact beside the fact itself."""


def _objects(data: bytes) -> Iterator[tuple[int, Any]]:
    """Each object with its line: both forms of an export have one to a line, between brackets for one of them."""
    for number, line in enumerate(data.splitlines(), start=1):
        text = line.strip().removesuffix(b",")
        if text not in {b"", b"[", b"]", b"[]"}:
            try:
                yield number, json.loads(text)
            except ValueError as error:
                raise NotAnExportError(number) from error
