"""What the views work with: settings, inbox, register, and the figures kept for Prometheus."""

from __future__ import annotations

from typing import cast

from flask import current_app
from prometheus_client import CollectorRegistry, Counter, Gauge

from app.engine import Inbox
from app.register import Register
from app.settings import Settings


class Parts:
    """One per Flask application."""

    def __init__(self, settings: Settings, inbox: Inbox, register: Register) -> None:
        self.settings, self.inbox, self.register = settings, inbox, register
        self.figures = CollectorRegistry()
        self.answers = Counter("jalon_deliveries", "Webhook deliveries by answer", ["answer"], registry=self.figures)
        self.states = Gauge("jalon_inbox", "Stored deliveries by state", ["state"], registry=self.figures)


def parts() -> Parts:
    """Those of the application that answers the current request."""
    return cast("Parts", current_app.extensions["jalon"])
