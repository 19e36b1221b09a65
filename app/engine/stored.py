"""A stored delivery as it stands, and one that is parked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stored:
    """A delivery as it stands; `attempts` counts those that ended with the process, `failures` those ended by a bug."""

    delivery: str
    event: str
    product: str
    payload: bytes
    received: float
    attempts: int
    failures: int
    tries: int
    """How often it was put off since it was stored or replayed."""
    is_done: bool
    outcome: str = ""

    @property
    def waits(self) -> dict[str, int]:
        """How often it was put off, by reason, where the reason was recorded."""
        try:
            found = json.loads(self.outcome or "{}") if not self.is_done else {}
        except ValueError:
            return {}  # stored by a former version, or replayed
        return dict(found.get("waits", {})) if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Parked:
    """A delivery parked after several failures, until somebody replays it; `product` is the issue's node id."""

    delivery: str
    event: str
    product: str
    received: float
    attempts: int
    why: str


def stored(row: Any) -> Stored:
    return Stored(
        row.delivery,
        row.event,
        row.product,
        bytes(row.payload),
        row.received,
        row.attempts,
        row.failures,
        row.tries,
        row.done is not None,
        row.outcome or "",
    )
