"""The one way in which a value is written before it is hashed: RFC 8785, on the values that facts hold."""

from __future__ import annotations

import json
from typing import Any

LARGEST = 2**53
"""Beyond it RFC 8785, which follows JavaScript, no longer writes whole numbers exactly."""


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value made of strings, whole numbers, booleans, null, lists and objects with ASCII keys.

    Raises ValueError for anything else: a value that others would write otherwise must never be sealed.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _check(value: Any) -> None:
    match value:
        case str() | bool() | None:
            return
        case int() if -LARGEST < value < LARGEST:
            return
        case list() | tuple():
            for item in value:
                _check(item)
        case dict():
            for key, item in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise ValueError(f"a key that cannot be ordered alike everywhere: {key!r}")
                _check(item)
        case _:
            raise ValueError(f"no canonical form: {type(value).__name__}")
