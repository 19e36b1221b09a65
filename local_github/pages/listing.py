"""The list of issues, searched and paged as on GitHub, and the list of labels."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import flask

from local_github.state import Issue
from local_github.world import World

PER_PAGE = 25
TERM = re.compile(r'(?:(?P<key>is|state|label|author|assignee):)?(?P<value>"[^"]*"|[^\s"]+)', re.IGNORECASE)
STATES = {"open", "closed", "all"}


@dataclass(frozen=True)
class Search:
    """What is looked for; words are folded, everything must match."""

    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    author: str = ""
    assignee: str = ""
    state: str = "open"

    def finds(self, issue: Issue) -> bool:
        return self.state in {"all", issue.state} and self.finds_whatever_state(issue)

    def finds_whatever_state(self, issue: Issue) -> bool:
        if not set(self.labels) <= {folded(name) for name in issue.labels}:
            return False
        if self.author and folded(issue.author) != self.author:
            return False
        if self.assignee and self.assignee not in map(folded, issue.assignees):
            return False
        text = folded("\n".join([issue.title, issue.body, *(comment.body for comment in issue.comments)]))
        return all(word in text or word == f"#{issue.number}" for word in self.words)


def search_of(query: Mapping[str, str]) -> Search:
    """From the fields of the page, or from an address written for GitHub: `is:open label:"…" author:… words`."""
    given: dict[str, list[str]] = {"is": [], "label": [], "author": [], "assignee": [], "": []}
    for found in TERM.finditer(query.get("q", "")):
        key = (found["key"] or "").lower()
        given["is" if key == "state" else key].append(folded(found["value"].strip('"')))
    if label := query.get("etiquette"):
        given["label"].append(folded(label))
    states = [state for state in (query.get("etat", ""), *given["is"]) if state in STATES]
    return Search(
        words=tuple(word for word in given[""] if word),
        labels=tuple(given["label"]),
        author="".join(given["author"][-1:]),
        assignee="".join(given["assignee"][-1:]),
        state=states[0] if states else "open",
    )


def folded(text: str) -> str:
    """Without case or accents: « IDÉE » finds « idée » and « idee »."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


class ListingPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def issues(self) -> str:
        """Newest first; a page past the end shows the last one."""
        query = flask.request.args
        search = search_of(query)
        about = [issue for issue in self._world.issues.values() if search.finds_whatever_state(issue)]
        counts = Counter(issue.state for issue in about)
        found = sorted((issue for issue in about if search.finds(issue)), key=lambda issue: -issue.number)
        last = max(1, -(-len(found) // PER_PAGE))
        page = min(max(1, query.get("page", 1, type=int)), last)
        return flask.render_template(
            "sandbox/issues.html",
            rows=found[(page - 1) * PER_PAGE : page * PER_PAGE],
            total=len(found),
            counts={"open": counts["open"], "closed": counts["closed"], "all": len(about)},
            search=search,
            page=page,
            last=last,
            asked={name: query[name] for name in ("q", "etiquette", "etat") if query.get(name)},
        )

    def labels(self) -> str:
        """Every label with how many open issues carry it."""
        used = Counter(name for issue in self._world.issues.values() if issue.state == "open" for name in issue.labels)
        return flask.render_template("sandbox/labels.html", used=used)
