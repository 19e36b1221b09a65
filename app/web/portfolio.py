"""Pages of the portfolio: every product, searched and filtered, and one product from its first day."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from flask import Blueprint, Response, request

from app.domain.policy.calendar import Week
from app.domain.report.listing import NONE, SORTS, ListingQuery, in_french_order, listed_rows
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
    "quarter": "trimestre",
    "aspect": "aspect",
    "raised_by": "refuse_par",
    "lifter": "leve",
    "overdue": "retard",
    "sort": "tri",
    "ended": "termines",
}
"""What a list may be asked, under the names that addresses give it."""
OUTCOMES = ("go", "conditional", "nogo", "withdrawn", "waiting", "decided")
LONGEST = 200
"""Characters read of each."""
AROUND = 2
"""Numbers of pages shown on each side of the present one."""


def _asked() -> ListingQuery:
    return ListingQuery(**{field: request.args.get(name, "").strip()[:LONGEST] for field, name in ARGUMENTS.items()})


def _arguments(asked: ListingQuery, **changes: str) -> dict[str, str]:
    """The query that asks the same again, with something else changed."""
    values = {ARGUMENTS[field]: value for field, value in {**asdict(asked), **changes}.items()}
    return {name: value for name, value in values.items() if value}


def _listed(here: PageContext, asked: ListingQuery) -> tuple[ProductRow, ...]:
    found = services().portfolio_cache.found(here.repository, asked.words, here.policy) if here.repository else None
    return listed_rows(here.rows, asked, here.policy, found)


def _sorting(asked: ListingQuery) -> dict[str, tuple[str, dict[str, str]]]:
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
        narrowed=_narrowed(here, asked),
        missing=", ".join(here.day(week.monday) for week in _missing(here)),
    )


def _narrowed(here: PageContext, asked: ListingQuery) -> list[str]:
    """What a figure that was followed asks for, in words."""
    outcome = here.t(asked.outcome).lower() if asked.outcome in OUTCOMES else ""
    seat = asked.raised_by if asked.raised_by != NONE else here.t("objections_in_session")
    lifter = asked.lifter if asked.lifter != NONE else here.t("ahead_secretariat")
    aspect = here.policy.aspects.get(asked.aspect, here.t("objections_no_aspect"))
    told = (
        (asked.reached, here.t("narrow_reached", phase=here.policy.phase(asked.reached).name)),
        (asked.target, here.t("narrow_target", phase=here.policy.phase(asked.target).name)),
        (asked.quarter and not (asked.reached or asked.target), here.t("narrow_decided")),
        (outcome, outcome),
        (asked.quarter, here.t("narrow_quarter", quarter=_quarter_said(here, asked.quarter))),
        (asked.age, here.t("narrow_age")),
        (asked.aspect, here.t("narrow_aspect", aspect=aspect)),
        (asked.raised_by, here.t("narrow_seat", seat=seat)),
        (asked.lifter, here.t("narrow_lifter", seat=lifter)),
        (asked.overdue, here.t("narrow_overdue")),
    )
    return [words for is_asked, words in told if is_asked]


def _quarter_said(here: PageContext, quarter: str) -> str:
    year, _, number = quarter.partition("-")
    return here.t("quarter", year=year, number=number)


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
