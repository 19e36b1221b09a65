"""The facts that the rows of the register hold, read once each however often they are asked for."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from app.domain.product.fact_json import from_json
from app.domain.product.facts import Fact


def readable_fact(row: Any) -> Fact | None:
    """The fact a row holds; None when its text is none that this version, or any other, wrote."""
    try:
        return _fact(row.fact)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


@lru_cache(maxsize=2048)
def _fact(text: str) -> Fact:
    """A turn reads a history, then draws the present from the same facts and its own."""
    return from_json(json.loads(text))
