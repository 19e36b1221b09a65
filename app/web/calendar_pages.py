"""Calendars by secret address: made on a page by whoever is signed in, read by a program that nobody signs in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response, abort, request

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.accounts import Account
from app.domain.report.calendar_events import CalendarEvent, committee_events, of_person, sessions_shown
from app.github.client import LaterError, NotFoundError
from app.reports.calendars import MEDIA_TYPE, as_calendar, uid
from app.settings import web_url
from app.store.calendars import KINDS, CalendarOwner, Calendars, EventTurns
from app.store.sessions import Sessions
from app.web import forms
from app.web.context import PageContext, page, visit
from app.web.services import plain, services

routes = Blueprint("calendars", __name__)
PURPOSE = "calendrier"
ACTS = ("creer", "fermer")
UNKNOWN = "No such calendar."
AGAIN_S = 900
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""Headers of what is read by a secret address."""


@routes.get("/moi/calendrier")
def mine() -> str:
    """The addresses this person made, and how to make, renew or end them."""
    return _page(_here())


@routes.post("/moi/calendrier")
def change() -> str:
    """A new address is shown once, here: nothing we keep could show it again."""
    here = _here()
    kind, act = request.form.get("genre", ""), request.form.get("geste", "")
    if not forms.unsealed(PURPOSE, request.form.get(forms.FIELD, "")) or kind not in KINDS or act not in ACTS:
        abort(403)
    owner, kept = CalendarOwner(here.number, here.who or "", here.repository, kind), Calendars(_database())
    if act == "fermer":
        kept.end(owner)
        return _page(here, told="calendar_ended")
    secret = kept.renew(owner, here.now.timestamp())
    return _page(here, told="calendar_made", address=f"{_pages()}/calendrier/{secret}.ics")


def _here() -> PageContext:
    if not services().settings.signs_in:
        abort(404)
    here = visit(needs_person=True)
    if here.who is None or not here.repository:
        abort(404)
    return here


def _page(here: PageContext, told: str = "", address: str = "") -> str:
    made = Calendars(_database()).made(here.number, here.repository)
    days = {kind: datetime.fromtimestamp(at, here.now.tzinfo) for kind, at in made.items()}
    return page("calendars.html", kinds=KINDS, made=days, told=told, address=address, purpose=PURPOSE)


@routes.get("/calendrier/<secret>.ics")
def feed(secret: str) -> Response:
    """What its owner may see today; 404 for any address that was never made, or was renewed since."""
    owner = Calendars(_database()).opened(secret) if services().settings.signs_in else None
    if owner is None:
        return _private(plain(UNKNOWN, 404))
    try:
        policy = services().rules(owner.repository)
        may = policy.follow_up.public_pages or services().may_read(owner.repository, owner.login, owner.account)
    except NotFoundError:
        policy, may = None, False
    except LaterError:
        answer = plain("GitHub does not answer: try again later.", 503)
        answer.headers["Retry-After"] = str(AGAIN_S)
        return _private(answer)
    return _private(Response(_content(owner, policy, may=may), content_type=MEDIA_TYPE))


def _content(owner: CalendarOwner, policy: Policy | None, *, may: bool) -> bytes:
    now, is_person = services().now(), owner.kind == "person"
    rules = policy or services().rules("")
    today = day_of(now, rules.timezone)
    events: Iterable[CalendarEvent] = (CalendarEvent("closed", "closed", today),)
    if policy and may:
        rows = services().portfolio_cache.rows(owner.repository, rules, now)
        known = Sessions(_database()).of(owner.repository)
        who = Account(owner.login, owner.account)
        theirs = of_person(rows, rules, who) if is_person else committee_events(rows, rules)
        events = (*sessions_shown(known, rules, today), *theirs)
    shown = {uid(owner.repository, one): one.shown for one in events if one.kind != "closed"}
    turns = EventTurns(_database()).of(shown)
    return as_calendar(events, owner.repository, rules, lambda one: _where(owner, one), turns, now, is_person=is_person)


def _where(owner: CalendarOwner, event: CalendarEvent) -> str:
    if event.number and services().settings.public_url:
        return f"{_pages()}/produit/{owner.repository}/{event.number}"
    if event.number:
        return f"{web_url(services().settings.api_url)}/{owner.repository}/issues/{event.number}"
    page_of = f"seances/{event.day}" if event.kind == "session" else "moi/calendrier"
    return f"{_pages()}/{page_of}?comite={owner.repository}"


def _pages() -> str:
    return services().settings.public_url or request.host_url.rstrip("/")


def _private(answer: Response) -> Response:
    answer.headers.update(PRIVATE)
    return answer


def _database() -> sa.Engine:
    return services().register.engine
