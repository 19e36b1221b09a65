"""The App's web side: pages of the portfolio, health and figures, behind the webhook that stores and answers."""

from __future__ import annotations

from flask import Flask, Response, request

from app.engine import Inbox, Worker
from app.register import Register
from app.settings import Settings
from app.web import committee, mine, portfolio, session, signin, watch
from app.web.parts import PROTECTION, Pages, Parts

__all__ = ["Pages", "create_app"]
FORM_LIMIT = 64 * 1024
"""Bytes of the longest form of these pages, many times over."""


def create_app(
    settings: Settings, inbox: Inbox, register: Register, worker: Worker | None = None, pages: Pages | None = None
) -> Flask:
    """The Flask application of the pages: it reads the register and decides nothing; `worker` is this process's."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT
    app.extensions["jalon"] = Parts(settings, inbox, register, worker, pages or Pages())
    if settings.signs_in:
        session.prepare(app, settings)
    for routes in (watch.routes, portfolio.routes, committee.routes, mine.routes, signin.routes):
        app.register_blueprint(routes)
    app.after_request(lambda response: _protect(response, is_private=settings.signs_in))
    return app


def _protect(response: Response, *, is_private: bool) -> Response:
    response.headers.update(PROTECTION)
    if is_private and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"  # what one person may read is not kept for the next
    return response
