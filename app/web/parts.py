"""What the views work with: settings, inbox, register, and the figures kept for Prometheus."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app
from prometheus_client import CollectorRegistry, Counter

from app.engine import Inbox, Worker
from app.register import Register
from app.settings import Settings
from app.web.figures import DatabaseFigures


class Parts:
    """One per Flask application."""

    def __init__(self, settings: Settings, inbox: Inbox, register: Register, worker: Worker | None = None) -> None:
        self.settings, self.inbox, self.register, self.worker = settings, inbox, register, worker
        self.figures = CollectorRegistry()
        self.answers = Counter("jalon_deliveries", "Webhook deliveries by answer", ["answer"], registry=self.figures)
        self.figures.register(DatabaseFigures(inbox))


def parts() -> Parts:
    """Those of the application that answers the current request."""
    return cast("Parts", current_app.extensions["jalon"])


def plain(sentence: str, status: int = 200) -> Response:
    """A line of text for a program."""
    return Response(sentence + "\n", status, mimetype="text/plain")
