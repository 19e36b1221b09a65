"""What tells a command of a comment from another: its word and its text, as long as they stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from app.domain.reading.command_types import Command
from app.domain.reading.text import normalised

LATER = ("excused", "held", "further", "below", "changes")
"""The fields that a command's `repr` leaves out."""


@dataclass(frozen=True)
class Parsed:
    """A command found in a body, and a key that stays the same as long as its own text does."""

    command: Command
    key: str


def keyed(found: Collection[tuple[str, Command]]) -> tuple[Parsed, ...]:
    """Each command with its key: its word, its text, and how many times the same came before."""
    parsed, seen = [], dict[str, int]()
    for word, command in found:
        once = command_key(word, command)
        seen[once] = seen.get(once, 0) + 1
        parsed.append(Parsed(command, command_key(word, command, seen[once])))
    return tuple(parsed)


def command_key(word: str, command: Command, times: int = 1) -> str:
    """The key of a command written with one of its words, for the first time in its comment or a later one."""
    written = f"{normalised(word)}\n{command!r}{_later_fields(command)}"
    return hashlib.sha256(f"{written}\n{times}".encode()).hexdigest()[:12]


def _later_fields(command: Command) -> str:
    """What the fields that `repr` leaves out say, nothing where they say nothing."""
    said = [value for name in LATER if (value := getattr(command, name, None))]
    return f"\n{said!r}" if said else ""
