"""The entries of the log: one per fact, personal parts behind a commitment, and a few that the log says of itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.transparency.canonical import canonical
from app.transparency.public_parts import Split

VERSION = 1
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Which fact of which product an entry is: `product` is the number of the product's first entry, `seq` the rank
    of the fact; `issue`, `repository` and `number` are those of the day it was sealed.
    """

    product: int
    issue: str
    repository: str
    number: int
    seq: int


def commitment(salt: str, personal: bytes) -> str:
    """What stands for a personal part (canonical JSON): without its salt (hexadecimal) nobody guesses what it says."""
    return hashlib.sha256(bytes.fromhex(salt) + personal).hexdigest()


def canonical_entry(origin: str, n: int, split: Split, personal: str, place: EntryPlace) -> bytes:
    """The entry of a fact; `personal` is the commitment to its personal part."""
    return canonical(
        {
            "v": VERSION,
            "log": origin,
            "n": n,
            "at": split.public["at"],
            "fact": {name: value for name, value in split.public.items() if name != "at"},
            "personal": personal,
            "product": place.product,
            "issue": place.issue,
            "repository": place.repository,
            "number": place.number,
            "seq": place.seq,
        }
    )


def event_entry(origin: str, n: int, at: datetime, event: dict[str, Any]) -> bytes:
    """The entry of what the log says of itself: that it was opened, that its key was changed."""
    return canonical({"v": VERSION, "log": origin, "n": n, "at": at.isoformat(), "event": event})


def read_entry(text: str) -> dict[str, Any]:
    """The object that an entry is; raises ValueError for anything else."""
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("v") != VERSION:
        raise ValueError("no entry of this edition")
    return found
