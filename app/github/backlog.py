"""A whole backlog read from GitHub alone, a hundred issues to a query: labels, and the facts our comments carry."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.decide import origins
from app.domain.policy.model import Policy
from app.domain.product import description, history_in_comments
from app.domain.product.facts import History, PhaseEntered, ProductDescribed, ProductFiled
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import Product, standing
from app.domain.publish import session_carried
from app.domain.publish.session_record import KEY
from app.domain.report.portfolio import Tracked
from app.domain.session.model import Session
from app.github import markers
from app.github.calls import nodes
from app.github.carried_seals import newest_seal
from app.github.client import Client, LaterError
from app.github.pages import fewer, pages
from app.github.published import agenda_day
from app.github.read import comment_of, issues_of
from app.github.withheld import is_not_found

log = logging.getLogger(__name__)
ACTIONS = "github-actions"
"""The account of GitHub Actions."""
BATCH = 100
COMMENTS = """comments(first: 100, after: $c%s) { pageInfo { hasNextPage endCursor } nodes { id fullDatabaseId body
createdAt createdViaEmail lastEditedAt viewerDidAuthor
author { __typename login ... on Bot { databaseId } ... on User { databaseId } }
editor { __typename login ... on Bot { databaseId } ... on User { databaseId } }
reactionGroups { content viewerHasReacted } } }"""


@dataclass
class _Found:
    """An issue with the comments read so far, and the cursor of the rest."""

    node: Any
    comments: list[Comment]
    after: str | None


@dataclass(frozen=True)
class Backlog:
    """`sessions` are those that our comments on their issues carry, by day; `seal` is the newest checkpoint there."""

    products: tuple[Tracked, ...]
    sessions: tuple[Session, ...]
    seal: str = ""
    comments: tuple[tuple[Comment, ...], ...] = field(default=(), repr=False)
    """Those of each issue, for whoever believes nothing of what is read in them here."""


def read_backlog(
    client: Client, repository: str, policy: Policy, bots: frozenset[str], *, by_us: bool = False
) -> tuple[Tracked, ...]:
    """Every product of a repository, as `read_whole` finds them."""
    return read_whole(client, repository, policy, bots, by_us=by_us).products


def read_whole(
    client: Client, repository: str, policy: Policy, bots: frozenset[str], *, by_us: bool = False
) -> Backlog:
    """The products and the sessions; `bots` are the logins of our accounts, without `[bot]`.

    `by_us`: the App itself reads, so GitHub tells which comments are its own, whatever its name; other readers know it
    by name only. Facts in comments of the Actions account are never believed: whoever may push a workflow can write
    with it.
    """
    ours = None if by_us else bots - {ACTIONS}
    found = [_first(node, ours) for node in _issues(client, repository)]
    waiting = [one for one in found if one.after]
    while waiting:
        _read_all(client, repository, waiting, ours)
        waiting = [one for one in waiting if one.after]
    products = (_tracked(client, one, repository, policy, ours) for one in found)
    sessions = (_session(one, repository, bots) for one in found)
    return Backlog(
        tuple(product for product in products if product is not None),
        tuple(sorted((one for one in sessions if one is not None), key=lambda one: (one.day, one.number))),
        newest_seal((comment for one in found for comment in one.comments), policy.register.keys),
        tuple(tuple(one.comments) for one in found),
    )


def _issues(client: Client, repository: str) -> Iterator[Any]:
    owner, _, name = repository.partition("/")
    every = pages(client, client.requester(repository), "backlog", issues_of, owner=owner, name=name)
    for _, page in every:
        yield from nodes(page)


def _first(node: Any, bots: frozenset[str] | None) -> _Found:
    found = _Found(node, [], None)
    _add(found, node["comments"], bots)
    return found


def _add(found: _Found, page: Any, bots: frozenset[str] | None) -> None:
    found.comments += [_believed(node, bots) for node in nodes(page)]
    found.after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None


def _believed(node: Any, bots: frozenset[str] | None) -> Comment:
    """Markers are read in the comments of our own accounts only, whoever reads them now."""
    comment = comment_of(node)
    if bots is None:
        return comment  # with its marker if we wrote it
    ours = comment.by_bot and comment.author.removesuffix("[bot]") in bots
    return replace(comment, trace=markers.read_marker(comment.body) if ours else None)


def _read_all(client: Client, repository: str, waiting: list[_Found], bots: frozenset[str] | None) -> None:
    """The next comments of all these issues, with fewer issues to a query when GitHub cannot answer so many."""
    done, size = 0, BATCH
    while done < len(waiting):
        batch = waiting[done : done + size]
        try:
            _read_more(client, repository, batch, bots)
        except LaterError as error:
            size = fewer(error, len(batch))
        else:
            done += len(batch)


def _read_more(client: Client, repository: str, batch: list[_Found], bots: frozenset[str] | None) -> None:
    """The next comments of many issues in one query."""
    names = ", ".join(f"$i{rank}: ID!, $c{rank}: String" for rank in range(len(batch)))
    parts = [f"i{rank}: node(id: $i{rank}) {{ ... on Issue {{ {COMMENTS % rank} }} }}" for rank in range(len(batch))]
    values = {f"i{rank}": found.node["id"] for rank, found in enumerate(batch)}
    values |= {f"c{rank}": found.after for rank, found in enumerate(batch)}
    text = f"query Comments({names}) {{ {' '.join(parts)} }}"
    data = client.graphql_text(client.requester(repository), text, **values)
    for rank, found in enumerate(batch):
        _add(found, data[f"i{rank}"]["comments"], bots)


def _tracked(
    client: Client, found: _Found, repository: str, policy: Policy, bots: frozenset[str] | None
) -> Tracked | None:
    """The product our comments tell, or else its labels; None when the issue is no product."""
    node, restored = (
        found.node,
        history_in_comments.lawful_only(history_in_comments.restored_history(found.comments), policy),
    )
    labels = [label["name"] for label in nodes(node["labels"])]
    if why := _foreign(client, _issue(found, repository, bots), restored.history):
        log.warning("%s#%s: its comments hold %s", repository, node["number"], why)
        restored = history_in_comments.Restored()
    if restored.history and not restored.flaws:
        known = description.known_description(standing(restored.history))
        return Tracked(repository, node["number"], known.title, restored.history, known.needs)
    if restored.flaws:
        log.warning("%s#%s: its comments no longer hold its whole history", repository, node["number"])
    phase = next((phase for phase in policy.phases if phase.label in labels), None)
    if phase is None:
        return None
    filed = ProductFiled(at=_time(node["createdAt"]), by=_login(node), cause=f"issue:{node['id']}", title=node["title"])
    needs = description.labelled_needs(labels)
    seen = PhaseEntered(at=filed.at, by=filed.by, cause=filed.cause, phase=phase.id)
    named = ProductDescribed(at=filed.at, by="", cause="labels", title=node["title"], needs=needs)
    return Tracked(repository, node["number"], node["title"], (filed, seen, named), needs)


def _session(found: _Found, repository: str, bots: frozenset[str]) -> Session | None:
    """The session of an agenda's issue, as the App's own comment there last told it; None when nobody said anything."""
    node, author = found.node, found.node["author"] or {}
    is_bot, name = author.get("__typename") == "Bot", _login(found.node).removesuffix("[bot]")
    is_ours = bool(node["viewerDidAuthor"]) or (is_bot and name in bots | {ACTIONS})
    if not is_ours or agenda_day(node["body"]) is None:
        return None
    told = (one for one in found.comments if one.trace and one.trace.key == KEY and one.trace.intact)
    read = (
        session_carried.read_carried_session(one.trace.session) for one in told if one.trace and not one.edited_by_other
    )
    mine = (one for one in read if one is not None and one.issue == node["id"])
    first = next(mine, None)
    return first and replace(first, repository=repository, number=int(node["number"]))


def _issue(found: _Found, repository: str, bots: frozenset[str] | None) -> Issue:
    """The issue as the rules that judge a history need it."""
    node, author = found.node, found.node["author"] or {}
    is_bot, name = author.get("__typename") == "Bot", _login(node).removesuffix("[bot]")
    by_us = bool(node["viewerDidAuthor"]) if bots is None else is_bot and name in bots
    place = repository, node["number"], node["title"], node["body"], _login(node)
    return Issue(node["id"], *place, by_us=by_us, comments=tuple(found.comments))


def _foreign(client: Client, issue: Issue, history: History) -> str:
    """Why these facts cannot be this issue's own, by the rules of the register; empty when they can.

    That the issue was transferred is believed only if the issue it says it left no longer exists there.
    """
    filed = origins.filed_on(history)
    is_elsewhere = not origins.is_native(history, issue.id) or origins.is_imported_elsewhere(history, issue)
    if is_elsewhere or (filed not in {"", issue.id} and _is_living(client, issue, filed)):
        return "the history of another issue"
    rank = origins.contradicted(Product(issue, history))
    return f"what those it names did not say (fact {rank})" if rank else ""


def _is_living(client: Client, issue: Issue, node_id: str) -> bool:
    """Whether an issue still exists at a place of its own."""
    requester = client.requester(issue.repository)
    node = client.graphql(requester, "issue_of_node", is_not_found, id=node_id).get("node") or {}
    if node.get("__typename") != "Issue":
        return False
    return (node["repository"]["nameWithOwner"], node["number"]) != (issue.repository, issue.number)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _login(node: Any) -> str:
    return str((node["author"] or {}).get("login") or "ghost")
