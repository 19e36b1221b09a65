"""Signing in through GitHub and signing out, in plain words when it does not go as it should."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.github.client import LaterError
from app.github.manifest import CALLBACK
from app.github.signin import RefusedCodeError, authorization_url, identify, revoke
from app.web import forms, session
from app.web.context import plain_page
from app.web.services import services

log = logging.getLogger(__name__)
routes = Blueprint("signin", __name__)


@routes.before_request
def check_offered() -> None:
    """Elsewhere these pages do not exist: somebody else says who the visitor is."""
    if not services().settings.signs_in:
        abort(404)


@routes.get("/connexion")
def start() -> AnyResponse:
    """Off to GitHub; « suite » is the page to come back to, « compte » asks to choose an account there."""
    target = request.args.get("suite", "/")
    state, verifier = session.begin_sign_in(target if session.is_safe(target) else "/")
    return redirect(authorization_url(services().settings, _back(), state, verifier, choose="compte" in request.args))


def _back() -> str:
    """Our address as GitHub knows it: said by the settings, else as the browser reaches us behind an HTTPS server."""
    public = services().settings.public_url
    if public:
        return f"{public}{CALLBACK}"
    scheme = "https" if request.headers.get("X-Forwarded-Proto") == "https" else request.scheme
    return f"{scheme}://{request.host}{CALLBACK}"


@routes.get(CALLBACK)
def callback() -> AnyResponse | tuple[str, int]:
    """GitHub sends the browser back here; the state proves that it left from here."""
    taken = session.take(request.args.get("state", ""))
    if taken is None:
        return signin_page("signin_stale", 400)
    if "code" not in request.args:
        return signin_page("signin_cancelled", 403)
    verifier, target = taken
    known = services().portfolio_cache.repositories()
    try:
        found = identify(services().settings, request.args["code"], _back(), verifier, known)
    except RefusedCodeError as error:
        log.warning("a sign-in was refused: %s", error)
        return signin_page("signin_stale", 400)
    except LaterError as error:
        log.warning("a sign-in could not be finished: %s", error)
        return signin_page("signin_later", 503)
    if known and not found.repositories:
        _end((session.end_session(), found.token))
        return signin_page("signin_without", 403, who=found.login)
    _end(session.enter(found, known))
    return redirect(url_for("mine.mine") if target == "/" else target)


@routes.post("/deconnexion")
def stop() -> tuple[str, int]:
    """GitHub still knows the person, but no longer lets Jalon act in their name."""
    if not forms.unsealed(forms.SIGN_OUT, request.form.get(forms.FIELD, "")):
        abort(403)
    _end((session.end_session(),))
    return signin_page("signed_out", 200)


def _end(tokens: Iterable[str]) -> None:
    """At GitHub too, as far as it answers: here they are forgotten already."""
    try:
        for token in filter(None, tokens):
            revoke(services().settings, token)
    except LaterError as error:
        log.warning("a token was forgotten here and could not be ended at GitHub: %s", error)


@routes.app_errorhandler(LaterError)
def later(error: LaterError) -> tuple[str, int]:
    """GitHub was to be asked again what somebody may read."""
    log.warning("GitHub does not say what somebody may read: %s", error)
    return signin_page("signin_later", 503)


def signin_page(name: str, status: int, **values: str) -> tuple[str, int]:
    """A page with the way back in; with another account when this one is of no use, or was just left."""
    other = "autre" if name in {"signin_without", "signed_out"} else None
    return plain_page(name, status, again=url_for("signin.start", compte=other), values=values)
