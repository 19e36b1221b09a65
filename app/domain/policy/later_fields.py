"""Fields that came after values were first kept or shown: left out while they say nothing, so nothing old changes.

The facts of a register are chained and its comments named by digests of their JSON. A field that a former version did
not know must not change a digest by being empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from typing import Any


def later(default: Any) -> Any:
    """A dataclass field that came after the first release: written only once it differs from its default."""
    return field(default=default, metadata={"later": True})


def as_written(value: Any) -> Any:
    """As `dataclasses.asdict`, without the later fields that hold their default."""
    if is_dataclass(value):
        shown = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: as_written(held) for one, held in shown if not _says_nothing(one, held)}
    if isinstance(value, Mapping):
        return {key: as_written(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [as_written(held) for held in value]
    return value


def _says_nothing(one: Any, held: Any) -> bool:
    return bool(one.metadata.get("later")) and held == one.default
