"""Opening an issue: the choice of a form, the form itself or a blank issue, and what they send."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from local_github.pages import forms, markdown, visitor
from local_github.pages.issues import typed
from local_github.pages.words import Declined, explained
from local_github.state import Issue, Refused
from local_github.world import World

BLANK = "BLANK_ISSUE"


class FilingPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def choose(self) -> str:
        files = self._world.files
        return flask.render_template(
            "sandbox/choose.html",
            forms=forms.forms(files),
            links=forms.contact_links(files),
            blank=forms.blank_allowed(files),
        )

    def ask(self) -> ResponseReturnValue:
        """GitHub's address: `?template=` names the form, and other names fill answers in."""
        asked = flask.request.args
        name = asked.get("template", "")
        if name == BLANK and forms.blank_allowed(self._world.files):
            return _blank_page(asked.get("title", ""), asked.get("body", ""), None)
        if not name:
            return flask.redirect(f"/{self._world.repository}/issues/new/choose")
        form = forms.form(self._world.files, name)
        return self._page(form, _first_answers(form, asked), None)

    def file(self) -> ResponseReturnValue:
        """Opens the issue; when GitHub refuses, the answers stay on the page."""
        name, sent = flask.request.args.get("template", ""), flask.request.form
        if name == BLANK:
            return self._file_blank()
        form = forms.form(self._world.files, name)
        if not self._world.private and (missing := forms.missing(form, sent)):
            labels = ", ".join(f"« {field.label} »" for field in missing)
            return self._page(form, sent, Declined(422, f"Il manque une réponse à : {labels}.")), 422
        try:
            issue = self._open(sent.get("titre", ""), forms.body(form, sent), form.labels)
        except Refused as refused:
            return self._page(form, sent, refused), refused.status
        return self._opened(issue)

    def _file_blank(self) -> ResponseReturnValue:
        if not forms.blank_allowed(self._world.files):
            raise Declined(404, "Ce dépôt n’accepte que des tickets déposés par un formulaire.")
        title, text = typed("titre"), typed("texte")
        try:
            issue = self._open(title, text, ())
        except Refused as refused:
            return _blank_page(title, text, refused), refused.status
        return self._opened(issue)

    def _open(self, title: str, body: str, labels: tuple[str, ...]) -> Issue:
        return self._world.open_issue(visitor.me(self._world).login, title, body, labels)

    def _opened(self, issue: Issue) -> ResponseReturnValue:
        return flask.redirect(f"/{self._world.repository}/issues/{issue.number}", 303)

    def _page(self, form: forms.Form, given: MultiDict[str, str], refused: Refused | None) -> str:
        return flask.render_template(
            "sandbox/form.html",
            form=form,
            given=given,
            problem=refused and explained(refused),
            enforced=not self._world.private,
            to_html=markdown.to_html,
        )


def _blank_page(title: str, text: str, refused: Refused | None) -> str:
    return flask.render_template("sandbox/blank.html", title=title, text=text, problem=refused and explained(refused))


def _first_answers(form: forms.Form, asked: MultiDict[str, str]) -> MultiDict[str, str]:
    """What the address says, else what the form proposes: the text of a field, the default option of a list."""
    given: MultiDict[str, str] = MultiDict({"titre": asked.get("title", form.title)})
    for field in form.fields:
        proposed = field.default if field.kind == "dropdown" else field.text
        if field.id in asked:
            proposed = _rank(field, asked[field.id]) if field.options else asked[field.id]
        if proposed:
            given.add(field.name, proposed)
    return given


def _rank(field: forms.Field, option: str) -> str:
    return str(field.options.index(option)) if option in field.options else ""
