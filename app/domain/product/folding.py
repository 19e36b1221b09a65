"""Where more facts lead, from what is folded already: a turn that answers many requests folds the history once."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import fields
from typing import Any, ClassVar, Protocol, TypeVar

from app.domain.product.facts import Fact


class Folded(Protocol):
    """A dataclass to which facts are added one by one."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def add(self, fact: Fact) -> None: ...


State = TypeVar("State", bound=Folded)


def extended(state: State, facts: Iterable[Fact]) -> State:
    """The state that further facts lead to; the one given stays as it was."""
    held: list[Any] = [getattr(state, one.name) for one in fields(state)]
    own: list[Any] = [copy(value) if isinstance(value, list | dict | set) else value for value in held]
    result = type(state)(*own)
    for fact in facts:
        result.add(fact)
    return result
