"""People at work on GitHub: its REST and GraphQL APIs with their own tokens, and the page of its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

import requests

TIMEOUT_S = 15
READER = "secretariat"
FIELD = "Phase"
CARD = """
query ($owner: String!, $name: String!, $number: Int!, $field: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      projectItems(first: 5) {
        nodes {
          id
          project {
            id
            field(name: $field) { ... on ProjectV2SingleSelectField { id options { id name } } }
          }
          fieldValueByName(name: $field) { ... on ProjectV2ItemFieldSingleSelectValue { name } }
        }
      }
    }
  }
}
"""
MOVE = """
mutation ($project: ID!, $item: ID!, $field: ID!, $option: String!) {
  updateProjectV2ItemFieldValue(
    input: {projectId: $project, itemId: $item, fieldId: $field, value: {singleSelectOptionId: $option}}
  ) { projectV2Item { id } }
}
"""
AS_READ = str.maketrans("\u00a0\u202f", "  ")
"""A reader sees spaces, and not which of them break."""


class GitHubRefusedError(requests.RequestException):
    """GitHub said no to what a person asked."""


@dataclass(frozen=True)
class SeenComment:
    """A comment, without the hidden marks of its text."""

    id: int
    author: str
    body: str
    reactions: Mapping[str, int]
    changed: str = ""
    """When it was written or last edited."""

    @property
    def text(self) -> str:
        parts, at = [], 0
        while (start := self.body.find("<!--", at)) >= 0 and (end := self.body.find("-->", start)) >= 0:
            parts.append(self.body[at:start].rstrip())
            at = end + len("-->")
        return "".join([*parts, self.body[at:]]).translate(AS_READ)


@dataclass(frozen=True)
class ShownProduct:
    """One product as GitHub shows it to anybody."""

    title: str
    labels: tuple[str, ...]
    comments: tuple[SeenComment, ...]
    find_column: Callable[[], str]
    """Costs GitHub a query of its own, so only asked for by those who look at the board."""
    body: str = ""

    @cached_property
    def column(self) -> str:
        return self.find_column()

    @property
    def last(self) -> SeenComment | None:
        """The comment of Jalon written or edited last."""
        bots = [one for one in self.comments if one.author.endswith("[bot]")]
        return max(bots, key=lambda one: (one.changed, one.id), default=None)

    def saying(self, words: str) -> list[SeenComment]:
        """Jalon's comments that say so."""
        return [one for one in self.comments if one.author.endswith("[bot]") and words in one.text]

    def summary(self) -> str:
        return f"GitHub montre : {', '.join(self.labels) or 'aucune étiquette'} ; carte : {self.column or 'aucune'}."


class Hub:
    """The local GitHub as people reach it; raises GitHubRefusedError when it refuses."""

    def __init__(self, url: str, repository: str) -> None:
        self._url, self.repository = url, repository
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy has no place between two programs of one machine

    def close(self) -> None:
        self._session.close()

    def rest(self, login: str, method: str, path: str, **body: Any) -> Any:
        """A call to the REST API; `path` starts after the repository."""
        url = f"{self._url}/repos/{self.repository}{path}"
        answer = self._session.request(method, url, headers=_token(login), json=body or None, timeout=TIMEOUT_S)
        if not answer.ok:
            raise GitHubRefusedError(f"GitHub répond {answer.status_code} à {login} : {answer.text[:200]}")
        return answer.json() if answer.content else None

    def graphql(self, login: str, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        answer = self._session.post(f"{self._url}/graphql", headers=_token(login), json=body, timeout=TIMEOUT_S).json()
        if answer.get("errors"):
            raise GitHubRefusedError(f"GitHub refuse à {login} : {answer['errors']}")
        return answer["data"]

    def file_by_form(self, login: str, form: str, title: str, answers: Mapping[str, str]) -> int:
        """Fills in the form's own page, by the questions it shows, and sends it; the number of the issue."""
        url, cookies = f"{self._url}/{self.repository}/issues/new?template={form}", {"identite": login}
        page = self._session.get(url, cookies=cookies, timeout=TIMEOUT_S)
        fields = FormPage(page.text)
        filled = dict(fields.hidden) | {fields.control("Titre"): title}
        filled |= {fields.control(question): answer for question, answer in answers.items()}
        sent = self._session.post(url, data=filled, cookies=cookies, timeout=TIMEOUT_S, allow_redirects=False)
        found = re.search(r"/issues/(\d+)", sent.headers.get("Location", ""))
        if not found:
            raise GitHubRefusedError(f"le formulaire n’a pas été accepté ({sent.status_code})")
        return int(found[1])

    def comment(self, login: str, number: int, text: str) -> int:
        return int(self.rest(login, "POST", f"/issues/{number}/comments", body=text)["id"])

    def shown(self, number: int) -> ShownProduct:
        issue = self.rest(READER, "GET", f"/issues/{number}")
        comments = tuple(
            SeenComment(item["id"], item["user"]["login"], item["body"], item["reactions"], item["updated_at"])
            for item in self.rest(READER, "GET", f"/issues/{number}/comments?per_page=100")
        )
        labels = tuple(sorted(label["name"] for label in issue["labels"]))
        return ShownProduct(issue["title"], labels, comments, lambda: self._column(number), issue["body"] or "")

    def _column(self, number: int) -> str:
        card = self._card(READER, number) or {}
        return str((card.get("fieldValueByName") or {}).get("name", ""))

    def move_card(self, login: str, number: int, column: str) -> None:
        """Drags the card of an issue to a column of the board, as the board does it: through GraphQL."""
        card = self._card(login, number)
        if card is None:
            raise GitHubRefusedError(f"l’issue {number} n’a pas de carte")
        options = {option["name"]: option["id"] for option in card["project"]["field"]["options"]}
        where = {"project": card["project"]["id"], "item": card["id"], "field": card["project"]["field"]["id"]}
        self.graphql(login, MOVE, **where, option=options[column])

    def _card(self, login: str, number: int) -> Any:
        owner, _, name = self.repository.partition("/")
        data = self.graphql(login, CARD, owner=owner, name=name, number=number, field=FIELD)
        nodes = data["repository"]["issue"]["projectItems"]["nodes"]
        return nodes[0] if nodes else None

    def calls(self) -> list[Any]:
        """What the App has asked of GitHub since the last time this was forgotten."""
        return list(self._session.get(f"{self._url}/_sandbox/calls", timeout=TIMEOUT_S).json())

    def forget_calls(self) -> None:
        self._session.delete(f"{self._url}/_sandbox/calls", timeout=TIMEOUT_S)


def _token(login: str) -> dict[str, str]:
    return {"Authorization": f"token sandbox-{login}"}


class FormPage(HTMLParser):
    """The controls of a page by the words of their label, as a person finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._label = ""
        self.feed(html)

    def control(self, words: str) -> str:
        """Name of the control whose label starts with these words; raises GitHubRefusedError when there is none."""
        for wanted, text in self._labels.items():
            if " ".join(text.split()).startswith(words) and wanted in self._names:
                return self._names[wanted]
        raise GitHubRefusedError(f"le formulaire ne pose pas la question « {words} »")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "label":
            self._label = given.get("for", "")
        elif tag == "input" and given.get("type") == "hidden":
            self.hidden[given.get("name", "")] = given.get("value", "")
        elif tag in {"input", "textarea", "select"} and "id" in given:
            self._names[given["id"]] = given.get("name", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = ""

    def handle_data(self, data: str) -> None:
        if self._label:
            self._labels[self._label] = self._labels.get(self._label, "") + data
