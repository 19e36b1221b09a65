"""Fields that came after values were first kept or shown: left out while they say nothing, so nothing old changes.

The facts of a register are chained and its comments named by digests of their JSON. A field that a former version did
not know must not change a digest by being empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from functools import cache
from typing import Any

PLAIN = frozenset({str, int, bool, type(None)})
"""Most of what values hold."""


def later(default: Any) -> Any:
    """A dataclass field that came after the first release: written only once it differs from its default."""
    return field(default=default, metadata={"later": True})


def beside(default: Any) -> Any:
    """A later field that tells where a value is kept and not what it says: values that differ by it alone are equal."""
    return field(default=default, compare=False, repr=False, metadata={"later": True})


def as_written(value: Any) -> Any:
    """As `dataclasses.asdict`, without the later fields that hold their default."""
    kind: Any = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, tuple | list):
        return [held if type(held) in PLAIN else as_written(held) for held in value]
    if (known := _fields(kind)) is not None:
        shown = {}
        for name, later, default in known:
            held = getattr(value, name)
            if not (later and held == default):
                shown[name] = held if type(held) in PLAIN else as_written(held)
        return shown
    if isinstance(value, Mapping):
        return {key: as_written(held) for key, held in value.items()}
    return value


@cache
def _fields(kind: Any) -> tuple[tuple[str, bool, Any], ...] | None:
    """Name, whether it came later, default; None of what has no fields: asked for at each comment of each turn."""
    if not is_dataclass(kind):
        return None
    return tuple((one.name, bool(one.metadata.get("later")), one.default) for one in fields(kind))
