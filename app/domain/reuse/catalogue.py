"""The catalogue as values: commons that may answer a need, and norms that a point of the checklist stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

COMMON, PRODUCT = "commun:", "produit:"
"""How the reference of a candidate begins: the id of a common, or the node id of a product's issue."""
KINDS = ("service", "logiciel", "api", "referentiel", "brique", "produit")


@dataclass(frozen=True)
class Reflex:
    """When a common is asked about whatever the words of the need: at one of these words or audiences.

    `question` is what is asked.
    """

    when: tuple[str, ...]
    question: str = ""


@dataclass(frozen=True)
class Common:
    """Something that exists already; its id is never given to another."""

    id: str
    name: str
    line: str
    """What it does, in one sentence."""
    needs: tuple[str, ...] = ()
    """The needs it answers, in people's words."""
    replaces: tuple[str, ...] = ()
    """Other names it is known by, and what it stands in for."""
    kind: str = KINDS[0]
    owner: str = ""
    link: str = ""
    licence: str = ""
    is_proposed: bool = True
    """Whether a need may lead to it; otherwise it is found by its name alone."""
    reflex: Reflex | None = None
    settles: tuple[str, ...] = ()
    """The items of the checklist that its use may be proposed to settle."""
    seen_on: date | None = None
    """When somebody last looked at this entry."""
    seat: str = ""
    source: tuple[tuple[str, str], ...] = ()
    """Where an imported entry comes from: `sill`, `publiccode`, `csv`, with its id or address there."""
    is_curated: bool = True
    """Whether it is of the hand-kept file, not of the imported one."""

    @property
    def ref(self) -> str:
        return f"{COMMON}{self.id}"


@dataclass(frozen=True)
class Norm:
    """A text to comply with; items of the checklist name it by its id (`norme: rgaa`)."""

    id: str
    name: str
    owner: str = ""
    when: str = ""
    """When it applies, in a sentence."""
    evidence: str = ""
    """What shows that it is followed."""
    common: str = ""
    """The common that helps, by its id."""
    link: str = ""
    seen_on: date | None = None


@dataclass(frozen=True)
class Catalogue:
    """What the three files of a tracking repository hold; empty when it keeps none."""

    commons: tuple[Common, ...] = ()
    norms: tuple[Norm, ...] = ()
    version: str = ""
    """A digest of the texts it was read from."""
    is_kept: bool = False
    """Whether the repository keeps a catalogue: RADAR is then answered, not ticked."""

    @cached_property
    def by_id(self) -> Mapping[str, Common]:
        return {one.id: one for one in self.commons}

    def common(self, ref: str) -> Common | None:
        """The common that a reference names; None for a product, or for an entry that is gone."""
        return self.by_id.get(ref.removeprefix(COMMON)) if ref.startswith(COMMON) else None

    @cached_property
    def norms_by_id(self) -> Mapping[str, Norm]:
        return {one.id: one for one in self.norms}
