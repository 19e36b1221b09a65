"""Where more facts lead, from what is folded already: a turn that answers many requests folds the history once."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from app.domain.facts import Fact

if TYPE_CHECKING:
    from app.domain.product import Standing


def extended(state: Standing, facts: Iterable[Fact]) -> Standing:
    """The state that further facts lead to; the one given stays as it was."""
    held: list[Any] = [getattr(state, one.name) for one in fields(state)]
    own: list[Any] = [copy(value) if isinstance(value, list | dict | set) else value for value in held]
    result = type(state)(*own)
    for fact in facts:
        result.add(fact)
    return result
