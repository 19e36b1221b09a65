"""The App's web side: the webhook that stores and answers, health and figures, and pages of the portfolio."""

from __future__ import annotations

from flask import Flask, Response, request

from app.engine import Inbox, Worker
from app.register import Register
from app.settings import Settings
from app.web import committee, mine, portfolio, session, signin, watch
from app.web.parts import Pages, Parts
from app.web.webhook import BODY_LIMIT, Webhook

__all__ = ["BODY_LIMIT", "Pages", "create_app"]

PROTECTION = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(
    settings: Settings, inbox: Inbox, register: Register, worker: Worker | None = None, pages: Pages | None = None
) -> Flask:
    """The Flask application: it stores deliveries, reads the register, decides nothing; `worker` is this process's."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    parts = app.extensions["jalon"] = Parts(settings, inbox, register, worker, pages or Pages())
    if settings.signs_in:
        session.prepare(app, settings)
    for routes in (watch.routes, portfolio.routes, committee.routes, mine.routes, signin.routes):
        app.register_blueprint(routes)
    app.after_request(lambda response: _protect(response, is_private=settings.signs_in))
    app.wsgi_app = Webhook(app.wsgi_app, parts, PROTECTION.items())  # type: ignore[method-assign]
    return app


def _protect(response: Response, *, is_private: bool) -> Response:
    response.headers.update(PROTECTION)
    if is_private and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"  # what one person may read is not kept for the next
    return response
