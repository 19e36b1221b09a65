"""What the rules and the files of a catalogue name of one another, and that is in none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.policy.document import DocumentReader, Node, Problem, ProblemKind, Scalar, TableNode
from app.domain.policy.document import Sequence as List

SHOWN = 30
"""Ids told of those that exist: a catalogue has hundreds."""


def unknown_norms(rules: Node, norms: Sequence[str]) -> tuple[Problem, ...]:
    """Norms that items of the rules name."""
    return _unknown(rules, "norme", norms)


def unknown_commons(norms: Node, commons: Sequence[str]) -> tuple[Problem, ...]:
    """Commons that norms name."""
    return _unknown(norms, "commun", commons)


def unknown_items(commons: Node, items: Sequence[str]) -> tuple[Problem, ...]:
    """Items of the checklists that commons may settle."""
    return _unknown(commons, "regle", items)


def unknown_seats(commons: Node, seats: Sequence[str]) -> tuple[Problem, ...]:
    """Seats that keep an entry."""
    return _unknown(commons, "siege", seats)


def _unknown(document: Node, key: str, known: Sequence[str]) -> tuple[Problem, ...]:
    reader = DocumentReader()
    for path, one in _named(document, key, ""):
        if str(one.value) not in known:
            told = ", ".join(known[:SHOWN])
            reader.note(one.mark, path, ProblemKind.UNKNOWN_ID, value=one.value, known=told)
    return tuple(reader.problems)


def _named(node: Node, key: str, path: str) -> Iterator[tuple[str, Scalar]]:
    """Every value of that key, alone or in a list, wherever it stands."""
    if isinstance(node, TableNode):
        for name, value in node.entries:
            where = f"{path}.{name.value}".removeprefix(".")
            found = value.items if isinstance(value, List) else (value,)
            if name.value == key:
                yield from ((where, one) for one in found if isinstance(one, Scalar))
            else:
                yield from _named(value, key, where)
    elif isinstance(node, List):
        for number, item in enumerate(node.items, start=1):
            yield from _named(item, key, f"{path}[{number}]")
