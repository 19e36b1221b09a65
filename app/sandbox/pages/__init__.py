"""Web pages of the local GitHub: everything a person does there during a rehearsal, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask

from app.sandbox.pages import looks, visitor
from app.sandbox.pages.board import BoardPages
from app.sandbox.pages.filing import FilingPages
from app.sandbox.pages.issues import IssuePages
from app.sandbox.state import Refused
from app.sandbox.world import World

View = Callable[..., Any]


def blueprint(world: World) -> flask.Blueprint:
    """The pages of one local GitHub."""
    pages = flask.Blueprint("pages", __name__, template_folder="templates")
    issues, board = f"/{world.repository}/issues", f"/orgs/{world.organisation}/projects/{world.board_number}"
    issue, filing, cards = IssuePages(world), FilingPages(world), BoardPages(world)
    routes: list[tuple[str, str, View]] = [
        ("GET", "/", lambda: flask.redirect(issues)),
        ("GET", f"/{world.repository}", lambda: flask.redirect(issues)),
        ("GET", "/_sandbox/pages.css", lambda: flask.Response(looks.stylesheet(world), mimetype="text/css")),
        ("POST", "/_sandbox/identite", lambda: _become(world)),
        ("GET", issues, issue.every),
        ("GET", f"{issues}/new", filing.choose),
        ("GET", f"{issues}/new/<name>", filing.ask),
        ("POST", f"{issues}/new/<name>", filing.file),
        ("GET", f"{issues}/<int:number>", issue.one),
        ("POST", f"{issues}/<int:number>/comments", issue.comment),
        ("POST", f"{issues}/<int:number>/textes/<int:text_id>", issue.edit),
        ("POST", f"{issues}/<int:number>/textes/<int:text_id>/cases", issue.tick),
        ("POST", f"{issues}/<int:number>/etat", issue.turn),
        ("GET", board, cards.board),
        ("POST", f"{board}/cartes/<card_id>", cards.move),
        ("GET", "/_sandbox/livraisons", cards.deliveries),
        ("POST", "/_sandbox/livraisons/<int:delivery_id>", cards.redeliver),
    ]
    for rank, (method, rule, view) in enumerate(routes):
        pages.add_url_rule(rule, f"p{rank}", _locked(world, view), methods=[method])
    pages.before_request(visitor.same_site)
    pages.after_request(visitor.protect)
    pages.register_error_handler(Refused, _refused)
    pages.context_processor(lambda: _shared(world, issues, board))
    return pages


def _locked(world: World, view: View) -> View:
    """A page shows one moment, whatever the App writes meanwhile."""

    @wraps(view)
    def locked(**args: Any) -> Any:
        with world.lock:
            return view(**args)

    return locked


def _shared(world: World, issues: str, board: str) -> dict[str, Any]:
    """What every template needs."""
    people, me = visitor.people(world), visitor.me(world)
    return {"world": world, "issues": issues, "board": board, "people": people, "me": me, "looks": looks}


def _become(world: World) -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    return visitor.become(world, form.get("identite", ""), form.get("retour", "/"))


def _refused(refused: Refused) -> tuple[str, int]:
    return flask.render_template("sandbox/refused.html", refused=refused), refused.status
