"""Page of what lies ahead: the load of the next sessions, what is overdue and by whom, what expires, who is silent."""

from __future__ import annotations

from flask import Blueprint, Response

from app.domain.report.ahead import Ahead, ahead
from app.reports import ahead_sheet
from app.store.sessions import Sessions
from app.web.context import page, taken_away, visit
from app.web.services import services

routes = Blueprint("ahead", __name__)
SHOWN = 30
"""Lines of a list on the page; the file has them all."""


def _found() -> Ahead:
    here = visit()
    sessions = Sessions(services().register.engine).of(here.repository) if here.repository else ()
    return ahead(here.rows, here.policy, here.today, sessions)


@routes.get("/a-venir")
def coming() -> str:
    """Each number opens what it counts, here or in the portfolio."""
    return page("ahead.html", found=_found(), shown=SHOWN)


@routes.get("/a-venir.<any(csv, json):shape>")
def coming_sheet(shape: str) -> Response:
    return taken_away(ahead_sheet.sheet(_found()), shape, "a-venir")
