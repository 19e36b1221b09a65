"""The state as GraphQL sees it, boards aside: one mapping per noun, keyed by the schema's field names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_github import graph_boards
from local_github.graph_core import GraphError, Noun, Viewer, connection
from local_github.state import Comment, Issue, Label, Reaction

CONTENTS = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "hooray": "HOORAY",
    "confused": "CONFUSED",
    "heart": "HEART",
    "rocket": "ROCKET",
    "eyes": "EYES",
}


def account(viewer: Viewer, login: str | None) -> Noun | None:
    """An App's account loses the `[bot]` of its REST login here."""
    person = viewer.world.people.get(login or "")
    if person is None:
        return None
    shown, base = person.login.removesuffix("[bot]"), viewer.world.url
    return {
        "__typename": person.typename,
        "avatarUrl": lambda **_: f"{base}/avatars/{person.id}",
        "databaseId": person.id,
        "id": person.node_id,
        "login": shown,
        "name": person.name,
        "resourcePath": f"/{shown}",
        "url": f"{base}/{shown}",
    }


def repository(viewer: Viewer) -> Noun:
    world = viewer.world
    return {
        **_place(viewer, world.repository, world.repository_id, world.repository_node_id, world.private),
        "isArchived": world.archived,
        "issue": lambda number: _issue_numbered(viewer, number),
        "issues": lambda **arguments: _issues(viewer, arguments),
        "label": lambda name: _maybe_label(viewer, name),
        "labels": lambda **args: _labels(viewer, args),
        "projectsV2": lambda **args: graph_boards.listed(viewer, args),
    }


def _place(viewer: Viewer, full_name: str, number: int, node: str, private: bool) -> Noun:
    return {
        "__typename": "Repository",
        "databaseId": number,
        "id": node,
        "isArchived": False,
        "isPrivate": private,
        "name": full_name.partition("/")[2],
        "nameWithOwner": full_name,
        "url": f"{viewer.world.url}/{full_name}",
        "owner": lambda: organization(viewer),
        "issue": _no_issue,
        "issues": lambda **arguments: connection("issues", [], dict, arguments),
        "label": lambda name: None,
        "labels": lambda **arguments: connection("labels", [], dict, arguments),
        "projectsV2": lambda **arguments: connection("projectsV2", [], dict, arguments),
    }


