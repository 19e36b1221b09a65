"""The papers of the committee's sessions as pages and as PDF, and the list of its sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, abort, g, request
from markupsafe import Markup

from app.messages.reports import agenda_text, minutes_text
from app.reports.paper_text import as_pdf
from app.reports.renderings import as_html
from app.reports.session_papers import SessionPapers
from app.web.context import page, visit

routes = Blueprint("papers", __name__)
PDF = "pdf"
LISTED = 12
"""Sessions held that the list shows."""


def papers() -> SessionPapers:
    """Those of the backlog shown, looked for once a request."""
    if "papers" not in g:
        here = visit()
        g.papers = SessionPapers(here.rows, here.policy, here.now, here.today, here.sessions)
    return g.papers  # type: ignore[no-any-return]


def session_day(text: str) -> date:
    """A day on which the committee sits or sat; ends the request with 404 for any other."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    known = papers()
    return day if known.is_session(day) or known.on(day) is not None else abort(404)


@routes.get("/seances")
def sessions() -> str:
    """Those to come, then those held, each with its papers."""
    here, known = visit(), papers()
    days = known.days
    return page(
        "sessions.html",
        ahead=sorted(day for day in days if day >= here.today),
        held=[day for day in days if day < here.today][:LISTED],
        record=known.on,
        load=lambda day: known.agenda(day) if day == known.next else None,
    )


@routes.get("/seances/<text>/ordre-du-jour")
def agenda(text: str) -> str | Response:
    """The same text as the issue that is published."""
    here, day = visit(), session_day(text)
    found = papers().agenda(day)
    return _shown("agenda", day, lambda: agenda_text(found, here.policy, here.links))


@routes.get("/seances/<text>/releve")
def minutes(text: str) -> str | Response:
    """The same text as the issue that is published, once the day has come."""
    here, day = visit(), session_day(text)
    if day > here.today:
        abort(404)
    found = papers().minutes(day)
    return _shown("minutes", day, lambda: minutes_text(found, here.policy, here.links))


def _shown(kind: str, day: date, write: Callable[[], str]) -> str | Response:
    here, text = visit(), write()
    if request.args.get("format") == PDF:
        name = f"{here.t(f'{kind}_file')}-{day.isoformat()}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        return Response(as_pdf(lambda _: text, here.language), mimetype="application/pdf", headers=headers)
    body = Markup(as_html(lambda _: text, here.language))  # noqa: S704 - Markdown of ours, people's words neutralised
    return page("paper.html", body=body, kind=kind, session=day)
