"""Issues that Jalon publishes once each, found again by a hidden mark: digests, agendas, minutes, faulty rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.github.calls import nodes
from app.github.client import Client, NotFoundError
from app.github.pages import pages
from app.github.read import is_edited_by_other, issues_of

MARK = re.compile(r"<!-- jalon:(bilan|ordre-du-jour|releve|regles) ([0-9W-]+) -->\s*$")
LIMIT = 60_000
"""Characters of a body; GitHub's limit is 65,536."""


@dataclass(frozen=True)
class ReportLabel:
    """Labels that set these issues apart from products."""

    name: str
    color: str
    description: str


LABELS = {
    "bilan": ReportLabel("bilan", "d4e5d2", "Bilan de la semaine, publié par Jalon"),
    "ordre-du-jour": ReportLabel("ordre du jour", "d9d2e9", "Ordre du jour d’une séance du comité, publié par Jalon"),
    "releve": ReportLabel("relevé de décisions", "cfe2f3", "Relevé de décisions d’une séance, publié par Jalon"),
    "regles": ReportLabel("règles à corriger", "f9d0c4", "Fichier des règles à corriger, signalé par Jalon"),
}


def agenda_day(body: str) -> date | None:
    """The day of the session whose agenda an issue's description is; None when it is none."""
    mark = MARK.search(body.replace("\r\n", "\n"))
    try:
        return date.fromisoformat(mark[2]) if mark and mark[1] == "ordre-du-jour" else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Published:
    """`key` is a week, or the day of a session."""

    key: str
    number: int
    body: str
    is_open: bool
    is_touched: bool = False
    """Whether another account, person or bot, edited it last: its words are not believed, and are put back."""


def published(client: Client, repository: str, kind: str, bots: frozenset[str]) -> dict[str, Published]:
    """Every issue of one kind, by key. Of two with one key: the one nobody else edited, else the oldest; written by us
    or our bots.
    """
    owner, _, name = repository.partition("/")
    values: dict[str, Any] = {"owner": owner, "name": name, "label": LABELS[kind].name}
    every = pages(client, client.requester(repository), "published", issues_of, **values)
    found: dict[str, Published] = {}
    for node in (node for _, page in every for node in nodes(page)):
        mark = MARK.search(node["body"].replace("\r\n", "\n"))
        if not mark or mark[1] != kind or not _is_ours(node, bots):
            continue
        one = Published(mark[2], node["number"], node["body"], node["state"] == "OPEN", is_edited_by_other(node))
        if one.key not in found or found[one.key].is_touched or not one.is_touched:
            found[one.key] = one
    return found


def untouched_texts(known: Mapping[str, Published]) -> Iterator[str]:
    """The keys of those that still hold our own words."""
    return (key for key, one in known.items() if not one.is_touched)


def _is_ours(node: Any, bots: frozenset[str]) -> bool:
    author = node["author"] or {}
    is_bot = author.get("__typename") == "Bot" and author["login"].removesuffix("[bot]") in bots
    return bool(node["viewerDidAuthor"]) or is_bot


def publish(client: Client, repository: str, kind: str, key: str, text: str, known: Published | None) -> int:
    """Publish once, then update; the issue's number. The title is the first line of the text."""
    title, _, body = text.partition("\n")
    title, body = title.removeprefix("# "), f"{_fitted(body.strip())}\n\n<!-- jalon:{kind} {key} -->"
    requester, path = client.requester(repository), f"/repos/{repository}/issues"
    if known is not None:
        if known.is_touched or known.body.replace("\r\n", "\n") != body:
            client.rest(requester, "PATCH", f"{path}/{known.number}", {"title": title, "body": body})
        return known.number
    _ensure_label(client, repository, LABELS[kind])
    _, made = client.rest(requester, "POST", path, {"title": title, "body": body, "labels": [LABELS[kind].name]})
    return int(made["number"])


def close(client: Client, repository: str, number: int) -> None:
    """Close one whose time has passed; it stays to be read, and found by its mark."""
    values = {"state": "closed", "state_reason": "completed"}
    client.rest(client.requester(repository), "PATCH", f"/repos/{repository}/issues/{number}", values)


def _fitted(body: str) -> str:
    return body if len(body) <= LIMIT else body[: body.rindex("\n", 0, LIMIT)].rstrip() + "\n\n…"


def _ensure_label(client: Client, repository: str, label: ReportLabel) -> None:
    """Put its label back: without it the issue would not be found, and be published twice."""
    requester, path = client.requester(repository), f"/repos/{repository}/labels"
    try:
        client.rest(requester, "GET", f"{path}/{label.name.replace(' ', '%20')}")
    except NotFoundError:
        values = {"name": label.name, "color": label.color, "description": label.description}
        client.rest(requester, "POST", path, values)
