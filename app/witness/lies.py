"""What a reader of the register can catch it at, each with its sentence and the exit status of the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Kind(IntEnum):
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
    Kind.SIGNATURE: "le sceau de {} entrées n’est signé par aucune clé connue du registre",
    Kind.SHORTER: "l’entrée n° {} avait été vue, et GitHub ne la montre plus",
    Kind.REWRITTEN: "l’entrée n° {} n’est plus celle qui avait été vue",
    Kind.ENTRY: "l’entrée n° {} n’est pas celle que prouve son commentaire",
    Kind.ENTRY_DATE: "l’entrée n° {} se dit du {}, {}",
    Kind.ABSENT: "l’avis n° {} dit venir du commentaire {}, que GitHub ne montre pas",
    Kind.AUTHOR: "l’avis n° {} est attribué au compte {}, et son commentaire est du compte {}",
    Kind.DATE: "l’avis n° {} est daté du {}, et son commentaire du {}",
    Kind.TEXT: "l’avis n° {} n’est pas ce que dit son commentaire, qui n’a pas changé depuis",
    Kind.PLACE: "l’avis n° {} est au ticket {}, et son commentaire au ticket {}",
}
FOUND = {
    **dict.fromkeys(("unsigned", "signature", "dead", "key", "quorum", "stamp"), Kind.SIGNATURE),
    "short": Kind.SHORTER,
    **dict.fromkeys(("fork", "elsewhere"), Kind.REWRITTEN),
    **dict.fromkeys(("root", "path", "shape", "number", "log", "ranks", "personal"), Kind.ENTRY),
    **dict.fromkeys(("future", "past"), Kind.ENTRY_DATE),
}
"""What the outsider's tool finds, by its code; all the rest is a decision that does not follow from its ballots."""


@dataclass(frozen=True)
class Lie:
    kind: Kind
    sentence: str


def lie(kind: Kind, *told: object) -> Lie:
    return Lie(kind, SENTENCES[kind].format(*told))


def found(problem: Mapping[str, Any]) -> Lie:
    """A problem as the outsider's tool tells it, with its own sentence."""
    return Lie(FOUND.get(problem["code"], Kind.RULES), str(problem["sentence"]).rstrip("."))
