"""Who is signed in: a signed cookie that names the person and what they may read, believed for ten minutes.

GitHub is asked again after that, by their token: access taken back there ends here soon, and nobody who reads is sent
away. The cookie holds no token, nor anything that the person does not know. The token stays with us, sealed, for as
long as the session: without it the cookie opens nothing, so that signing out ends every copy of the cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, Response, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.github.signin import SignedInReader, readable_repositories
from app.settings import Settings
from app.store.sealed import SealedValues
from app.web.services import services

BELIEVED_S = 600
"""What GitHub said that a person may read is asked of it again after that."""
IDLE_S = 3600
"""Nobody reads for so long: the session is over."""
LIFE_S = 8 * 3600
"""However much they read: as long as GitHub lets the token live."""
STEP_S = 300
"""A session is made longer so often at most: a page read is not a row written."""
ENDED_AT_ONCE = 5
"""Tokens of sessions that nobody ended, given back to GitHub by whoever signs in next."""
PENDING_S = 600
"""How long GitHub may keep a person before sending them back: as long as its own code lives."""
PENDING = 3
"""Sign-ins begun at once, in several tabs; a cookie holds four thousand bytes."""
DRAFT_S = 3600
"""What was typed in a session that ended meanwhile is kept so long, for the same person."""
LONGEST_TARGET = 500
COOKIE, TOKEN = "jalon", "token"
LABEL = b"jalon pages, signed sessions, v1"
Clock = Callable[[], float]


def prepare(app: Flask, settings: Settings, database: sa.Engine, clock: Clock = time.time) -> None:
    """The keys come from the App's own secret: no further variable, and a new secret ends every session."""
    app.secret_key = hmac.new(settings.client_secret.encode(), LABEL, hashlib.sha256).digest()
    app.extensions["jalon_clock"] = clock
    kept = app.extensions["jalon_sealed"] = SealedValues(database, settings.client_secret)
    app.extensions["jalon"].forget_person = lambda number: kept.forget_owner(TOKEN, str(number))
    app.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax, not Strict: the browser comes back from GitHub by a link, and must still be known.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.is_rehearsal,
        # Longer than the session: what was typed in one that has just ended is known to be its person's.
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LIFE_S + DRAFT_S),
        SESSION_REFRESH_EACH_REQUEST=False,
    )


def seconds_now() -> float:
    return float(current_app.extensions["jalon_clock"]())


def sealed_values() -> SealedValues:
    return cast("SealedValues", current_app.extensions["jalon_sealed"])


def mac(*said: object) -> str:
    """A digest that only these pages can make: under the key of the sessions. Raises TypeError without that key."""
    key = current_app.secret_key
    if not isinstance(key, bytes):
        raise TypeError("these pages need the key of the sessions")
    return hmac.new(key, "\n".join(map(str, said)).encode(), hashlib.sha256).hexdigest()


def begin_sign_in(target: str) -> tuple[str, str]:
    """A state, good once, and its secret verifier; `target` is the page to come back to."""
    state, verifier, at = secrets.token_urlsafe(24), secrets.token_urlsafe(48), seconds_now()
    pending = {key: kept for key, kept in session.get("pending", {}).items() if kept[2] > at}
    while len(pending) >= PENDING:
        del pending[min(pending, key=lambda key: pending[key][2])]
    session["pending"] = pending | {state: [verifier, target, at + PENDING_S]}
    session.permanent = True
    return state, verifier


def take(state: str) -> tuple[str, str] | None:
    """The verifier and the page that belong to a state which left from this browser; None for any other."""
    pending = dict(session.get("pending", {}))
    kept = pending.pop(state, None)
    session["pending"] = pending
    return (kept[0], kept[1]) if kept and kept[2] > seconds_now() else None


def enter(found: SignedInReader, known: Iterable[str]) -> tuple[str, ...]:
    """Begins a session; the tokens of those that are over, for GitHub to end."""
    left, moment = end_session(), seconds_now()
    key, over = secrets.token_urlsafe(24), sealed_values().forget_old(moment, ENDED_AT_ONCE)
    sealed_values().keep(TOKEN, key, found.token, moment + IDLE_S, str(found.id))
    session.permanent = True
    session.update(
        who=found.login,
        number=found.id,
        may=list(found.repositories),
        of=_named(known),
        until=moment + LIFE_S,
        told=moment,
        awake=moment,
        key=key,
    )
    return tuple(filter(None, (left, *over)))


def end_session() -> str:
    """Ends the session, here and wherever its cookie was copied; the token that it leaves behind, for GitHub to end."""
    held = ""
    if session_key():
        held = sealed_values().read(TOKEN, session_key(), 0, str(number())) or ""
        sealed_values().forget(TOKEN, session_key(), str(number()))
    session.clear()
    return held


def session_key() -> str:
    """What names the session of this browser, even one that has ended; empty when there was none."""
    return str(session.get("key") or "")


def number() -> int:
    """The account of this session, even one that has ended."""
    return int(session.get("number") or 0)


def token() -> str:
    """What acts on GitHub in the person's name; empty once the session has ended."""
    is_over = not session_key() or session.get("until", 0) <= seconds_now()
    return "" if is_over else sealed_values().read(TOKEN, session_key(), seconds_now(), str(number())) or ""


def reader(known: Collection[str]) -> SignedInReader | None:
    """Who is signed in, unless it was too long ago, or before one of the known repositories had its first product.

    Raises LaterError when GitHub is to be asked again what they may read, and does not answer.
    """
    held: Any = session
    if not held.get("who") or held.get("of") != _named(known):
        return None
    kept = token()
    if not kept:
        return None
    if held.get("told", 0) + BELIEVED_S <= seconds_now():
        may = readable_repositories(services().settings, kept, known)
        if known and not may:  # no access any more, or a token that GitHub knows no longer
            end_session()
            return None
        held.update(may=list(may), told=seconds_now())
    if held.get("awake", 0) + STEP_S <= seconds_now():
        sealed_values().lengthen(TOKEN, session_key(), min(seconds_now() + IDLE_S, held["until"]), str(number()))
        held["awake"] = seconds_now()
    return SignedInReader(held["who"], tuple(held["may"]), held.get("number", 0), kept)


def _named(known: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(known)).encode()).hexdigest()[:16]


def is_safe(target: str) -> bool:
    """Whether an address stays on these pages: a path, and nothing a browser would read as another site."""
    is_path = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return is_path and target.isprintable() and len(target) <= LONGEST_TARGET


def sign_in_first(*, as_data: bool) -> Response | AnyResponse:
    """What a visitor who is not signed in gets: the way to GitHub and back, or a plain refusal for a program.

    A file asked for by a click is a browser's: it may go by GitHub as a page does.
    """
    if as_data and request.headers.get("Sec-Fetch-Mode") != "navigate":
        return Response("Sign in first.\n", 401, {"WWW-Authenticate": 'Cookie realm="Jalon"'}, mimetype="text/plain")
    target = request.full_path if request.query_string else request.path
    return redirect(url_for("signin.start", suite=target if target != "/" and is_safe(target) else None))
