"""What a product is for, in the words that are compared with those of others."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import datetime

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.description import known_description
from app.domain.product.facts import (
    History,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductReturned,
)
from app.domain.product.reuse_facts import ReuseAnswered, ReuseSuggested
from app.domain.product.state import ProductState, standing
from app.domain.reading.text import storable
from app.domain.reuse.catalogue import PRODUCT
from app.domain.reuse.need import Filing, Need

VISION, PROBLEM = "vision", "probleme"
"""The questions of the form that say what a product is for."""
LISTING = ("existant", "radar")
"""The questions that ask which products and commons were looked at."""
LOOKED_AT = (VISION, PROBLEM, *LISTING)
"""Those whose answers, once changed, are looked at again."""
SENTENCE = 4
"""Fewer words than this, in a column of a former follow-up, say what a product is like and not what it is for."""

KEPT = (
    ProductFiled,
    ProductImported,
    ProductDescribed,
    ProductLeft,
    ProductReturned,
    PhaseEntered,
    ReuseSuggested,
    ReuseAnswered,
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Drawn from a history alone: no rule and no day changes it. `since` is when it entered its phase (ISO)."""

    title: str = ""
    line: str = ""
    text: str = ""
    phase: str = ""
    since: str = ""
    is_followed: bool = True
    set_aside: tuple[str, ...] = ()
    """References of what was said to answer nothing here."""

    def need(self, product: str, repository: str, number: int, policy: Policy) -> Need:
        """As it is compared with others, under these rules; `product` is the node id of its issue."""
        ended = ""
        if self.since and policy.is_final(self.phase):
            ended = day_of(datetime.fromisoformat(self.since), policy.timezone).isoformat()
        return Need(f"{PRODUCT}{product}", self.title, self.line, self.text, number, repository, ended)


def purpose_in(history: History) -> Purpose:
    """Where a history leads, the facts that change nothing of it left unread."""
    return purpose_of(standing(tuple(fact for fact in history if isinstance(fact, KEPT))))


def purpose_of(state: ProductState) -> Purpose:
    """Where a history leads, as others are compared with it."""
    form, stay = state.form, state.stay
    return Purpose(
        title=storable(known_description(state).title),
        line=storable(form.get(VISION, "") or _told_before(state)),
        text=storable(form.get(PROBLEM, "")),
        phase=stay.phase if stay else "",
        since=stay.since.isoformat() if stay else "",
        is_followed=state.left is None,
        set_aside=tuple(sorted(state.reuse.set_aside)),
    )


def filing(state: ProductState, need: Need) -> Filing:
    """What is looked at of a product: its need, the texts that may name others, its whole form."""
    form = state.form
    named = tuple(form[question] for question in LISTING if question in form)
    return Filing(need, named, tuple(form.items()))


def _told_before(state: ProductState) -> str:
    """The first sentence among what a former follow-up told; a link, or a name, is none."""
    told = state.imported.shown if state.imported else ()
    return next((text for _, text in told if len(text.split()) >= SENTENCE), "")


def to_text(one: Purpose) -> str:
    """The same text for equal values."""
    return json.dumps(astuple(one), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Purpose:
    """What `to_text` wrote; another text raises TypeError or ValueError."""
    title, line, problem, phase, since, is_followed, set_aside = json.loads(text)
    if not all(isinstance(word, str) for word in (title, line, problem, phase, since, *set_aside)):
        raise TypeError(text)
    return Purpose(title, line, problem, phase, since, bool(is_followed), tuple(set_aside))
