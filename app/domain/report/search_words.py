"""The words by which a product is found, those of each answer apart, so that the private ones are left out."""

from __future__ import annotations

from collections.abc import Collection

from app.domain.policy.model import Policy
from app.domain.product.description import known_description
from app.domain.product.facts import History, ItemAnswered, ProductDescribed, ProductFiled, ProductImported
from app.domain.product.state import standing
from app.domain.reading.text import normalised, storable

KEPT = ProductFiled, ProductImported, ProductDescribed, ItemAnswered


def search_words(history: History) -> str:
    """A line for each text: the item that it answers (none for the title and the form), a tab, its different words.

    What was given to one seat alone is not kept here; `is_found` leaves out what the rules made private since.
    """
    state = standing(tuple(fact for fact in history if isinstance(fact, KEPT)))
    told = [known_description(state).title, *state.form.values()]
    if state.imported:
        told += [text for _, text in state.imported.shown]
    given = ((item, one.written) for item, one in state.answers.items())
    texts = [("", " ".join(told)), *((item, one.text) for item, one in given if one and not one.private)]
    return "\n".join(f"{storable(item)}\t{_different(text)}" for item, text in texts)


def wanted_words(words: str) -> tuple[str, ...]:
    """What a visitor looks for, word by word, as texts are compared."""
    return tuple(dict.fromkeys(normalised(storable(words)).split()))


def is_found(kept: str, words: Collection[str], private: Collection[str]) -> bool:
    """Whether each word stands somewhere, the answers to private items left out."""
    lines = (line.partition("\t") for line in kept.split("\n"))
    readable = "\n".join(text for item, _, text in lines if item not in private)
    return all(word in readable for word in words)


def private_items(policy: Policy) -> frozenset[str]:
    """The items whose answers belong to one seat alone."""
    return frozenset(item.id for phase in policy.phases for item in phase.items if item.private)


def _different(text: str) -> str:
    return " ".join(dict.fromkeys(normalised(storable(text)).split()))
