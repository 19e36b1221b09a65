"""The accessibility statement and the legal notice, for anybody, from what the policy says of the pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.domain.policy.model import LANGUAGES
from app.domain.policy.page_settings import PageSettings
from app.github.client import LaterError, NotFoundError
from app.web.context import told
from app.web.services import services

routes = Blueprint("legal", __name__)


def site() -> PageSettings:
    """Those of the first backlog: an installation is one administration's. Nothing said while GitHub is away."""
    known = services().portfolio_cache.repositories()
    try:
        return services().rules(known[0]).pages if known else PageSettings()
    except (LaterError, NotFoundError):
        return PageSettings()


@routes.get("/accessibilite")
def accessibility() -> str:
    return _page("accessibility.html")


@routes.get("/mentions-legales")
def notice() -> str:
    return _page("notice.html")


def _page(template: str) -> str:
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else "fr"
    return render_template(template, t=lambda key: told(language, key), language=language, said=site())
