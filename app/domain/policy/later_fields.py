"""Fields that came after values were first kept or shown: left out while they say nothing, so nothing old changes.

The facts of a register are chained and its comments named by digests of their JSON. A field that a former version did
not know must not change a digest by being empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from functools import cache
from typing import Any

PLAIN = (str, int, bool, type(None))
"""Most of what values hold."""


def later(default: Any) -> Any:
    """A dataclass field that came after the first release: written only once it differs from its default."""
    return field(default=default, metadata={"later": True})


def as_written(value: Any) -> Any:
    """As `dataclasses.asdict`, without the later fields that hold their default."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if is_dataclass(kind):
        shown = ((name, getattr(value, name), later, default) for name, later, default in _fields(kind))
        return {name: as_written(held) for name, held, later, default in shown if not (later and held == default)}
    if isinstance(value, Mapping):
        return {key: as_written(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [as_written(held) for held in value]
    return value


@cache
def _fields(kind: Any) -> tuple[tuple[str, bool, Any], ...]:
    """Name, whether it came later, default: asked for at each comment of each turn."""
    return tuple((one.name, bool(one.metadata.get("later")), one.default) for one in fields(kind))
