"""Issues, comments, reactions and the timeline."""

from __future__ import annotations

from dataclasses import replace

from local_github.payloads.accounts import Json, user
from local_github.payloads.application import performed_via
from local_github.payloads.pulls import pull_links
from local_github.payloads.repository import ASSOCIATION, label, placed, reactions, repository_url
from local_github.state import Comment, Event, Issue, OtherRepository, Pull, Reaction, State

UNTOLD = {"edited", "comment_edited", "comment_pinned", "comment_unpinned"}
"""Kept for people to see, not told by GitHub's timeline."""


def reaction(state: State, item: Reaction) -> Json:
    return {
        "id": item.id,
        "node_id": f"REA_{item.id}",
        "user": user(state, item.login),
        "content": item.content,
        "created_at": item.created_at,
    }


def issue(state: State, item: Issue) -> Json:
    url = f"{repository_url(state)}/issues/{item.number}"
    assignees = [user(state, login) for login in item.assignees]
    return {
        **({"pull_request": pull_links(state, item)} if isinstance(item, Pull) else {}),
        "url": url,
        "repository_url": repository_url(state),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": f"{state.url}/{state.repository}/issues/{item.number}",
        "id": item.id,
        "node_id": item.node_id,
        "number": item.number,
        "title": item.title,
        "user": user(state, item.author),
        "labels": [label(state, state.labels[name]) for name in item.labels],
        "state": item.state,
        "state_reason": item.state_reason,
        "locked": item.locked,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(item.comments),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "closed_at": item.closed_at,
        "author_association": ASSOCIATION,
        "active_lock_reason": None,
        "body": item.body or None,
        "reactions": reactions(url, item.reactions),
        "performed_via_github_app": performed_via(state, item.author, item.via),
    }


def issue_elsewhere(state: State, target: OtherRepository, item: Issue) -> Json:
    """The same, in the repository it was transferred to or comes from; labels stay in the first."""
    return issue(placed(state, target), replace(item, labels=[]))


def comment(state: State, item: Comment) -> Json:
    url = f"{repository_url(state)}/issues/comments/{item.id}"
    by_app = item.author == state.bot
    return {
        "url": url,
        "html_url": f"{state.url}/{state.repository}/issues/{item.issue}#issuecomment-{item.id}",
        "issue_url": f"{repository_url(state)}/issues/{item.issue}",
        "id": item.id,
        "node_id": item.node_id,
        "user": user(state, item.author),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "author_association": "NONE" if by_app else ASSOCIATION,
        "body": item.body,
        "reactions": reactions(url, item.reactions),
        "performed_via_github_app": performed_via(state, item.author, item.via),
        "pin": _pin(state, item),
    }


def _pin(state: State, item: Comment) -> Json | None:
    return {"pinned_at": item.pinned_at, "pinned_by": user(state, item.pinned_by)} if item.pinned_by else None


def timeline(state: State, item: Issue) -> list[Json]:
    """Everything GitHub tells about an issue, comments included, oldest first."""
    comments = {said.id: said for said in item.comments}
    told = []
    for event in item.events:
        said = comments.get(event.details.get("comment", 0))
        if event.event == "commented" and said:
            told.append({**comment(state, said), "event": "commented", "actor": user(state, said.author)})
        elif event.event not in UNTOLD | {"commented"}:
            told.append(_event(state, item, event))
    return told


def events(state: State, item: Issue) -> list[Json]:
    """The timeline without the comments, nor why an issue was closed, but with who assigned."""
    told = []
    for event in item.events:
        if event.event not in UNTOLD | {"commented"}:
            shown = {key: value for key, value in _event(state, item, event).items() if key != "state_reason"}
            assigner = {"assigner": user(state, event.actor)} if "assignee" in shown else {}
            told.append({**shown, **assigner})
    return told


def _event(state: State, item: Issue, event: Event) -> Json:
    shown: Json = {
        "id": event.id,
        "node_id": event.node_id,
        "url": f"{repository_url(state)}/issues/events/{event.id}",
        "actor": user(state, event.actor),
        "event": event.event,
        "commit_id": None,
        "commit_url": None,
        "created_at": event.at,
        "performed_via_github_app": performed_via(state, event.actor, event.via),
    }
    match event.event, event.details:
        case (("labeled" | "unlabeled"), {"label": str(name)}):
            known = state.label(name)
            shown["label"] = {"name": name, "color": known.color if known else "ededed"}
        case (("assigned" | "unassigned"), {"assignee": str(login)}):
            shown["assignee"] = user(state, login)
        case "renamed", {"before": before, "after": after}:
            shown["rename"] = {"from": before, "to": after}
        case "closed", {"reason": reason}:
            shown["state_reason"] = reason
    return shown
