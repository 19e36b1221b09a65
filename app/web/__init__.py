"""The App's web side: the webhook that stores and answers, health and figures, and a page of the portfolio."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, render_template, request
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from werkzeug.exceptions import RequestEntityTooLarge

from app.assets import default_policy
from app.deliveries import MalformedDeliveryError, wake_up
from app.domain.product import Standing, standing
from app.engine import Inbox
from app.register import Register
from app.settings import Settings

log = logging.getLogger(__name__)
BODY_LIMIT = 25 * 1024 * 1024
"""GitHub never sends more."""
routes = Blueprint("jalon", __name__)


def create_app(settings: Settings, inbox: Inbox, register: Register) -> Flask:
    """The Flask application; it stores deliveries and reads the register, and decides nothing."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    figures = CollectorRegistry()
    app.extensions["jalon"] = {
        "secrets": settings.webhook_secrets,
        "inbox": inbox,
        "register": register,
        "figures": figures,
        "answers": Counter("jalon_deliveries", "Webhook deliveries by answer", ["answer"], registry=figures),
        "states": Gauge("jalon_inbox", "Stored deliveries by state", ["state"], registry=figures),
    }
    app.register_blueprint(routes)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.after_request(_protect)
    return app


def _part(name: str) -> Any:
    return current_app.extensions["jalon"][name]


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def is_signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signs these bytes, compared in constant time."""
    given = (header or "").encode()
    expected = [b"sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode() for key in secrets]
    return any(hmac.compare_digest(given, one) for one in expected)


def _answer(status: int, sentence: str) -> tuple[str, int]:
    _part("answers").labels(str(status)).inc()
    return sentence + "\n", status


def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    return _answer(413, "The payload is over 25 MB.")


@routes.post("/webhooks/github")
def receive() -> tuple[str, int]:
    """Verify, store, answer: nothing else happens before GitHub has its answer."""
    body = request.get_data()
    if not is_signed(body, request.headers.get("X-Hub-Signature-256"), _part("secrets")):
        return _answer(401, "The signature is missing or wrong.")
    delivery, event = request.headers.get("X-GitHub-Delivery", ""), request.headers.get("X-GitHub-Event", "")
    if not delivery or not event:
        return _answer(400, "The X-GitHub-Delivery and X-GitHub-Event headers are required.")
    try:
        wake = wake_up(event, json.loads(body))
    except (ValueError, RecursionError, MalformedDeliveryError) as error:
        return _answer(400, f"The payload cannot be read: {type(error).__name__}.")
    if wake is None:
        return _answer(202, "Nothing to do for this event.")
    try:
        fresh = _part("inbox").store(delivery, event, wake.node_id, body)
    except sa.exc.SQLAlchemyError:
        log.exception("delivery %s could not be stored", delivery, extra={"delivery": delivery})
        return _answer(503, "The delivery could not be stored; send it again later.")
    return _answer(202, "Stored." if fresh else "Stored already.")


@routes.get("/healthz")
def healthz() -> tuple[str, int]:
    """The process is alive."""
    return "ok\n", 200


@routes.get("/readyz")
def readyz() -> tuple[str, int]:
    """The database answers."""
    try:
        _part("inbox").counts()
    except sa.exc.SQLAlchemyError:
        return "the database does not answer\n", 503
    return "ok\n", 200


@routes.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus."""
    for state, count in _part("inbox").counts().items():
        _part("states").labels(state).set(count)
    return Response(generate_latest(_part("figures")), mimetype="text/plain; version=0.0.4")


@routes.get("/")
def portfolio() -> str:
    """Every product with its phase and what it waits for, as the register has it."""
    histories: dict[tuple[str, int], list[Any]] = {}
    for entry in _part("register").entries():
        histories.setdefault((entry.repository, entry.number), []).append(entry.fact)
    policy = default_policy()
    rows = [_row(place, standing(tuple(facts)), policy) for place, facts in histories.items()]
    order = {phase.name: rank for rank, phase in enumerate(policy.phases)}
    rows.sort(key=lambda row: (order.get(row["phase"], len(order)), row["title"].casefold()))
    return render_template("portfolio.html", rows=rows)


def _row(place: tuple[str, int], state: Standing, policy: Any) -> dict[str, Any]:
    gate = state.open_gate
    return {
        "repository": place[0],
        "number": place[1],
        "title": state.filed.title if state.filed else f"{place[0]}#{place[1]}",
        "phase": policy.phase(state.phase).name if state.phase else "",
        "since": state.stay.since if state.stay else None,
        "gate": policy.phase(gate.request.target).name if gate else "",
        "conditions": len(state.open_conditions),
    }
