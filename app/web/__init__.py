"""The App's web side: pages of the portfolio, health and figures, behind the webhook that stores and answers."""

from __future__ import annotations

from flask import Flask, Response, request

from app.domain.reading.condition_wording import said_apart
from app.domain.reading.visible import visible
from app.engine import Inbox, Worker
from app.engine.pulse import Pulse
from app.messages.typography import Spaced
from app.settings import Settings
from app.store.register import Register
from app.web import (
    absence_page,
    acts,
    ahead,
    attendance_act,
    calendar_pages,
    committee,
    committees,
    digest_link,
    forms,
    health_pages,
    legal,
    my_page,
    norms_page,
    papers,
    portfolio,
    proof_pages,
    receipt,
    reuse_pages,
    session,
    session_page,
    signin,
    styles,
)
from app.web.services import PROTECTION, Pages, Services, services

__all__ = ["Pages", "create_app"]
FORM_LIMIT = 64 * 1024
"""Bytes of the longest form of these pages, many times over."""


def create_app(
    settings: Settings,
    inbox: Inbox,
    register: Register,
    worker: Worker | None = None,
    pages: Pages | None = None,
    pulse: Pulse | None = None,
) -> Flask:
    """The Flask application of the pages: it reads the register and decides nothing.

    `worker` and `pulse` are this process's.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT
    app.extensions["jalon"] = Services(settings, inbox, register, worker, pages or Pages(), pulse or Pulse())
    if settings.signs_in:
        session.prepare(app, settings, register.engine)
    for routes in (health_pages.routes, portfolio.routes, committee.routes, my_page.routes, signin.routes):
        app.register_blueprint(routes)
    for routes in (
        acts.routes,
        committees.routes,
        reuse_pages.routes,
        norms_page.routes,
        receipt.routes,
        legal.routes,
        styles.routes,
    ):
        app.register_blueprint(routes)
    for routes in (
        ahead.routes,
        papers.routes,
        session_page.routes,
        calendar_pages.routes,
        digest_link.routes,
        absence_page.routes,
        attendance_act.routes,
        proof_pages.routes,
    ):
        app.register_blueprint(routes)
    app.jinja_env.globals |= {"offered": acts.offered_acts, "sealed_for": forms.seal, "site": legal.site}
    app.jinja_env.globals["stylesheet"] = styles.stylesheet
    app.before_request(forms.check_origin)
    app.jinja_env.finalize = _seen
    app.jinja_env.filters |= {"visible": visible, "said_apart": said_apart}
    app.jinja_env.add_extension(Spaced)
    app.after_request(_protect)
    return app


def _seen(value: object) -> object:
    """What people typed without what hides or reverses it; Markup is ours, and was made from such text."""
    return visible(value) if type(value) is str else value


def _protect(response: Response) -> Response:
    for name, value in PROTECTION.items():
        response.headers.setdefault(name, value)
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = styles.let_in(policy, services().settings.stylesheet)
    if request.endpoint in styles.OURS:
        return styles.kept_an_hour(response)
    response.headers["Cache-Control"] = "no-store"  # what one person may read is not kept for the next
    return response
