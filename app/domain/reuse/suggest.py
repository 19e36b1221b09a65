"""Three doors by which what may already answer a need is found: its name, a fixed question, a need that is near."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.policy.model import ReuseSettings
from app.domain.reuse.catalogue import COMMON, Catalogue, Common
from app.domain.reuse.near import Index, Near
from app.domain.reuse.need import Filing
from app.domain.reuse.texts import written

MOST = 3
"""Lines shown of one filing; more are read by nobody."""
NEAREST = 10
TOO_OLD_DAYS = 730
"""Two years after somebody last looked at an entry, it is found by its name alone."""


class Door(StrEnum):
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
    door: Door
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
class Found:
    shown: tuple[Candidate, ...] = ()
    nearest: tuple[Neighbour, ...] = field(default=())


def suggest(
    filing: Filing, index: Index, catalogue: Catalogue, settings: ReuseSettings, silenced: AbstractSet[str], today: date
) -> Found:
    """At most three candidates, and the ten nearest with why each is silent.

    The index is given the filing and the catalogue if it has not them yet, so that the answer depends on nothing else.
    `silenced` are the references set aside before, either way round; none is shown again, by any door.
    """
    index.put(filing.need)
    index.learn(catalogue.commons)
    near = tuple(_candidate(one, index, catalogue) for one in index.nearest(filing.need, NEAREST))
    reasons = [_silence(one, catalogue, settings, silenced, today) for one in near]
    shown: dict[str, Candidate] = {}
    for one, reason in zip(near, reasons, strict=True):
        if reason is None and len(shown) < MOST:
            shown.setdefault(one.ref, one)
    nearest = tuple(
        Neighbour(one, reason or (None if one.ref in shown else Silence.MORE_THAN_THREE))
        for one, reason in zip(near, reasons, strict=True)
    )
    return Found(tuple(shown.values()), nearest)


def _candidate(near: Near, index: Index, catalogue: Catalogue) -> Candidate:
    said = _common(near.ref, catalogue) or index.need(near.ref)
    assert said is not None
    name = said.name if isinstance(said, Common) else said.title
    link = said.link if isinstance(said, Common) else ""
    words = written(said.line, near.shared)
    return Candidate(near.ref, name, said.line, Door.NEAR, link, words, near.score)


def _common(ref: str, catalogue: Catalogue) -> Common | None:
    return catalogue.by_id.get(ref.removeprefix(COMMON)) if ref.startswith(COMMON) else None


def _silence(
    one: Candidate, catalogue: Catalogue, settings: ReuseSettings, silenced: AbstractSet[str], today: date
) -> Silence | None:
    common = _common(one.ref, catalogue)
    if one.ref in silenced:
        return Silence.SET_ASIDE
    if common and not common.is_proposed:
        return Silence.NOT_PROPOSED
    if common and common.seen_on and (today - common.seen_on).days > TOO_OLD_DAYS:
        return Silence.TOO_OLD
    return Silence.BELOW if one.score < settings.least else None
