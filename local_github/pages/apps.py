"""The pages of GitHub where an App is created from its manifest, given one more permission, and installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask

from local_github.pages import visitor
from local_github.registration import Manifest, Registrations, read_manifest
from local_github.state import Refused
from local_github.world import World


def blueprint(world: World, registrations: Registrations) -> flask.Blueprint:
    """Apart from the other pages: the manifest comes from the App's own site, which they would refuse."""
    pages, views = flask.Blueprint("apps", __name__), _Views(world, registrations)
    settings = f"/organizations/{world.organisation}/settings/apps"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("POST", f"{settings}/new", views.show),
        ("POST", f"{settings}/create", views.create),
        ("GET", f"{settings}/<slug>/permissions", views.permissions),
        ("POST", f"{settings}/<slug>/permissions", views.allow),
        ("GET", "/apps/<slug>/installations/new", views.offer),
        ("POST", "/apps/<slug>/installations/new", views.install),
    )
    for rank, (method, rule, view) in enumerate(routes):
        pages.add_url_rule(rule, f"a{rank}", view, methods=[method])
    pages.after_request(protect)
    pages.register_error_handler(Refused, refused)
    return pages


MOST_FILES = 10
"""Paths that « Single file » takes."""


class _Views:
    def __init__(self, world: World, registrations: Registrations) -> None:
        self._world, self._registrations = world, registrations

    def show(self) -> str:
        """What the App asks for, before anything is done."""
        text, state = flask.request.form.get("manifest", ""), flask.request.args.get("state", "")
        manifest = read_manifest(text)
        flask.g.back = manifest.redirect_url
        return _page("app_new.html", manifest=manifest, text=text, state=state)

    def create(self) -> Any:
        """Back to the App's site, with the code its secrets are worth."""
        visitor.guard()
        manifest: Manifest = read_manifest(flask.request.form.get("manifest", ""))
        flask.g.back = manifest.redirect_url
        with self._world.lock:
            code = self._registrations.accept(visitor.me(self._world).login, manifest)
        asked = urlencode({"code": code, "state": flask.request.form.get("state", "")})
        joint = "&" if urlsplit(manifest.redirect_url).query else "?"
        return flask.redirect(f"{manifest.redirect_url}{joint}{asked}", 303)

    def permissions(self, slug: str) -> str:
        self._known(slug)
        return _page("app_permissions.html", app=self._world.app)

    def allow(self, slug: str) -> Any:
        """The files an App may read, ten at most, which no manifest can ask for."""
        visitor.guard()
        self._known(slug)
        with self._world.lock:
            self._world.require(visitor.me(self._world).login, "manage_apps")
            paths, app = flask.request.form.get("path", "").split(), self._world.app
            app.single_files = paths[:MOST_FILES]
            app.permissions = {**app.permissions, "single_file": "read"}
            self._world.changed()
        return flask.redirect(flask.request.path, 303)

    def offer(self, slug: str) -> str:
        self._known(slug)
        return _page("app_install.html", app=self._world.app)

    def install(self, slug: str) -> Any:
        visitor.guard()
        self._known(slug)
        self._world.install_app(visitor.me(self._world).login)
        return flask.redirect(flask.request.path, 303)

    def _known(self, slug: str) -> None:
        if slug != self._world.app.slug:
            raise Refused(404, "Not Found")


def _page(name: str, **shown: Any) -> str:
    return flask.render_template(f"sandbox/{name}", **shown)


def refused(error: Refused) -> tuple[str, int]:
    return _page("refused.html", refused=error, explained=error.message, kept=""), error.status


def protect(answer: flask.Response) -> flask.Response:
    """As the other pages, and the way back to the App's site, which a browser holds to be part of the form."""
    answer = visitor.protect(answer)
    if back := flask.g.get("back"):
        parts = urlsplit(back)
        allowed = f"form-action 'self' {parts.scheme}://{parts.netloc};"
        policy = answer.headers["Content-Security-Policy"]
        answer.headers["Content-Security-Policy"] = policy.replace("form-action 'self';", allowed)
    return answer
