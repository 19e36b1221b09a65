"""Who looks at the pages, and from where: a choice kept in a cookie, since a rehearsal has no passwords."""

from __future__ import annotations

import flask

from local_github.pages.words import Declined
from local_github.state import Person
from local_github.world import World

COOKIE = "identite"
FIRST = "cheffe-produit"
MONTH_S = 30 * 24 * 3600
MAX_SENT = 1_000_000
"""Bytes: what the longest text takes once encoded, with room to spare."""


def people(world: World) -> list[Person]:
    """Those one may be: not the App."""
    return [person for person in world.people.values() if not person.is_bot]


def choices(world: World) -> list[tuple[str, list[Person]]]:
    """The same, team by team; those who are in no team come first, under no name."""
    left = {person.login: person for person in people(world)}
    teams = [
        (world.team_names[slug], [left.pop(login) for login in members if login in left])
        for slug, members in world.teams.items()
    ]
    return [(name, found) for name, found in (("", list(left.values())), *teams) if found]


def me(world: World) -> Person:
    """The person chosen, or the first of the story."""
    able = {person.login: person for person in people(world)}
    chosen = able.get(flask.request.cookies.get(COOKIE, "")) or able.get(FIRST) or next(iter(able.values()), None)
    if chosen is None:
        raise Declined(404, "Ce GitHub local ne connaît personne.")
    return chosen


def become(world: World, login: str, back: str) -> flask.typing.ResponseReturnValue:
    """Changes person and returns to the page one came from, never to another site."""
    if login not in {person.login for person in people(world)}:
        raise Declined(422, "Cette personne n’existe pas dans ce GitHub local.")
    local = back.startswith("/") and not back.startswith("//") and back.isprintable() and "\\" not in back
    return remember(flask.make_response(flask.redirect(back if local else "/", 303)), login)


def remember(answer: flask.Response, login: str) -> flask.Response:
    """The choice, kept in the browser."""
    answer.set_cookie(COOKIE, login, max_age=MONTH_S, httponly=True, samesite="Strict")
    return answer


def guard() -> None:
    """Refuses what is too big, and what another site, or another port here, would send in this person's name."""
    if flask.request.method != "POST":
        return
    flask.request.max_content_length = MAX_SENT
    origin, site = flask.request.headers.get("Origin"), flask.request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"} or origin not in {None, flask.request.host_url.rstrip("/")}:
        raise Declined(403, "Cette demande vient d’un autre site : rien n’a été fait.")


def protect(answer: flask.Response) -> flask.Response:
    """Nothing from outside, nothing in a frame. `same-origin`: with no referrer, browsers send no usable Origin."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
