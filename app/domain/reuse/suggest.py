"""Three doors by which what may already answer a need is found: its name, a fixed question, a need that is near."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.policy.model import ReuseSettings
from app.domain.reuse import reflexes
from app.domain.reuse.catalogue import COMMON, Catalogue, Common
from app.domain.reuse.near import Index
from app.domain.reuse.need import Filing
from app.domain.reuse.phrase import NearNeed
from app.domain.reuse.texts import shared_words

MOST = 3
"""Lines shown of one filing; more are read by nobody."""
MOST_ASKED = 1
"""Lines for a question that fits many needs: the others are for what fits this one."""
NEAREST = 10
TOO_OLD_DAYS = 730
"""Two years after somebody last looked at an entry, it is found by its name alone."""


class SuggestionSource(StrEnum):
    """What led to a candidate, in the order they are shown."""

    NAME = "name"
    REFLEX = "reflex"
    NEAR = "near"


class Silence(StrEnum):
    """Why one of the nearest is not shown."""

    BELOW = "below"
    SET_ASIDE = "set_aside"
    NOT_PROPOSED = "not_proposed"
    TOO_OLD = "too_old"
    MORE_THAN_THREE = "more_than_three"


@dataclass(frozen=True)
class Candidate:
    """Something that may already answer the need; `words` are those of its line that the filing shares, as written."""

    ref: str
    name: str
    line: str
    door: SuggestionSource
    link: str = ""
    words: tuple[str, ...] = ()
    score: float = 0.0
    question: str = ""
    """What a reflex asks."""

    @property
    def is_common(self) -> bool:
        return self.ref.startswith(COMMON)


@dataclass(frozen=True)
class Neighbour:
    """One of the nearest, shown or not."""

    candidate: Candidate
    silence: Silence | None = None
    """None: it is shown, by this door or another."""


@dataclass(frozen=True)
class FoundCandidates:
    shown: tuple[Candidate, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    asked: tuple[Candidate, ...] = ()
    """Every reflex of this filing, shown or not: RADAR may ask about them."""


def suggest(
    filing: Filing, index: Index, catalogue: Catalogue, settings: ReuseSettings, silenced: AbstractSet[str], today: date
) -> FoundCandidates:
    """At most three candidates, and the ten nearest with why each is silent.

    The index is given the filing and the catalogue if it has not them yet, so that the answer depends on nothing else.
    A common that a reflex asks about and that is near too is shown as near: its words say why.
    `silenced` are the references set aside before, either way round; none is shown again, by any door.
    """
    index.put(filing.need)
    index.learn(catalogue.commons)
    texts = (filing.need.title, filing.need.line, filing.need.text)
    named = (
        _candidate(ref, SuggestionSource.NAME, index, catalogue)
        for ref in index.names.found(texts, filing.need.ref, filing.named)
    )
    asked = tuple(
        _asked(common) for common in reflexes.commons_to_ask(filing, catalogue.commons) if common.ref not in silenced
    )
    near = index.nearest(filing.need, NEAREST + len(silenced))
    reasons = [(one, _silence(one, catalogue, settings, silenced, today)) for one in near]
    passed = [
        _candidate(one.ref, SuggestionSource.NEAR, index, catalogue, one) for one, reason in reasons if reason is None
    ]
    found_near = {one.ref for one in passed}
    lines = [one for one in asked if one.ref not in found_near][:MOST_ASKED]
    shown: dict[str, Candidate] = {}
    for one in (*(one for one in named if one.ref not in silenced), *lines, *passed):
        if len(shown) < MOST:
            shown.setdefault(one.ref, one)
    nearest = (
        Neighbour(
            _candidate(one.ref, SuggestionSource.NEAR, index, catalogue, one),
            None if one.ref in shown else reason or Silence.MORE_THAN_THREE,
        )
        for one, reason in reasons[:NEAREST]
    )
    return FoundCandidates(tuple(shown.values()), tuple(nearest), asked)


def _candidate(
    ref: str, door: SuggestionSource, index: Index, catalogue: Catalogue, near: NearNeed | None = None
) -> Candidate:
    common = catalogue.common(ref)
    words, score = (near.shared, near.score) if near else (frozenset[str](), 0.0)
    if common:
        return Candidate(ref, common.name, common.line, door, common.link, shared_words(common.line, words), score)
    need = index.need(ref)
    assert need is not None
    return Candidate(ref, need.title, need.line, door, words=shared_words(need.line, words), score=score)


def _asked(common: Common) -> Candidate:
    question = common.reflex.question if common.reflex else ""
    return Candidate(common.ref, common.name, common.line, SuggestionSource.REFLEX, common.link, question=question)


def _silence(
    one: NearNeed, catalogue: Catalogue, settings: ReuseSettings, silenced: AbstractSet[str], today: date
) -> Silence | None:
    common = catalogue.common(one.ref)
    if one.ref in silenced:
        return Silence.SET_ASIDE
    if common and not common.is_proposed:
        return Silence.NOT_PROPOSED
    if common and common.seen_on and (today - common.seen_on).days > TOO_OLD_DAYS:
        return Silence.TOO_OLD
    return Silence.BELOW if one.score < settings.least else None
