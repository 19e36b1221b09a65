"""Who looks at the pages, and from where: a choice kept in a cookie, since a rehearsal has no passwords."""

from __future__ import annotations

import flask

from app.sandbox.state import Person, Refused
from app.sandbox.world import World

COOKIE = "identite"
FIRST = "cheffe-produit"
MONTH_S = 30 * 24 * 3600


def people(world: World) -> list[Person]:
    """Those one may be: not the App."""
    return [person for person in world.people.values() if not person.is_bot]


def me(world: World) -> Person:
    """The person chosen, or the first of the story."""
    able = {person.login: person for person in people(world)}
    chosen = able.get(flask.request.cookies.get(COOKIE, "")) or able.get(FIRST) or next(iter(able.values()), None)
    if chosen is None:
        raise Refused(404, "Ce GitHub local ne connaît personne.")
    return chosen


def become(world: World, login: str, back: str) -> flask.typing.ResponseReturnValue:
    """Changes person and returns to the page one came from, never to another site."""
    if login not in {person.login for person in people(world)}:
        raise Refused(422, "Cette personne n’existe pas dans ce GitHub local.")
    local = back.startswith("/") and not back.startswith("//") and back.isprintable() and "\\" not in back
    answer = flask.redirect(back if local else "/", 303)
    answer.set_cookie(COOKIE, login, max_age=MONTH_S, httponly=True, samesite="Strict")
    return answer


def same_site() -> None:
    """Refuses what another site would send in this person's name."""
    origin = flask.request.headers.get("Origin")
    if flask.request.method == "POST" and origin is not None and origin != flask.request.host_url.rstrip("/"):
        raise Refused(403, "Cette demande vient d’un autre site.")


def protect(answer: flask.Response) -> flask.Response:
    """Nothing from outside, nothing in a frame. `same-origin`: with no referrer, browsers send no usable Origin."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
