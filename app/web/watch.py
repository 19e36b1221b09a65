"""For those who watch over Jalon: is it alive, is it ready, and its figures."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response
from prometheus_client import generate_latest

from app.web.parts import parts

routes = Blueprint("watch", __name__)


@routes.get("/healthz")
def healthz() -> tuple[str, int]:
    """The process is alive."""
    return "ok\n", 200


@routes.get("/readyz")
def readyz() -> tuple[str, int]:
    """The database answers."""
    try:
        parts().inbox.counts()
    except sa.exc.SQLAlchemyError:
        return "the database does not answer\n", 503
    return "ok\n", 200


@routes.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus."""
    for state, count in parts().inbox.counts().items():
        parts().states.labels(state).set(count)
    return Response(generate_latest(parts().figures), mimetype="text/plain; version=0.0.4")
