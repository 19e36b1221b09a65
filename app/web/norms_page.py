"""The page of norms: phase by phase, the points of the checklist that have people follow them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort

from app.domain.policy.model import Item, Policy
from app.domain.reuse.catalogue import Catalogue, Common, Norm
from app.web.context import page, visit

routes = Blueprint("norms", __name__)


@dataclass(frozen=True)
class NormRow:
    """A norm in one phase: the points that name it, and the common that helps, if there is one."""

    norm: Norm
    items: tuple[Item, ...]
    common: Common | None


@routes.get("/normes")
def norms() -> str:
    """404 where the repository keeps no norm."""
    here = visit()
    if not here.catalogue.norms:
        abort(404)
    phases = [(phase.name, followed(here.catalogue, phase.items)) for phase in here.policy.phases]
    others = nowhere(here.catalogue, here.policy)
    return page("norms.html", phases=[one for one in phases if one[1]], others=others)


def followed(catalogue: Catalogue, items: Sequence[Item]) -> tuple[NormRow, ...]:
    """The norms that those points name, in the order of the catalogue."""
    return tuple(
        NormRow(norm, named, catalogue.by_id.get(norm.common))
        for norm in catalogue.norms
        if (named := tuple(item for item in items if norm.id in item.norms))
    )


def nowhere(catalogue: Catalogue, policy: Policy) -> tuple[NormRow, ...]:
    """The norms that no point names."""
    named = {norm for phase in policy.phases for item in phase.items for norm in item.norms}
    return tuple(
        NormRow(norm, (), catalogue.by_id.get(norm.common)) for norm in catalogue.norms if norm.id not in named
    )
