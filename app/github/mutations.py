"""Changes that GraphQL makes, put together in one document: GitHub runs its fields in order, each on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutation:
    """One field of a document: GitHub's name of the change, its input, and what is asked back."""

    name: str
    input: Mapping[str, Any]
    gives: str = "clientMutationId"
    spared: str = ""
    """What it is about, when its refusal must hold up nothing else; empty when its effect is not made without it."""

    @property
    def weight(self) -> int:
        """Characters of text it brings into a document."""
        return sum(len(value) for value in self.input.values() if isinstance(value, str))


def alias(rank: int) -> str:
    """The name in a document's answer, and in the paths of its errors, of what stands at this rank."""
    return f"m{rank}"


def mutation_document(operation: str, mutations: Sequence[Mutation]) -> tuple[str, dict[str, Any]]:
    """The text that makes these changes, and its variables: no word of people's ever stands in the text itself."""
    declared, fields, values = [], [], dict[str, Any]()
    for rank, one in enumerate(mutations):
        name = alias(rank)
        declared.append(f"${name}: {one.name[0].upper()}{one.name[1:]}Input!")
        fields.append(f"  {name}: {one.name}(input: ${name}) {{ {one.gives} }}\n")
        values[name] = dict(one.input)
    return f"mutation {operation}({', '.join(declared)}) {{\n{''.join(fields)}}}\n", values


def by_rank(errors: Sequence[Any]) -> dict[int, Mapping[str, Any]] | None:
    """The error of each field that has one; None when one of them tells no field: nothing was run then."""
    found: dict[int, Mapping[str, Any]] = {}
    for error in errors:
        first = str(next(iter(error.get("path") or ()), "")) if isinstance(error, Mapping) else ""
        if not first.startswith("m") or not first[1:].isdecimal():
            return None
        found.setdefault(int(first[1:]), error)
    return found
