"""The set-up pages: create the App in one click, then test the installation; open to whoever reads the terminal."""

from __future__ import annotations

import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.github.client import LaterError, NotFoundError
from app.github.hosts import web_base
from app.github.manifest import ORGANISATION, Registered, convert, form_address, manifest
from app.messages.typography import Spaced
from app.setup.checks import Check
from app.web.setup_code import Access

COOKIE = "jalon_setup"
LOCAL = {"127.0.0.1", "localhost"}


class Installer(Protocol):
    """What stands behind the pages: keeps the secrets of a new App, and tests the one that runs."""

    api_url: str
    access: Access

    def is_configured(self) -> bool: ...

    def keep(self, app: Registered) -> str:
        """Puts the secrets away and starts Jalon with them; says where they are."""

    def checks(self) -> tuple[Check, ...]: ...


def create_installer(installer: Installer) -> Flask:
    """A Flask application of its own: it works before Jalon has anything to run with."""
    app = Flask(__name__, static_url_path="/setup/static")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.jinja_env.add_extension(Spaced)
    app.register_blueprint(_pages(installer))
    app.after_request(lambda response: _protect(response, web_base(installer.api_url)))
    return app


def _pages(installer: Installer) -> Blueprint:
    pages = Blueprint("setup", __name__, url_prefix="/setup")

    @pages.before_request
    def guard() -> AnyResponse | tuple[str, int] | None:
        if installer.access.knows(request.cookies.get(COOKIE, "")):
            return None
        given = request.values.get("code", "") if request.endpoint in {"setup.home", "setup.enter"} else ""
        if session := installer.access.enter(given):
            return _with_session(redirect(url_for("setup.home")), session)
        return render_template("setup_code.html", wrong=bool(given)), 403

    @pages.get("", endpoint="home")
    def home() -> str:
        if installer.is_configured():
            return render_template("setup_checks.html", checks=installer.checks())
        return _form({}, [])

    @pages.post("/code", endpoint="enter")
    def enter() -> AnyResponse:
        return redirect(url_for("setup.home"))

    @pages.post("/app", endpoint="app")
    def app() -> str | AnyResponse:
        if installer.is_configured():
            return redirect(url_for("setup.home"))
        problems = _problems(request.form)
        if problems:
            return _form(request.form, problems)
        return _manifest_page(installer)

    @pages.get("/callback", endpoint="callback")
    def callback() -> tuple[str, int] | str | AnyResponse:
        return _callback(installer)

    return pages


def _with_session(response: AnyResponse, session: str) -> AnyResponse:
    is_safe = "https" in {request.scheme, request.headers.get("X-Forwarded-Proto")}
    # Lax, not Strict: the browser comes back from GitHub by a link, and must still be known.
    response.set_cookie(COOKIE, session, httponly=True, samesite="Lax", secure=is_safe, path="/setup")
    return response


def _form(given: Any, problems: list[tuple[str, str]]) -> str:
    address = given.get("address") or (request.url_root.rstrip("/") if request.host.split(":")[0] not in LOCAL else "")
    return render_template("setup_app.html", given=given, address=address, problems=dict(problems))


def _problems(form: Any) -> list[tuple[str, str]]:
    """Field and sentence of each."""
    problems = []
    if not ORGANISATION.fullmatch(form.get("organisation", "").strip()):
        problems.append(("organisation", "Donnez le nom court de l’organisation, tel qu’il est dans son adresse."))
    address = urlsplit(form.get("address", "").strip())
    is_local = address.hostname in LOCAL
    if form.get("mode") == "serveur" and not (
        address.netloc and (address.scheme == "https" or (is_local and address.scheme == "http"))
    ):
        problems.append(("address", "Donnez une adresse complète, qui commence par https://."))
    return problems


def _manifest_page(installer: Installer) -> str:
    organisation, webhook = request.form["organisation"].strip(), request.form.get("mode") == "serveur"
    address = request.form.get("address", "").strip().rstrip("/") if webhook else web_base(installer.api_url)
    back = _here(address)
    wish = manifest(organisation, address, back, webhook=webhook)
    where = form_address(installer.api_url, organisation, installer.access.new_state())
    return render_template(
        "setup_manifest.html", organisation=organisation, where=where, webhook=webhook, wish=wish,
        manifest=json.dumps(wish, ensure_ascii=False),
    )  # fmt: skip


def _here(address: str) -> str:
    """The callback, as the browser reaches it: behind an HTTPS server, we only see plain HTTP."""
    if urlsplit(address).netloc == request.host:
        return f"{address}{url_for('setup.callback')}"
    return url_for("setup.callback", _external=True)


def _callback(installer: Installer) -> tuple[str, int] | str | AnyResponse:
    """GitHub sends the browser back here; the state proves that it left from here."""
    if not installer.access.take_state(request.args.get("state", "")):
        return _refused("Cette page a déjà servi, ou ne vient pas de vous.", 400)
    if installer.is_configured():
        return redirect(url_for("setup.home"))
    try:
        made = convert(installer.api_url, request.args.get("code", ""))
    except NotFoundError:
        return _refused("GitHub ne reconnaît plus ce code : il sert une fois, pendant une heure.", 400)
    except LaterError:
        return _refused("GitHub ne répond pas. L’App existe peut-être : supprimez-la avant de recommencer.", 502)
    settings = f"{web_base(installer.api_url)}/organizations/{made.owner}/settings/apps/{made.slug}"
    kept = installer.keep(made)
    return render_template("setup_done.html", app=made, kept=kept, settings=settings)


def _refused(sentence: str, status: int) -> tuple[str, int]:
    return render_template("setup_refused.html", sentence=sentence), status


def _protect(response: Response, github: str) -> Response:
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {github}; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
