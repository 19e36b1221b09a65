"""What a reader of the register can catch it at, each with its sentence and the exit status of the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class LieKind(IntEnum):
    """The value is the exit status: a workflow, or a person, tells one lie from another by it."""

    SIGNATURE = 10
    SHORTER = 11
    REWRITTEN = 12
    ENTRY = 13
    ENTRY_DATE = 14
    RULES = 15
    ABSENT = 16
    AUTHOR = 17
    DATE = 18
    TEXT = 19
    PLACE = 20


SENTENCES = {
    LieKind.SIGNATURE: "le sceau de {} entrées n’est signé par aucune clé connue du registre",
    LieKind.SHORTER: "l’entrée n° {} avait été vue, et GitHub ne la montre plus",
    LieKind.REWRITTEN: "l’entrée n° {} n’est plus celle qui avait été vue",
    LieKind.ENTRY: "l’entrée n° {} n’est pas celle que prouve son commentaire",
    LieKind.ENTRY_DATE: "l’entrée n° {} se dit du {}, {}",
    LieKind.ABSENT: "l’avis n° {} dit venir du commentaire {}, que GitHub ne montre pas",
    LieKind.AUTHOR: "l’avis n° {} est attribué au compte {}, et son commentaire est du compte {}",
    LieKind.DATE: "l’avis n° {} est daté du {}, et son commentaire du {}",
    LieKind.TEXT: "l’avis n° {} n’est pas ce que dit son commentaire, qui n’a pas changé depuis",
    LieKind.PLACE: "l’avis n° {} est au ticket {}, et son commentaire au ticket {}",
}
FOUND = {
    **dict.fromkeys(("unsigned", "signature", "dead", "key", "quorum", "stamp"), LieKind.SIGNATURE),
    "short": LieKind.SHORTER,
    **dict.fromkeys(("fork", "elsewhere"), LieKind.REWRITTEN),
    **dict.fromkeys(("root", "path", "shape", "number", "log", "ranks", "personal"), LieKind.ENTRY),
    **dict.fromkeys(("future", "past"), LieKind.ENTRY_DATE),
}
"""What the outsider's tool finds, by its code; all the rest is a decision that does not follow from its ballots."""


@dataclass(frozen=True)
class Lie:
    kind: LieKind
    sentence: str


def lie(kind: LieKind, *told: object) -> Lie:
    return Lie(kind, SENTENCES[kind].format(*told))


def found(problem: Mapping[str, Any]) -> Lie:
    """A problem as the outsider's tool tells it, with its own sentence."""
    return Lie(FOUND.get(problem["code"], LieKind.RULES), str(problem["sentence"]).rstrip("."))
