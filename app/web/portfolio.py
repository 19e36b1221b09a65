"""Pages of the portfolio: every product, searched and filtered, and one product from its first day."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from flask import Blueprint, Response, request

from app.domain.policy.calendar import Week
from app.domain.report.listing import SORTS, Asked, in_french_order, listed
from app.domain.report.portfolio import ProductRow
from app.reports import sheets
from app.web import product_page
from app.web.context import PAGE, ListPage, PageContext, page, product_row, taken_away, visit
from app.web.services import services

routes = Blueprint("portfolio", __name__)
DIRECTIONS = 200
"""Directions offered in the filter, the most frequent ones."""
STATES = ("gate", "paused", "conditions", "refused", "stalled", "steady", "ended")


ARGUMENTS = {
    "words": "q",
    "phase": "phase",
    "direction": "direction",
    "state": "etat",
    "reached": "atteinte",
    "age": "age",
    "target": "passage",
    "outcome": "issue",
    "sort": "tri",
    "ended": "termines",
}
"""What a list may be asked, under the names that addresses give it."""
LONGEST = 200
"""Characters read of each."""
AROUND = 2
"""Numbers of pages shown on each side of the present one."""


def _asked() -> Asked:
    return Asked(**{field: request.args.get(name, "").strip()[:LONGEST] for field, name in ARGUMENTS.items()})


def _arguments(asked: Asked, **changes: str) -> dict[str, str]:
    """The query that asks the same again, with something else changed."""
    values = {ARGUMENTS[field]: value for field, value in {**asdict(asked), **changes}.items()}
    return {name: value for name, value in values.items() if value}


def _listed(here: PageContext, asked: Asked) -> tuple[ProductRow, ...]:
    found = services().portfolio_cache.found(here.repository, asked.words, here.policy) if here.repository else None
    return listed(here.rows, asked, here.policy, found)


def _sorting(asked: Asked) -> dict[str, tuple[str, dict[str, str]]]:
    """For each column, how it is sorted now, and the query that sorts by it, or the other way round."""
    return {
        name: (
            ("descending" if asked.is_backwards else "ascending") if asked.order == name else "",
            _arguments(asked, sort=f"-{name}" if asked.order == name and not asked.is_backwards else name),
        )
        for name in SORTS
    }


@routes.get("/")
def portfolio() -> str:
    """Every product, by phase then by title; those that have ended when they are asked for."""
    here, asked = visit(), _asked()
    found = _listed(here, asked)
    shown = found if asked.shows_ended else tuple(row for row in found if row.active)
    part = ListPage.asked(len(shown))
    directions = Counter(row.direction for row in here.rows if row.direction).most_common(DIRECTIONS)
    return page(
        "portfolio.html",
        asked=asked,
        arguments=_arguments(asked),
        with_ended=_arguments(asked, ended="oui"),
        found=found,
        hidden=len(found) - len(shown),
        rows=shown[part.start : part.start + PAGE],
        number=part.number,
        pages=part.pages,
        near=range(max(1, part.number - AROUND), min(part.pages, part.number + AROUND) + 1),
        sorting=_sorting(asked),
        directions=in_french_order(name for name, _ in directions),
        states=STATES,
        missing=", ".join(here.day(week.monday) for week in _missing(here)),
    )


@routes.get("/portefeuille.<any(csv, json):shape>")
def portfolio_sheet(shape: str) -> Response:
    """The same products, all of them, as a file."""
    here = visit()
    return taken_away(sheets.portfolio(_listed(here, _asked()), here.policy), shape, "portefeuille")


def _missing(here: PageContext) -> tuple[Week, ...]:
    """The weeks without a digest."""
    named = here.repository
    return services().missing_digests(named, here.now, here.policy.timezone) if named else ()


@routes.get("/produit/<owner>/<name>/<int:number>")
def product(owner: str, name: str, number: int) -> str:
    """The whole file of one product."""
    row = product_row(owner, name, number)
    return page("product.html", row=row, **product_page.values(visit(), row))


@routes.get("/produit/<owner>/<name>/<int:number>.<any(csv, json):shape>")
def product_sheet(owner: str, name: str, number: int, shape: str) -> Response:
    """One product as a line of the portfolio."""
    here, row = visit(), product_row(owner, name, number)
    return taken_away(sheets.portfolio([row], here.policy), shape, f"produit-{number}")
