"""Folds more facts into a state already folded, so that a turn with many requests folds the history once."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import fields
from typing import Any, ClassVar, Protocol, TypeVar

from app.domain.product.facts import Fact


class Folded(Protocol):
    """A dataclass into which facts are folded one by one."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def add(self, fact: Fact) -> None: ...


State = TypeVar("State", bound=Folded)


def extended(state: State, facts: Iterable[Fact]) -> State:
    """The state after further facts; the given state is left unchanged."""
    held: list[Any] = [getattr(state, one.name) for one in fields(state)]
    own: list[Any] = [copy(value) if isinstance(value, list | dict | set) else value for value in held]
    result = type(state)(*own)
    for fact in facts:
        result.add(fact)
    return result
