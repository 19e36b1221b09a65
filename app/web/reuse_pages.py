"""Pages of what exists already: the catalogue of commons, and what is nearest to one product."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, request

from app.domain.reading.text import normalised
from app.domain.report.portfolio import ProductRow
from app.domain.report.reuse_figures import Rejected, is_to_review, rejected, to_review
from app.domain.reuse.catalogue import Catalogue, Common
from app.domain.reuse.suggest import TOO_OLD_DAYS
from app.reports.nearest import ComparisonContext, NearestRow
from app.web.access import is_here
from app.web.context import PAGE, ListPage, PageContext, page, product_row, visit
from app.web.services import services

routes = Blueprint("reuse", __name__)
LONGEST = 200
"""Characters read of what is looked for."""


@dataclass(frozen=True)
class CommonRow:
    """A common as a page shows it; one left unlooked at too long is no longer proposed."""

    common: Common
    is_to_review: bool
    is_too_old: bool


@routes.get("/communs")
def commons() -> str:
    """The catalogue, the hand-kept entries first; 404 where none is kept."""
    here = visit()
    kept = here.catalogue
    if not kept.is_kept:
        abort(404)
    asked = request.args.get("q", "").strip()[:LONGEST]
    found = _found(kept, asked)
    part = ListPage.asked(len(found))
    return page(
        "commons.html",
        asked=asked,
        entries=[_entry(one, here) for one in found[part.start : part.start + PAGE]],
        total=len(found),
        number=part.number,
        pages=part.pages,
        keeper=_keeper_name(here),
    )


def _found(kept: Catalogue, asked: str) -> tuple[Common, ...]:
    """Those that hold every word, in the order of their names."""
    words = normalised(asked).split()
    found = [one for one in kept.commons if all(word in _words(one) for word in words)]
    return tuple(sorted(found, key=lambda one: (not one.is_curated, normalised(one.name), one.id)))


def _words(one: Common) -> str:
    return normalised(" ".join((one.name, one.line, one.owner, *one.needs, *one.replaces)))


def _entry(one: Common, here: PageContext) -> CommonRow:
    is_too_old = one.seen_on is not None and (here.today - one.seen_on).days > TOO_OLD_DAYS
    return CommonRow(one, one.is_curated and is_to_review(one, here.today), is_too_old)


def _keeper_name(here: PageContext) -> str:
    settings = here.policy.reuse
    seat = here.policy.seat(settings.seat) if settings else None
    return seat.name if seat else ""


@routes.get("/produit/<owner>/<name>/<int:number>/proches")
def near(owner: str, name: str, number: int) -> str:
    """The ten nearest to a product; its score is told to the seat that keeps the catalogue alone."""
    row, here = product_row(owner, name, number), visit()
    if not reads_near(here):
        abort(404)
    rows = {one.number: one for one in here.rows}
    return page("near.html", row=row, near=_nearest(row, here), rows=rows, scores=keeps(here))


def _nearest(row: ProductRow, here: PageContext) -> tuple[NearestRow, ...]:
    rules, found = here.own_policy or here.policy, services()
    catalogue = found.catalogue(row.repository, rules.language)
    around = ComparisonContext(found.needs, rules, catalogue, here.today)
    return around.nearest(row.repository, row.number, found.portfolio_cache.history(row.repository, row.number))


def reads_near(here: PageContext) -> bool:
    """Whether a visitor may see what was compared: on pages open to anybody, what was shown and answered is enough."""
    rules = here.own_policy or here.policy
    is_known = here.who is not None or is_here(services().settings.pages) or not rules.follow_up.public_pages
    return rules.reuse is not None and is_known


def keeps(here: PageContext) -> bool:
    """Whether whoever is signed in holds the seat that keeps the catalogue."""
    rules = here.own_policy or here.policy
    seat = rules.reuse.seat if rules.reuse else ""
    return bool(seat and here.who) and any(one.id == seat for one in rules.seats_of(here.who or "", here.today))


@dataclass(frozen=True)
class Upkeep:
    """What the catalogue waits for from the seat that keeps it."""

    to_review: tuple[Common, ...]
    rejected: tuple[Rejected, ...]

    def __bool__(self) -> bool:
        return bool(self.to_review or self.rejected)


def upkeep(here: PageContext) -> Upkeep | None:
    """For whoever holds that seat alone."""
    if not keeps(here):
        return None
    kept = here.catalogue
    return Upkeep(to_review(kept, here.today), rejected(here.rows, kept))
