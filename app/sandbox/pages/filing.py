"""Opening an issue: the choice of a form, the form itself, and what it sends."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.sandbox.pages import forms, markdown, visitor
from app.sandbox.state import Refused
from app.sandbox.world import World


class FilingPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def choose(self) -> str:
        files = self._world.files
        return flask.render_template("sandbox/choose.html", forms=forms.forms(files), links=forms.contact_links(files))

    def ask(self, name: str) -> str:
        form = forms.form(self._world.files, name)
        return _page(form, _first_answers(form), None)

    def file(self, name: str) -> ResponseReturnValue:
        """Opens the issue; when GitHub refuses, the answers stay on the page."""
        form, sent = forms.form(self._world.files, name), flask.request.form
        author, title = visitor.me(self._world).login, sent.get("titre", "")
        try:
            issue = self._world.open_issue(author, title, forms.body(form, sent), form.labels)
        except Refused as refused:
            return _page(form, sent, refused), refused.status
        return flask.redirect(f"/{self._world.repository}/issues/{issue.number}", 303)


def _first_answers(form: forms.Form) -> MultiDict[str, str]:
    """What the form proposes: the text of a field, the default option of a list."""
    given: MultiDict[str, str] = MultiDict({"titre": form.title})
    for field in form.fields:
        if proposed := field.default if field.kind == "dropdown" else field.text:
            given.add(field.name, proposed)
    return given


def _page(form: forms.Form, given: MultiDict[str, str], refused: Refused | None) -> str:
    return flask.render_template("sandbox/form.html", form=form, given=given, refused=refused, to_html=markdown.to_html)
