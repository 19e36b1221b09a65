"""One issue: read, comment, edit, delete, tick, react, close."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from local_github.pages import markdown, story, styles, visitor
from local_github.pages.board import places
from local_github.pages.references import Place
from local_github.pages.words import Declined
from local_github.state import Comment, Issue, Refused
from local_github.world import World

BODY = 0  # where an address asks for a comment, the number of the issue's own text


@dataclass(frozen=True)
class Said:
    """One text of an issue as a page shows it; `anchor` is GitHub's own."""

    id: int
    anchor: str
    author: str
    at: str
    editor: str | None
    body: str
    html: Markup
    print: str
    boxes: int
    editable: bool
    deletable: bool
    reactions: list[tuple[str, str, str, int, bool]]
    minimized: str | None
    via_email: bool = False


class IssuePages:
    def __init__(self, world: World) -> None:
        self._world = world

    def one(self, number: int) -> str:
        world, issue, login = self._world, self._world.issue(number), visitor.me(self._world).login
        place = place_of(world)
        texts: list[Issue | Comment] = [issue, *issue.comments]
        said = [self._said(item, login, place) for item in texts]
        authors = {comment.id: comment.author for comment in issue.comments}
        told = story.lines(issue.events, authors)
        return flask.render_template(
            "sandbox/issue.html",
            issue=issue,
            first=said[0],
            thread=sorted([*said[1:], *told], key=lambda item: (item.at, item.id)),
            places=places(world, number),
            may_turn=world.can(login, "close_issue", number=number),
            may_label=world.can(login, "label"),
            may_assign=world.can(login, "assign"),
        )

    def preview(self) -> str:
        """A text as it would show, in a page of its own where there is no JavaScript."""
        html = markdown.to_html(typed("texte"), place=place_of(self._world))
        return flask.render_template("sandbox/preview.html", html=html, text=typed("texte"))

    def comment(self, number: int) -> ResponseReturnValue:
        comment = self._world.comment(
            visitor.me(self._world).login, number, typed("texte"), via_email="courriel" in flask.request.form
        )
        return self._back(number, comment)

    def edit(self, number: int, text_id: int) -> ResponseReturnValue:
        login, item = visitor.me(self._world).login, self._item(number, text_id)
        _unchanged(item)
        if isinstance(item, Issue):
            self._world.edit_issue(login, number, title=typed("titre"), body=typed("texte"))
        else:
            self._world.edit_comment(login, item.id, typed("texte"))
        return self._back(number, item)

    def delete(self, number: int, text_id: int) -> ResponseReturnValue:
        """A comment only: GitHub keeps issues, which are closed instead."""
        item = self._item(number, text_id)
        if isinstance(item, Issue):
            raise Declined(422, "Un ticket ne se supprime pas : fermez-le.")
        self._world.delete_comment(visitor.me(self._world).login, item.id)
        return self._back(number, self._world.issue(number))

    def tick_all(self, number: int, text_id: int) -> ResponseReturnValue:
        """Rewrites the boxes of a text as they were sent."""
        item = self._item(number, text_id)
        _unchanged(item)
        ranks = flask.request.form.getlist("case")
        known = {str(rank): rank for rank in range(markdown.boxes(item.body))}
        if not set(ranks) <= known.keys():
            raise Declined(422, "Cette case n’existe pas dans ce texte.")
        return self._ticked(item, markdown.tick(item.body, {known[rank] for rank in ranks}))

    def tick_one(self, number: int, text_id: int) -> ResponseReturnValue:
        """One box, wherever it stands now: the App often rewrites a list while people tick it."""
        item, form = self._item(number, text_id), flask.request.form
        rank = form.get("rang", -1, type=int)
        body = markdown.toggle(item.body, form.get("point", ""), rank, ticked=form.get("cochee") == "oui")
        if body is None:
            raise Declined(409, "Cette case a changé depuis que vous l’avez affichée : elle n’a pas été enregistrée.")
        return self._ticked(item, body)

    def react(self, number: int, text_id: int) -> ResponseReturnValue:
        """Gives a reaction, or takes it back when it was already given."""
        login, item = visitor.me(self._world).login, self._item(number, text_id)
        content = flask.request.form.get("reaction", "")
        given = any((known.login, known.content) == (login, content) for known in item.reactions)
        (self._world.unreact if given else self._world.react)(login, item, content)
        return self._back(number, item)

    def turn(self, number: int) -> ResponseReturnValue:
        """Closes or reopens."""
        state, reason = flask.request.form.get("etat", ""), flask.request.form.get("raison") or None
        self._world.edit_issue(visitor.me(self._world).login, number, state=state, reason=reason)
        return self._back(number, self._world.issue(number))

    def _ticked(self, item: Issue | Comment, body: str) -> ResponseReturnValue:
        login = visitor.me(self._world).login
        if isinstance(item, Issue):
            self._world.edit_issue(login, item.number, body=body)
            return self._back(item.number, item)
        self._world.edit_comment(login, item.id, body)
        return self._back(item.issue, item)

    def _said(self, item: Issue | Comment, login: str, place: Place) -> Said:
        if isinstance(item, Issue):
            text_id, editable = BODY, self._world.can(login, "edit_issue", number=item.number)
            deletable, minimized = False, None
        else:
            text_id, minimized = item.id, item.minimized
            editable = self._world.can(login, "edit_comment", comment_id=text_id)
            deletable = self._world.can(login, "delete_comment", comment_id=text_id)
        return Said(
            id=text_id,
            anchor=anchor(item),
            author=item.author,
            at=item.created_at,
            editor=item.editor,
            body=item.body,
            html=markdown.to_html(item.body, name=f"cases-{text_id}", enabled=editable, place=place),
            print=_print(item.body),
            boxes=markdown.boxes(item.body),
            editable=editable,
            deletable=deletable,
            reactions=styles.counts(item.reactions, login),
            minimized=minimized,
            via_email=isinstance(item, Comment) and item.via_email,
        )

    def _item(self, number: int, text_id: int) -> Issue | Comment:
        if text_id == BODY:
            return self._world.issue(number)
        comment = self._world.comment_of(text_id)
        if comment.issue != number:
            raise Refused(404, "Not Found")
        return comment

    def _back(self, number: int, item: Issue | Comment) -> ResponseReturnValue:
        return flask.redirect(f"/{self._world.repository}/issues/{number}#{anchor(item)}", 303)


def place_of(world: World) -> Place:
    """Everybody and every issue of this local GitHub."""
    teams = {f"{world.organisation}/{slug}": "/#personnes" for slug in world.teams}
    people = {login: f"/{login}" for login, person in world.people.items() if not person.is_bot}
    issues = {number: f"/{world.repository}/issues/{number}" for number in world.issues}
    return Place({name.lower(): address for name, address in {**people, **teams}.items()}, issues)


def anchor(item: Issue | Comment) -> str:
    return f"issue-{item.id}" if isinstance(item, Issue) else f"issuecomment-{item.id}"


def typed(name: str) -> str:
    """Browsers send CRLF whatever was typed."""
    return flask.request.form.get(name, "").replace("\r\n", "\n")


def _print(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _unchanged(item: Issue | Comment) -> None:
    """Two people, or a person and the App, must not undo each other's work without seeing it."""
    if flask.request.form.get("vu") != _print(item.body):
        raise Declined(409, "Ce texte a changé depuis que vous l’avez affiché. Revenez à la page et recommencez.")
