"""A person at Jalon's own pages: signs in with their account of GitHub, reads, fills in the forms, and sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urljoin

import requests

from app.demo.client import AS_READ, TIMEOUT_S, FormPage, GitHubRefusedError

UNSEEN = {"script", "style", "head", "template"}
APART = {"p", "li", "h1", "h2", "h3", "h4", "tr", "div", "dt", "dd", "section", "ul", "ol", "table", "summary", "form"}


@dataclass
class Control:
    """One button of a form, one box or one choice; a field has no value of its own."""

    name: str
    value: str
    text: str = ""


@dataclass
class Form:
    """One form of a page, as a person finds it: by its buttons and by the words beside its fields."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Control] = field(default_factory=dict)
    """By the id that a label gives."""
    labels: dict[str, str] = field(default_factory=dict)
    wrapped: list[Control] = field(default_factory=list)
    """Those that stand inside their label."""
    buttons: list[Control] = field(default_factory=list)

    def named(self, words: str) -> Control | None:
        """The field whose label begins with these words."""
        for wanted, text in self.labels.items():
            if seen(text).startswith(words) and wanted in self.fields:
                return self.fields[wanted]
        return next((one for one in self.wrapped if seen(one.text).startswith(words)), None)

    def button(self, words: str) -> Control | None:
        return next((one for one in self.buttons if seen(one.text) == words), None)


def seen(text: str) -> str:
    """Words as a reader sees them, whatever parts them."""
    return " ".join(text.translate(AS_READ).split())


class Page(HTMLParser):
    """A page as it was answered."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.url, self.status = answer.url, answer.status_code
        self.forms: list[Form] = []
        self.values: dict[str, str] = {}
        """What a field shows from the start, by its id, whether in a form or not."""
        self._words: list[str] = []
        self._hidden, self._label = 0, ""
        self._label_open, self._inside = False, list[Control]()
        self._button: Control | None = None
        self._choice = ""
        self.feed(answer.text)

    @property
    def lines(self) -> list[str]:
        return [line for part in "".join(self._words).splitlines() if (line := seen(part))]

    @property
    def text(self) -> str:
        return seen("".join(self._words))

    def form(self, button: str) -> Form:
        """The form that has this button; raises GitHubRefusedError when there is none."""
        for one in self.forms:
            if one.button(button):
                return one
        offered = ", ".join(f"« {seen(control.text)} »" for one in self.forms for control in one.buttons)
        told = f"elle offre : {offered or 'rien'} ; et dit : {self.text[:900]}"
        raise GitHubRefusedError(f"la page {self.url} n’offre pas « {button} » ; {told}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._hidden += 1
        if tag in APART or tag == "br":
            self._words.append("\n")
        if tag == "input" and "id" in given:
            self.values[given["id"]] = given.get("value", "")
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "label":
            self._label, self._label_open, self._inside = given.get("for", ""), True, []
        elif self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "button":
            self._button = Control(name, given.get("value", ""))
            form.buttons.append(self._button)
        elif tag == "option":
            if self._choice and ("selected" in given or self._choice not in form.values):
                form.values[self._choice] = given.get("value", "")
        elif tag in {"input", "textarea", "select"} and name:
            self._choice = name if tag == "select" else ""
            is_box = given.get("type") in {"checkbox", "radio"}
            found = Control(name, given.get("value", "on") if is_box else "")
            if "id" in given:
                form.fields[given["id"]] = found
            if self._label_open and not self._label:
                self._inside.append(found)
                form.wrapped.append(found)
            if "checked" in given:
                form.values[name] = found.value
            elif not is_box and tag != "select":
                form.values.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in APART:
            self._words.append("\n")
        if tag == "label":
            self._label, self._label_open, self._inside = "", False, []
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self._words.append(data)
        if self._button:
            self._button.text += data
        for one in self._inside:
            one.text += data
        if self._label and self.forms:
            kept = self.forms[-1].labels
            kept[self._label] = kept.get(self._label, "") + data


class Visit:
    """One browser, in which one person is signed in."""

    def __init__(self, app: str, github: str, login: str) -> None:
        self._app = app
        self._session = requests.Session()
        self._session.trust_env = False
        asked = self._session.get(f"{app}/connexion", params={"suite": "/?page=1"}, timeout=TIMEOUT_S)
        agreed = dict(FormPage(asked.text).hidden) | {"identite": login}
        self._session.post(f"{github}/login/oauth/authorize", agreed, timeout=TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def page(self, path: str) -> Page:
        return self._read(self._session.get(urljoin(self._app, path), timeout=TIMEOUT_S))

    def raw(self, path: str) -> requests.Response:
        """What is there, of whatever kind."""
        return self._session.get(urljoin(self._app, path), timeout=TIMEOUT_S)

    def sends(self, page: Page, button: str, typed: Mapping[str, str]) -> Page:
        """Fills in the form of a button and presses it; `typed` is by the words of labels, a box named is ticked."""
        form = page.form(button)
        pressed, values = form.button(button), dict(form.values)
        for words, text in typed.items():
            found = form.named(words)
            if not found:
                raise GitHubRefusedError(f"la page {page.url} ne demande pas « {words} »")
            values[found.name] = found.value or text
        if pressed and pressed.name:
            values[pressed.name] = pressed.value
        where: dict[str, Any] = {"params": values} if form.method.lower() == "get" else {"data": values}
        url = urljoin(page.url, form.action) if form.action else page.url
        return self._read(self._session.request(form.method.upper(), url, timeout=TIMEOUT_S, **where))

    def _read(self, answer: requests.Response) -> Page:
        if answer.status_code >= 400:
            said = Page(answer).text
            raise GitHubRefusedError(f"la page {answer.url} répond {answer.status_code} : {said[:300]}")
        return Page(answer)
