"""Web pages of the local GitHub: everything a person does there during a rehearsal, with or without JavaScript."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import flask
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge

from local_github.pages import styles, visitor, words
from local_github.pages.board import BoardPages
from local_github.pages.deliveries import LOG, DeliveryPages
from local_github.pages.filing import FilingPages
from local_github.pages.guide import Stage, stage_of
from local_github.pages.home import HomePages
from local_github.pages.issues import IssuePages, typed
from local_github.pages.listing import ListingPages
from local_github.pages.triage import TriagePages
from local_github.state import Refused
from local_github.world import World

__all__ = ["Stage", "blueprint", "not_found", "stage_of"]
View = Callable[..., Any]
Route = tuple[str, str, View]


def blueprint(world: World, stage: Stage | None = None) -> flask.Blueprint:
    """The pages of one local GitHub."""
    pages, stage = flask.Blueprint("pages", __name__, template_folder="templates"), stage or Stage()
    start = secrets.token_hex(4)  # versions count from zero at each start
    shared = {"world": world, "stage": stage, "looks": styles, "words": words, "log": LOG, **_addresses(world)}

    def version() -> str:
        return f"{start}-{world.version}"

    routes = [*_reading(world, stage), *_writing(world), ("GET", "/_sandbox/version", version)]
    for rank, (method, rule, view) in enumerate(routes):
        pages.add_url_rule(rule, f"p{rank}", _locked(world, view), methods=[method])
    pages.before_request(visitor.guard)
    pages.after_request(visitor.protect)
    pages.register_error_handler(Refused, _refused)
    pages.register_error_handler(RequestEntityTooLarge, lambda _: _refused(words.Declined(413, words.BY_STATUS[413])))
    pages.register_error_handler(InternalServerError, lambda _: _refused(words.Declined(500, words.BY_STATUS[500])))
    pages.app_context_processor(
        lambda: {
            **shared,
            "board": f"{shared['boards_page']}/{world.board_number}" if world.boards else shared["boards_page"],
            "version": version(),
            "me": visitor.me(world),
            "choices": visitor.choices(world),
        }
    )
    return pages


def not_found() -> flask.Response:
    """The page of an address that is nothing here."""
    return visitor.protect(flask.make_response(_refused(Refused(404, "Not Found"))))


def _addresses(world: World) -> dict[str, str]:
    return {
        "issues": f"/{world.repository}/issues",
        "labels_page": f"/{world.repository}/labels",
        "boards_page": f"/orgs/{world.organisation}/projects",
    }


def _reading(world: World, stage: Stage) -> list[Route]:
    at = _addresses(world)
    issues, boards = at["issues"], at["boards_page"]
    home, listing, issue = HomePages(world, stage), ListingPages(world), IssuePages(world)
    filing, deliveries, board = FilingPages(world), DeliveryPages(world), BoardPages(world)
    return [
        ("GET", "/", home.home),
        ("GET", "/<login>", home.person),
        ("GET", f"/orgs/{world.organisation}/people", lambda: flask.redirect("/#personnes")),
        ("GET", f"/{world.repository}", lambda: flask.redirect(issues)),
        ("GET", issues, listing.issues),
        ("GET", at["labels_page"], listing.labels),
        ("GET", f"{issues}/new/choose", filing.choose),
        ("GET", f"{issues}/new", filing.ask),
        ("GET", f"{issues}/<int:number>", issue.one),
        ("GET", boards, board.every),
        ("GET", f"{boards}/<int:number>", board.board),
        ("GET", f"{boards}/<int:number>/views/<int:view>", board.view),
        ("GET", LOG, deliveries.log),
        ("GET", f"{LOG}/<int:delivery_id>", deliveries.one),
        ("GET", "/_sandbox/pages.css", lambda: flask.Response(styles.stylesheet(world), mimetype="text/css")),
        ("GET", "/_sandbox/live.js", lambda: flask.Response(styles.own_file("live.js"), mimetype="text/javascript")),
        ("GET", "/_sandbox/board.js", lambda: flask.Response(styles.own_file("board.js"), mimetype="text/javascript")),
    ]


def _writing(world: World) -> list[Route]:
    at = _addresses(world)
    one, text = f"{at['issues']}/<int:number>", f"{at['issues']}/<int:number>/textes/<int:text_id>"
    issue, triage = IssuePages(world), TriagePages(world)
    return [
        ("POST", "/_sandbox/identite", lambda: _become(world)),
        ("POST", "/_sandbox/apercu", issue.preview),
        ("POST", f"{at['issues']}/new", FilingPages(world).file),
        ("POST", f"{one}/comments", issue.comment),
        ("POST", text, issue.edit),
        ("POST", f"{text}/supprimer", issue.delete),
        ("POST", f"{text}/cases", issue.tick_all),
        ("POST", f"{text}/case", issue.tick_one),
        ("POST", f"{text}/reactions", issue.react),
        ("POST", f"{one}/etat", issue.turn),
        ("POST", f"{one}/etiquettes", triage.labels),
        ("POST", f"{one}/personnes", triage.people),
        ("POST", f"{at['boards_page']}/<int:number>/cartes/<card_id>", BoardPages(world).move),
        ("POST", f"{LOG}/<int:delivery_id>", DeliveryPages(world).redeliver),
    ]


def _locked(world: World, view: View) -> View:
    """A page shows one moment, whatever the App writes meanwhile."""

    @wraps(view)
    def locked(**args: Any) -> Any:
        with world.lock:
            return view(**args)

    return locked


def _become(world: World) -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    return visitor.become(world, form.get("identite", ""), form.get("retour", "/"))


def _refused(refused: Refused) -> tuple[str, int]:
    """What was typed is shown again: nobody should have to write it twice."""
    kept = typed("texte") if flask.request.method == "POST" and refused.status != 413 else ""
    shown = {"refused": refused, "explained": words.explained(refused), "kept": kept}
    return flask.render_template("sandbox/refused.html", **shown), refused.status
