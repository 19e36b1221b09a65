"""One week's digest, read without an account by whoever holds a signed link that has not expired."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template
from markupsafe import Markup

from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.report.digest import digest
from app.github.client import LaterError, NotFoundError
from app.messages.charts import Drawer
from app.messages.reports import Links, digest_text
from app.reports.renderings import as_html
from app.sending.links import DigestLink, DigestLinks
from app.settings import web_url
from app.store.key_values import KeyValues
from app.store.outbox import DIGEST
from app.store.sessions import Sessions
from app.web.calendar_pages import PRIVATE
from app.web.context import plain_page, told
from app.web.services import services

routes = Blueprint("digest_link", __name__)


@routes.get("/bilan/lien/<token>")
def read(token: str) -> Response:
    """That week of that committee and nothing else; the same answer for a link that is over and for none."""
    notes = KeyValues(services().register.engine)
    link = DigestLinks(services().settings.private_key, notes).open(token, services().now())
    policy = _rules(link) if link else None
    shown = _page(link, policy) if link and policy else plain_page("link_over", 404)
    answer = make_response(shown)
    answer.headers.update(PRIVATE)
    return answer


def _rules(link: DigestLink) -> Policy | None:
    """Those of the committee, as long as they send its digest to that channel."""
    if link.repository not in services().portfolio_cache.repositories():
        return None
    try:
        policy = services().rules(link.repository)
    except (LaterError, NotFoundError):
        return None
    is_sent = any(one.name == link.channel and DIGEST in one.events for one in policy.notices)
    return policy if is_sent else None


def _page(link: DigestLink, policy: Policy) -> str:
    week, settings = Week.parse(link.week), services().settings
    products = services().portfolio_cache.products(link.repository)
    sessions = Sessions(services().register.engine).of(link.repository)
    found = replace(digest(products, policy, week, services().now(), sessions=sessions), seal=services().seal)
    links = Links(web_url(settings.api_url), link.repository, settings.public_url)

    def write(draw: Drawer) -> str:
        return digest_text(found, policy, links, draw)

    def t(key: str, **values: object) -> str:
        return told(policy.language, key, None, **values)

    body = Markup(as_html(write, policy.language))  # noqa: S704 - Markdown of ours, people's words neutralised
    return render_template("digest_link.html", t=t, language=policy.language, body=body, title=t("link_title"))
