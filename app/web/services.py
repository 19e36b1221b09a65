"""What the views work with: settings, inbox, register, rules, the portfolio at hand, and the figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from flask import Response, current_app, make_response
from prometheus_client import CollectorRegistry, Counter, Gauge

from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.reuse.catalogue import Catalogue
from app.engine import Inbox, Worker
from app.engine.health import Health
from app.engine.pulse import Pulse
from app.reports.portfolio_cache import PortfolioCache
from app.settings import Settings
from app.shipped_files import default_policy
from app.store.log import Log
from app.store.needs import Needs
from app.store.register import Register
from app.store.shown_seals import ShownSeals
from app.web.figures import DatabaseMetrics

PROTECTION = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a browser then hides, even from us, that a form comes from our own page.
    "Referrer-Policy": "same-origin",
}
"""Headers of every answer."""
WATCHING = f"{PROTECTION['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"
"""What a page allows whose one script, a file of ours, looks whether the register answered."""
ANSWERS = (202, 400, 401, 413, 503)
"""What the webhook answers."""
Rules = Callable[[str], Policy]
CatalogueOf = Callable[[str, str], Catalogue]
"""Of a backlog, in a language."""
MayRead = Callable[[str, str, int], bool]
"""Whether an account, by login and number, may read a repository."""
MissingDigests = Callable[[str, datetime, str], tuple[Week, ...]]


def _no_digests(_repository: str, _now: datetime, _place: str) -> tuple[Week, ...]:
    return ()


def _own_rules(_repository: str) -> Policy:
    return default_policy()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _no_right(_repository: str, _login: str, _number: int) -> bool:
    return False


def _no_catalogue(_repository: str, _language: str) -> Catalogue:
    return Catalogue()


@dataclass(frozen=True)
class Pages:
    """What the pages ask beside the register: the rules of a backlog, its catalogue, the weeks without a digest."""

    rules: Rules = _own_rules
    missing_digests: MissingDigests = _no_digests
    catalogue: CatalogueOf = _no_catalogue
    needs: Needs | None = None
    """Those the turns of this process work with, if any do."""
    clock: Callable[[], datetime] = _utc_now
    """The one by which turns date facts: by another, what was just recorded would be of the future."""
    may_read: MayRead = _no_right
    """Asked of GitHub by the App itself, for somebody who is not there."""


class Services:
    """One per Flask application."""

    def __init__(
        self, settings: Settings, inbox: Inbox, register: Register, worker: Worker | None, pages: Pages, pulse: Pulse
    ) -> None:
        self._pulse = pulse
        self.settings, self.inbox, self.register, self.worker = settings, inbox, register, worker
        self.rules, self.missing_digests = pages.rules, pages.missing_digests
        self.now, self.may_read = pages.clock, pages.may_read
        self.catalogue, self.needs = pages.catalogue, pages.needs or Needs(register)
        self.portfolio_cache = PortfolioCache(register)
        self.forget_person: Callable[[int], None] = lambda _number: None
        """What is kept in the name of the account of this number, where people sign in."""
        self.figures = CollectorRegistry()
        self.answers = Counter("jalon_deliveries", "Webhook deliveries by answer", ["answer"], registry=self.figures)
        for status in ANSWERS:
            self.answers.labels(str(status))  # from nought on: Prometheus sees no rise in what begins with it
        self.missing = Gauge(
            "jalon_digests_missing", "Weeks left without a digest", ["repository"], registry=self.figures
        )
        self.figures.register(DatabaseMetrics(inbox, lambda: self.health))

    @property
    def seal(self) -> str:
        """The newest checkpoint of the register: reading a page signs nothing."""
        return ShownSeals(Log(self.register.engine), None, self.now).newest()

    @cached_property
    def health(self) -> Health:
        return Health(self.inbox, self._pulse, works_here=self.worker is not None)


def services() -> Services:
    """Those of the application that answers the current request."""
    return cast("Services", current_app.extensions["jalon"])


def plain(sentence: str, status: int = 200) -> Response:
    """A line of text for a program."""
    return Response(sentence + "\n", status, mimetype="text/plain")


def scripted(shown: str) -> Response:
    """A page that its one script, a file of ours, serves better; it does without."""
    answer = make_response(shown)
    answer.headers["Content-Security-Policy"] = WATCHING
    return answer
