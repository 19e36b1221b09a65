"""The list of issues and one issue: read, comment, edit, tick, close."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sandbox.pages import markdown, visitor
from app.sandbox.state import Comment, Issue, Reaction, Refused
from app.sandbox.world import World

BODY = 0  # where an address asks for a comment, the number of the issue's own text


@dataclass(frozen=True)
class Said:
    """One text of an issue as a page shows it."""

    id: int
    author: str
    created_at: str
    editor: str | None
    body: str
    html: Markup
    print: str
    boxes: int
    editable: bool
    reactions: list[Reaction]
    minimized: str | None


class IssuePages:
    def __init__(self, world: World) -> None:
        self._world = world

    def every(self) -> str:
        """Newest first."""
        rows = sorted(self._world.issues.values(), key=lambda issue: -issue.number)
        return flask.render_template("sandbox/issues.html", rows=rows)

    def one(self, number: int) -> str:
        world, issue, login = self._world, self._world.issue(number), visitor.me(self._world).login
        card = world.card_of(number)
        items: list[Issue | Comment] = [issue, *issue.comments]
        return flask.render_template(
            "sandbox/issue.html",
            issue=issue,
            texts=[self._said(item, login) for item in items],
            card=card,
            column=world.option(card.option) if card else None,
            may_turn=world.can(login, "close_issue", number=number),
        )

    def comment(self, number: int) -> ResponseReturnValue:
        comment = self._world.comment(visitor.me(self._world).login, number, _typed("texte"))
        return self._back(number, comment.id)

    def edit(self, number: int, text_id: int) -> ResponseReturnValue:
        login, item = visitor.me(self._world).login, self._item(number, text_id)
        _unchanged(item)
        if isinstance(item, Issue):
            self._world.edit_issue(login, number, title=_typed("titre"), body=_typed("texte"))
        else:
            self._world.edit_comment(login, item.id, _typed("texte"))
        return self._back(number, text_id)

    def tick(self, number: int, text_id: int) -> ResponseReturnValue:
        """Rewrites the boxes of a text as they were sent."""
        login, item = visitor.me(self._world).login, self._item(number, text_id)
        _unchanged(item)
        ranks = flask.request.form.getlist("case")
        known = {str(rank): rank for rank in range(markdown.boxes(item.body))}
        if not set(ranks) <= known.keys():
            raise Refused(422, "Cette case n’existe pas dans ce texte.")
        body = markdown.tick(item.body, {known[rank] for rank in ranks})
        if isinstance(item, Issue):
            self._world.edit_issue(login, number, body=body)
        else:
            self._world.edit_comment(login, item.id, body)
        return self._back(number, text_id)

    def turn(self, number: int) -> ResponseReturnValue:
        """Closes or reopens."""
        state = flask.request.form.get("etat", "")
        self._world.edit_issue(visitor.me(self._world).login, number, state=state)
        return self._back(number, BODY)

    def _said(self, item: Issue | Comment, login: str) -> Said:
        if isinstance(item, Issue):
            text_id, editable = BODY, self._world.can(login, "edit_issue", number=item.number)
        else:
            text_id, editable = item.id, self._world.can(login, "edit_comment", comment_id=item.id)
        html = markdown.to_html(item.body, name=f"cases-{text_id}", enabled=editable)
        return Said(
            id=text_id,
            author=item.author,
            created_at=item.created_at,
            editor=item.editor,
            body=item.body,
            html=html,
            print=_print(item.body),
            boxes=markdown.boxes(item.body),
            editable=editable,
            reactions=[] if isinstance(item, Issue) else item.reactions,
            minimized=None if isinstance(item, Issue) else item.minimized,
        )

    def _item(self, number: int, text_id: int) -> Issue | Comment:
        if text_id == BODY:
            return self._world.issue(number)
        comment = self._world.comment_of(text_id)
        if comment.issue != number:
            raise Refused(404, "Not Found")
        return comment

    def _back(self, number: int, text_id: int) -> ResponseReturnValue:
        return flask.redirect(f"/{self._world.repository}/issues/{number}#texte-{text_id}", 303)


def _typed(name: str) -> str:
    """Browsers send CRLF whatever was typed."""
    return flask.request.form.get(name, "").replace("\r\n", "\n")


def _print(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _unchanged(item: Issue | Comment) -> None:
    """Two people, or a person and the App, must not undo each other's work without seeing it."""
    if flask.request.form.get("vu") != _print(item.body):
        raise Refused(409, "Ce texte a changé depuis que vous l’avez affiché. Revenez à la page et recommencez.")
