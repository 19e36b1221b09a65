"""What a product is for, in the words that are compared with others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One product among those already known; `ref` is « produit: » and the node id of its issue."""

    ref: str
    title: str
    line: str
    """Its vision, or what a former follow-up said of it in one sentence."""
    text: str = ""
    """The problem it was filed with."""
    number: int = 0
    repository: str = ""
    ended: str = ""
    """The day (ISO) it came to its end; empty while it lives."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is looked at of a product filed; `named` answer what asks for the names of products and commons."""

    need: Need
    named: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    """The whole form, by question: conditions of reflexes are read in it."""
