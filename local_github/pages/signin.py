"""GitHub's pages where a person lets an App act in their name, or no longer does, and the exchange that follows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask
from flask.typing import ResponseReturnValue

from local_github.pages import apps, visitor
from local_github.pages.words import Declined
from local_github.signins import Asked, SignIns
from local_github.state import Refused
from local_github.world import World

AUTHORIZE, TOKEN = "/login/oauth/authorize", "/login/oauth/access_token"
SETTINGS = "/settings/apps/authorizations"
KNOWN = ("client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")


def blueprint(world: World, signins: SignIns) -> flask.Blueprint:
    """Apart from the other pages: a browser holds the App's site, where it leads back, to be part of its form."""
    pages, views = flask.Blueprint("signin", __name__), _Views(world, signins)
    pages.add_url_rule(AUTHORIZE, "ask", views.ask, methods=["GET"])
    pages.add_url_rule(AUTHORIZE, "answer", views.answer, methods=["POST"])
    pages.add_url_rule(TOKEN, "token", views.token, methods=["POST"])
    pages.add_url_rule(SETTINGS, "authorizations", views.authorizations, methods=["GET"])
    pages.add_url_rule(SETTINGS, "revoke", views.revoke, methods=["POST"])
    pages.after_request(apps.protect)
    pages.register_error_handler(Refused, apps.refused)
    return pages


class _Views:
    def __init__(self, world: World, signins: SignIns) -> None:
        self._world, self._signins = world, signins

    def ask(self) -> ResponseReturnValue:
        """Who am I, and do I agree? Not asked again of whoever agreed before, unless the App wants a choice."""
        given = flask.request.args
        asked = self._signins.asked(given)
        login = visitor.me(self._world).login
        chose = visitor.COOKIE in flask.request.cookies and given.get("prompt") != "select_account"
        if chose and self._signins.has_agreed(login, asked.app):
            return self._back(asked, code=self._signins.agree(login, asked))
        flask.g.back = asked.redirect_uri
        kept = {name: given[name] for name in KNOWN if name in given}
        return flask.render_template("sandbox/signin.html", app=asked.app, kept=kept)

    def answer(self) -> ResponseReturnValue:
        visitor.guard()
        form = flask.request.form
        asked = self._signins.asked(form)
        flask.g.back = asked.redirect_uri
        if "annuler" in form:
            told = {"error": "access_denied", "error_description": "The user has denied your application access."}
            return self._back(asked, **told)
        login = form.get("identite", "")
        if login not in {person.login for person in visitor.people(self._world)}:
            raise Declined(422, "Cette personne n’existe pas dans ce GitHub local.")
        answer = self._back(asked, code=self._signins.agree(login, asked))
        return visitor.remember(answer, login)

    def _back(self, asked: Asked, **told: str) -> flask.Response:
        query = urlencode({**told, **({"state": asked.state} if asked.state else {})})
        return flask.make_response(flask.redirect(f"{asked.redirect_uri}?{query}", 303))

    def authorizations(self) -> str:
        """The Apps that may act in this person's name."""
        return flask.render_template(
            "sandbox/authorizations.html", apps=self._signins.agreed(visitor.me(self._world).login)
        )

    def revoke(self) -> ResponseReturnValue:
        visitor.guard()
        login, slug = visitor.me(self._world).login, flask.request.form.get("app", "")
        with self._world.lock:
            for app in self._signins.agreed(login):
                if app.slug == slug:
                    self._signins.revoke(login, app)
        return flask.redirect(SETTINGS, 303)

    def token(self) -> ResponseReturnValue:
        """GitHub takes the fields of a form, a query or JSON, and answers as the Accept header asks."""
        said: Any = flask.request.get_json(silent=True) if flask.request.is_json else None
        given = {**flask.request.args.to_dict(), **flask.request.form.to_dict()}
        given |= {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
        answer = self._signins.exchange(given)
        if flask.request.accept_mimetypes.best == "application/json":
            return flask.jsonify(answer)
        return flask.Response(urlencode(answer), content_type="application/x-www-form-urlencoded; charset=utf-8")