def repository_named(viewer: Viewer, full_name: str, *, renamed: bool = True) -> Noun:
    """The one of this local GitHub, under any name it had, or one known by name, which only people see."""
    world, name = viewer.world, full_name.partition("/")[2]
    other = world.others.get(name)
    known = [world.repository, *(world.former if renamed and other is None else ())]
    if full_name.lower() in (item.lower() for item in known) and viewer.sees:  # GitHub ignores case
        return repository(viewer)
    if other is None or viewer.caller.kind != "person" or not full_name.startswith(f"{world.organisation}/"):
        raise GraphError("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
    return _place(viewer, full_name, other.id, other.node_id, other.private)


def _maybe_label(viewer: Viewer, name: str) -> Noun | None:
    viewer.require("issues")
    found = viewer.world.label(name)
    return label(viewer, found) if found else None


def _labels(viewer: Viewer, arguments: dict[str, Any]) -> Noun:
    """`query` is found in names and descriptions."""
    viewer.require("issues")
    words = (arguments.get("query") or "").casefold()
    found = [x for x in viewer.world.labels.values() if words in f"{x.name} {x.description}".casefold()]
    return connection("labels", _in_order(found, arguments), lambda item: label(viewer, item), arguments)


def _in_order(found: list[Label], arguments: dict[str, Any]) -> list[Label]:
    order = arguments.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keys: dict[str, Callable[[Label], Any]] = {"CREATED_AT": lambda item: item.id, "NAME": lambda item: item.name}
    return sorted(found, key=keys[order["field"]], reverse=order["direction"] == "DESC")


def _no_issue(number: int) -> Noun:
    raise GraphError("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")


def _issue_numbered(viewer: Viewer, number: int) -> Noun:
    viewer.require("issues")
    if number not in viewer.world.issues:
        return _no_issue(number)
    return issue(viewer, viewer.world.issues[number])


def _issues(viewer: Viewer, arguments: dict[str, Any]) -> Noun:
    viewer.require("issues")
    states, names = arguments.get("states"), arguments.get("labels")
    found = [
        item
        for item in viewer.world.issues.values()
        if (not states or item.state.upper() in states) and (not names or set(names) & set(item.labels))
    ]
    order = arguments.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keys: dict[str, Callable[[Issue], Any]] = {
        "CREATED_AT": lambda item: item.number,
        "UPDATED_AT": lambda item: (item.updated_at, item.number),
        "COMMENTS": lambda item: (len(item.comments), item.number),
    }
    found.sort(key=keys[order["field"]], reverse=order["direction"] == "DESC")
    return connection("issues", found, lambda item: issue(viewer, item), arguments)


def issue(viewer: Viewer, item: Issue) -> Noun:
    world = viewer.world
    return {
        "__typename": "Issue",
        "id": item.node_id,
        "fullDatabaseId": str(item.id),
        "number": item.number,
        "title": item.title,
        "body": item.body,
        "state": item.state.upper(),
        "stateReason": lambda **_: item.state_reason.upper() if item.state_reason else None,
        "closed": item.state == "closed",
        "closedAt": item.closed_at,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "lastEditedAt": item.edited_at,
        "url": f"{world.url}/{world.repository}/issues/{item.number}",
        "viewerCanLabel": world.can(viewer.caller.login, "label"),
        "viewerCanReact": world.can(viewer.caller.login, "react"),
        "viewerDidAuthor": item.author == viewer.caller.login,
        "author": lambda: account(viewer, item.author),
        "editor": lambda: account(viewer, item.editor),
        "repository": lambda: repository(viewer),
        "reactionGroups": lambda: reaction_groups(viewer, item),
        "assignees": lambda **args: connection("assignees", item.assignees, lambda x: account(viewer, x) or {}, args),
        "labels": lambda **args: connection("labels", item.labels, lambda x: label(viewer, world.labels[x]), args),
        "comments": lambda **args: connection("comments", item.comments, lambda x: comment(viewer, x), args),
        "projectItems": lambda **args: graph_boards.cards_of(viewer, item, args),
    }


def comment(viewer: Viewer, item: Comment) -> Noun:
    world, me = viewer.world, viewer.caller.login
    return {
        "__typename": "IssueComment",
        "id": item.node_id,
        "fullDatabaseId": str(item.id),
        "body": item.body,
        "createdAt": item.created_at,
        "createdViaEmail": item.via_email,
        "updatedAt": item.updated_at,
        "lastEditedAt": item.edited_at,
        "isMinimized": item.minimized is not None,
        "minimizedReason": item.minimized,
        "viewerCanMinimize": world.can(me, "minimize_comment"),
        "viewerCanReact": world.can(me, "react"),
        "viewerDidAuthor": item.author == me,
        "url": f"{world.url}/{world.repository}/issues/{item.issue}#issuecomment-{item.id}",
        "author": lambda: account(viewer, item.author),
        "editor": lambda: account(viewer, item.editor),
        "issue": lambda: issue(viewer, world.issue(item.issue)),
        "repository": lambda: repository(viewer),
        "reactionGroups": lambda: reaction_groups(viewer, item),
    }


def reactable(viewer: Viewer, item: Issue | Comment) -> Noun:
    return comment(viewer, item) if isinstance(item, Comment) else issue(viewer, item)


def reaction(viewer: Viewer, on: Issue | Comment, item: Reaction) -> Noun:
    """Its `user` is a person: GitHub shows none for an App's."""
    person = viewer.world.people.get(item.login)
    return {
        "__typename": "Reaction",
        "id": f"REA_{item.id}",
        "content": CONTENTS[item.content],
        "createdAt": item.created_at,
        "reactable": lambda: reactable(viewer, on),
        "user": lambda: account(viewer, item.login) if person and person.typename == "User" else None,
    }


def reaction_groups(viewer: Viewer, item: Issue | Comment) -> list[Noun]:
    return [_group(item, viewer.caller.login, content) for content in CONTENTS]


def _group(item: Issue | Comment, me: str, content: str) -> Noun:
    given = [reaction for reaction in item.reactions if reaction.content == content]
    return {
        "content": CONTENTS[content],
        "createdAt": given[0].created_at if given else None,
        "viewerHasReacted": any(reaction.login == me for reaction in given),
    }


def label(viewer: Viewer, item: Label) -> Noun:
    shown = {"id": item.node_id, "name": item.name, "color": item.color, "description": item.description or None}
    return {"__typename": "Label", **shown, "isDefault": False, "createdAt": viewer.world.created_at}


def organization(viewer: Viewer) -> Noun:
    world = viewer.world
    return {
        "__typename": "Organization",
        "avatarUrl": lambda **_: f"{world.url}/avatars/{world.organisation_id}",
        "databaseId": world.organisation_id,
        "id": world.organisation_node_id,
        "login": world.organisation,
        "name": world.organisation,
        "resourcePath": f"/{world.organisation}",
        "url": f"{world.url}/{world.organisation}",
        "team": lambda slug: team(viewer, slug),
        "projectV2": lambda number: graph_boards.numbered(viewer, number),
        "projectsV2": lambda **arguments: graph_boards.listed(viewer, arguments),
    }


def _members(viewer: Viewer, slug: str, arguments: dict[str, Any]) -> Noun:
    found = viewer.world.members_of(slug, arguments.get("membership") or "ALL")
    return connection("members", found, lambda login: account(viewer, login) or {}, arguments)


def team(viewer: Viewer, slug: str) -> Noun | None:
    viewer.require("members")
    world = viewer.world
    if viewer.caller.kind != "person" and world.team_down():
        raise GraphError("SERVICE_UNAVAILABLE", "Something went wrong while executing your query.")
    if slug not in world.teams:
        return None
    return {
        "__typename": "Team",
        "databaseId": world.team_ids[slug],
        "id": f"T_{world.team_ids[slug]}",
        "name": world.team_names[slug],
        "slug": slug,
        "members": lambda **args: _members(viewer, slug, args),
    }
