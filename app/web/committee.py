"""Pages of the committee: what waits for each seat, the indicators, the week's report; and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import Seat
from app.domain.report.digest import Digest, summary
from app.domain.report.indicators import AGES, SeatDuty, duties, indicators, open_conditions_of
from app.domain.report.portfolio import rows
from app.domain.report.quarters import QuarterFlow, quarter_label
from app.engine.stuck_deliveries import parked_in
from app.messages.charts import Chart, Drawer, svg
from app.messages.reports import digest_text
from app.reports import sheets
from app.reports.digest_paper import digest_pdf
from app.reports.renderings import as_html
from app.web.context import PAGE, ListPage, PageContext, as_paper_to_keep, page, plain_page, taken_away, visit
from app.web.services import services

routes = Blueprint("committee", __name__)
QUARTERS = 8
"""Quarters on the page; the file has them all."""


@routes.get("/sieges")
def seats() -> str:
    """The seats, with how much waits for each."""
    here = visit()
    return page("seats.html", seats=[(seat, duties(here.rows, seat.id)) for seat in here.policy.committee.seats])


@routes.get("/siege/<seat_id>")
def seat(seat_id: str) -> str:
    """What waits for one seat, oldest first."""
    here, found = visit(), _seat(seat_id)
    names = {found.name, *(one.name for one in services().rules(here.repository).committee.seats if one.id == seat_id)}
    waiting = _duties(seat_id)
    part = ListPage.asked(len(waiting))
    return page(
        "seat.html",
        seat=found,
        duties=waiting[part.start : part.start + PAGE],
        total=len(waiting),
        number=part.number,
        pages=part.pages,
        owed=open_conditions_of(here.rows, lambda _, condition: condition.seat in names),
        shown=PAGE,
        holders=", ".join(found.members(day_of(here.now, here.policy.timezone))),
    )


@routes.get("/siege/<seat_id>.<any(csv, json):shape>")
def seat_sheet(seat_id: str, shape: str) -> Response:
    found = _seat(seat_id)
    return taken_away(sheets.waiting(_duties(found.id), visit().policy), shape, f"siege-{found.id}")


def _seat(seat_id: str) -> Seat:
    return visit().policy.seat(seat_id) or abort(404)


def _duties(seat_id: str) -> tuple[SeatDuty, ...]:
    return duties(visit().rows, seat_id)


@routes.get("/indicateurs")
def figures() -> str:
    """How products flow through the phases and the committee."""
    here = visit()
    found = indicators(here.rows, here.policy, here.now)
    labels = tuple(phase.name for phase in found.phases)
    series = (
        (here.t("reached"), tuple(phase.reached for phase in found.phases)),
        (here.t("now"), tuple(phase.now for phase in found.phases)),
    )
    between = [here.t("between", low=low, high=high - 1) for low, high in pairwise(AGES)]
    slices = [here.t("under", n=AGES[0]), *between, here.t("from", n=AGES[-1])]
    return page(
        "indicators.html",
        found=found,
        chart=_drawn(Chart(here.t("funnel"), labels, series)),
        slices=slices,
        quarters=found.quarterly.quarters[-QUARTERS:],
        charts=_quarter_charts(here, found.quarterly.quarters[-QUARTERS:]),
        written=quarter_label,
    )


def _quarter_charts(here: PageContext, shown: tuple[QuarterFlow, ...]) -> dict[str, Markup]:
    """The series that say something; the table below each has the same figures."""
    decisive, entered = [one for one in shown if one.decided], [one for one in shown if any(one.entered)]
    waited = tuple(one.wait_days or 0 for one in decisive)
    drawn = {
        "decisions": _series(
            here,
            "quarters_decisions",
            decisive,
            (here.t("go"), tuple(one.go + one.conditional for one in decisive)),
            (here.t("nogo"), tuple(one.nogo for one in decisive)),
        ),
        "wait": _series(here, "quarters_wait", decisive, (here.t("wait"), waited)),
        "entered": _series(
            here, "quarters_entered", entered, (here.t("reached"), tuple(sum(one.entered) for one in entered))
        ),
    }
    return {name: _drawn(chart) for name, chart in drawn.items() if chart.labels}


def _series(
    here: PageContext, title: str, quarters: Sequence[QuarterFlow], *series: tuple[str, tuple[int, ...]]
) -> Chart:
    labels = tuple(here.t("quarter", year=one.quarter.year, number=one.quarter.number) for one in quarters)
    return Chart(here.t(title), labels, series)


def _drawn(chart: Chart) -> Markup:
    return Markup(svg(chart))  # noqa: S704 - our drawing, its texts escaped


@routes.get("/indicateurs.<any(csv, json):shape>")
def figures_sheet(shape: str) -> Response:
    here = visit()
    return taken_away(sheets.figures(indicators(here.rows, here.policy, here.now)), shape, "indicateurs")


@routes.get("/bilan", defaults={"text": ""})
@routes.get("/bilan/<text>")
def digest(text: str) -> str | Response:
    """The report of a week, this one by default: the same text as `jalon digest`, on one A4 page when asked for."""
    here = visit()
    try:
        week = Week.parse(text) if text else Week.of(day_of(here.now, here.policy.timezone))
    except ValueError:
        abort(404)
    found = _digest(week)
    if request.args.get("format") == "pdf":
        return as_paper_to_keep(digest_pdf(found, here.policy, here.links), f"bilan-{week}")

    def write(draw: Drawer) -> str:
        return digest_text(found, here.policy, here.links, draw)

    body = Markup(as_html(write, here.language))  # noqa: S704 - Markdown of ours, people's words neutralised
    return page("digest.html", week=week, body=body, before=week.plus(-1), after=week.plus(1) if found.over else None)


def _digest(week: Week) -> Digest:
    here = visit()
    found = here.rows
    if here.now >= week.end(here.policy.timezone):
        found = rows(services().portfolio_cache.products(here.repository), here.policy, week.end(here.policy.timezone))
    parked = parked_in(services().register.engine, here.repository, services().portfolio_cache.repositories())
    told = summary(found, here.policy, week, here.now, parked, catalogue=here.catalogue, sessions=here.sessions)
    return replace(told, seal=services().seal)


@routes.app_errorhandler(403)
def refused(_error: object) -> tuple[str, int]:
    return plain_page("refused", 403, back=True)


@routes.app_errorhandler(404)
def absent(_error: object) -> tuple[str, int]:
    return plain_page("absent", 404, back=True)
