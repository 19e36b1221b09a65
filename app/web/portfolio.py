"""Pages of the portfolio: every product, searched and filtered, and one product from its first day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.reading.text import normalised
from app.domain.report.portfolio import ProductRow
from app.reports import sheets
from app.web import product_page
from app.web.context import PAGE, ListPage, PageContext, page, taken_away, visit
from app.web.services import services

routes = Blueprint("portfolio", __name__)
DIRECTIONS = 200
"""Directions offered in the filter, the most frequent ones."""
STATES = ("gate", "conditions", "refused", "stalled", "steady", "ended")


@dataclass(frozen=True)
class Filter:
    """What the visitor asked to see; empty fields let everything through."""

    words: str = ""
    phase: str = ""
    direction: str = ""
    state: str = ""

    def lets(self, row: ProductRow) -> bool:
        return (
            self.phase in {"", row.phase}
            and self.direction in {"", row.direction}
            and self.state in {"", row.state}
            and self._found(row)
        )

    def _found(self, row: ProductRow) -> bool:
        wanted = normalised(self.words).removeprefix("#")
        return not wanted or wanted == str(row.number) or wanted in normalised(f"{row.title} {row.direction}")

    @property
    def arguments(self) -> dict[str, str]:
        pairs = {"q": self.words, "phase": self.phase, "direction": self.direction, "etat": self.state}
        return {name: value for name, value in pairs.items() if value}


def _filter() -> Filter:
    names = ("q", "phase", "direction", "etat")
    return Filter(*(request.args.get(name, "").strip()[:200] for name in names))


def _shown(rows: tuple[ProductRow, ...], asked: Filter, policy: Policy) -> list[ProductRow]:
    order = {phase.id: rank for rank, phase in enumerate(policy.phases)}
    found = [row for row in rows if asked.lets(row)]
    return sorted(found, key=lambda row: (order.get(row.phase, len(order)), normalised(row.title), row.number))


@routes.get("/")
def portfolio() -> str:
    """Every product, by phase then by title."""
    here, asked = visit(), _filter()
    found = _shown(here.rows, asked, here.policy)
    part = ListPage.asked(len(found))
    directions = Counter(row.direction for row in here.rows if row.direction).most_common(DIRECTIONS)
    return page(
        "portfolio.html",
        asked=asked,
        found=found,
        rows=found[part.start : part.start + PAGE],
        number=part.number,
        pages=part.pages,
        directions=sorted(name for name, _ in directions),
        states=STATES,
        missing=", ".join(map(str, _missing(here))),
    )


@routes.get("/portefeuille.<any(csv, json):shape>")
def portfolio_sheet(shape: str) -> Response:
    """The same products, all of them, as a file."""
    here = visit()
    return taken_away(sheets.portfolio(_shown(here.rows, _filter(), here.policy), here.policy), shape, "portefeuille")


def _missing(here: PageContext) -> tuple[Week, ...]:
    """The weeks without a digest."""
    named = here.repository
    return services().missing_digests(named, here.now, here.policy.timezone) if named else ()


@routes.get("/produit/<owner>/<name>/<int:number>")
def product(owner: str, name: str, number: int) -> str:
    """The whole file of one product."""
    row = _row(owner, name, number)
    return page("product.html", row=row, **product_page.values(visit(), row))


def _row(owner: str, name: str, number: int) -> ProductRow:
    """Ends the request with 404 when there is no such product in the backlog shown."""
    found = (row for row in visit().rows if (row.repository, row.number) == (f"{owner}/{name}", number))
    row = next(found, None)
    return row if row is not None else abort(404)


@routes.get("/produit/<owner>/<name>/<int:number>.<any(csv, json):shape>")
def product_sheet(owner: str, name: str, number: int, shape: str) -> Response:
    """One product as a line of the portfolio."""
    here, row = visit(), _row(owner, name, number)
    return taken_away(sheets.portfolio([row], here.policy), shape, f"produit-{number}")
