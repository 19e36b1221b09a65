"""The state as GraphQL sees it: one mapping per noun, keyed by the schema's field names."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.sandbox.auth import Caller
from app.sandbox.state import Card, Comment, Issue, Label, Option
from app.sandbox.world import World

Noun = dict[str, Any]
MAX_PAGE = 100
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


class GraphError(Exception):
    """An error GitHub reports in the answer, with its type."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


@dataclass(frozen=True)
class Viewer:
    """Who looks, at what."""

    world: World
    caller: Caller

    def require(self, permission: str, level: str = "read") -> None:
        if not self.caller.allowed(permission, level):
            raise GraphError("FORBIDDEN", "Resource not accessible by integration")


def connection(name: str, items: Sequence[Any], shape: Callable[[Any], Noun], arguments: dict[str, Any]) -> Noun:
    """One page, forwards or backwards; GitHub refuses a list without bounds."""
    first, last = arguments.get("first"), arguments.get("last")
    size = first if first is not None else last
    if size is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise GraphError("MISSING_PAGINATION_BOUNDARIES", message)
    side = "first" if first is not None else "last"
    if not 1 <= size <= MAX_PAGE:
        message = f"Requesting {size} records on the `{name}` connection exceeds the `{side}` limit of 100 records."
        raise GraphError("EXCESSIVE_PAGINATION", message)
    start, end = _after(arguments.get("after"), 0), _after(arguments.get("before"), len(items) + 1) - 1
    low, high = (start, min(end, start + size)) if first is not None else (max(start, end - size), end)
    info = {
        "hasNextPage": high < len(items),
        "hasPreviousPage": low > 0,
        "startCursor": _cursor(low + 1) if high > low else None,
        "endCursor": _cursor(high) if high > low else None,
    }
    return {"nodes": lambda: [shape(item) for item in items[low:high]], "pageInfo": info, "totalCount": len(items)}


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _after(cursor: str | None, default: int) -> int:
    if cursor is None:
        return default
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:v2:"))
    except ValueError as error:
        raise GraphError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from error


def account(viewer: Viewer, login: str | None) -> Noun | None:
    """An App's account loses the `[bot]` of its REST login here."""
    person = viewer.world.people.get(login or "")
    if person is None:
        return None
    shown, base = person.login.removesuffix("[bot]"), viewer.world.url
    return {
        "__typename": "Bot" if person.is_bot else "User",
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
        "__typename": "Repository",
        "databaseId": world.repository_id,
        "id": world.repository_node_id,
        "isArchived": False,
        "isPrivate": world.private,
        "name": world.repository.partition("/")[2],
        "nameWithOwner": world.repository,
        "url": f"{world.url}/{world.repository}",
        "owner": lambda: organization(viewer),
        "issue": lambda number: _issue_numbered(viewer, number),
        "issues": lambda **arguments: _issues(viewer, arguments),
        "labels": lambda **args: connection("labels", list(world.labels.values()), lambda x: label(viewer, x), args),
    }


def _issue_numbered(viewer: Viewer, number: int) -> Noun:
    viewer.require("issues")
    if number not in viewer.world.issues:
        raise GraphError("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
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
        "viewerDidAuthor": item.author == viewer.caller.login,
        "author": lambda: account(viewer, item.author),
        "editor": lambda: account(viewer, item.editor),
        "repository": lambda: repository(viewer),
        "assignees": lambda **args: connection("assignees", item.assignees, lambda x: account(viewer, x) or {}, args),
        "labels": lambda **args: connection("labels", item.labels, lambda x: label(viewer, world.labels[x]), args),
        "comments": lambda **args: connection("comments", item.comments, lambda x: comment(viewer, x), args),
        "projectItems": lambda **args: _cards_of(viewer, item, args),
    }


def _cards_of(viewer: Viewer, item: Issue, arguments: dict[str, Any]) -> Noun:
    viewer.require("organization_projects")
    found = viewer.world.card_of(item.number)
    shown = [found] if found and (arguments["includeArchived"] or not found.archived) else []
    return connection("projectItems", shown, lambda x: card(viewer, x), arguments)


def comment(viewer: Viewer, item: Comment) -> Noun:
    world, me = viewer.world, viewer.caller.login
    return {
        "__typename": "IssueComment",
        "id": item.node_id,
        "fullDatabaseId": str(item.id),
        "body": item.body,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "lastEditedAt": item.edited_at,
        "isMinimized": item.minimized is not None,
        "minimizedReason": item.minimized,
        "viewerCanMinimize": world.can(me, "minimize_comment"),
        "viewerDidAuthor": item.author == me,
        "url": f"{world.url}/{world.repository}/issues/{item.issue}#issuecomment-{item.id}",
        "author": lambda: account(viewer, item.author),
        "editor": lambda: account(viewer, item.editor),
        "issue": lambda: issue(viewer, world.issue(item.issue)),
        "repository": lambda: repository(viewer),
        "reactionGroups": lambda: [_group(item, me, content) for content in CONTENTS],
    }


def _group(item: Comment, me: str, content: str) -> Noun:
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
        "projectV2": lambda number: _board_numbered(viewer, number),
        "projectsV2": lambda **arguments: _boards(viewer, arguments),
    }


def team(viewer: Viewer, slug: str) -> Noun | None:
    viewer.require("members")
    world = viewer.world
    if slug not in world.teams:
        return None
    return {
        "__typename": "Team",
        "databaseId": world.team_ids[slug],
        "id": f"T_{world.team_ids[slug]}",
        "name": world.team_names[slug],
        "slug": slug,
        "members": lambda **args: connection("members", world.teams[slug], lambda x: account(viewer, x) or {}, args),
    }


def _board_numbered(viewer: Viewer, number: int) -> Noun:
    viewer.require("organization_projects")
    if number != viewer.world.board_number:
        raise GraphError("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")
    return board(viewer)


def _boards(viewer: Viewer, arguments: dict[str, Any]) -> Noun:
    viewer.require("organization_projects")
    wanted = (arguments.get("query") or "").casefold() in viewer.world.board_title.casefold()
    return connection("projectsV2", [None] if wanted else [], lambda _: board(viewer), arguments)


def board(viewer: Viewer) -> Noun:
    world = viewer.world
    return {
        "__typename": "ProjectV2",
        "id": world.board_node_id,
        "number": world.board_number,
        "title": world.board_title,
        "closed": False,
        "public": False,
        "readme": None,
        "shortDescription": None,
        "createdAt": world.created_at,
        "updatedAt": world.created_at,
        "creator": None,
        "url": f"{world.url}/orgs/{world.organisation}/projects/{world.board_number}",
        "viewerCanUpdate": viewer.caller.allowed("organization_projects", "write"),
        "owner": lambda: organization(viewer),
        "field": lambda name: field(viewer) if name == world.field_name else None,
        "fields": lambda **args: connection("fields", [None], lambda _: field(viewer), args),
        "items": lambda **args: connection("items", list(world.cards.values()), lambda x: card(viewer, x), args),
        "repositories": lambda **args: connection("repositories", [None], lambda _: repository(viewer), args),
        "views": lambda **args: connection("views", [], dict, args),
    }


def field(viewer: Viewer) -> Noun:
    world = viewer.world
    return {
        "__typename": "ProjectV2SingleSelectField",
        "createdAt": world.created_at,
        "updatedAt": world.created_at,
        "dataType": "SINGLE_SELECT",
        "databaseId": world.field_id,
        "id": world.field_node_id,
        "name": world.field_name,
        "options": lambda names=None: [_option(item) for item in world.options if names is None or item.name in names],
        "project": lambda: board(viewer),
    }


def _option(item: Option) -> Noun:
    return {"id": item.id, "name": item.name, "color": item.color, "description": item.description}


def card(viewer: Viewer, item: Card) -> Noun:
    world = viewer.world
    return {
        "__typename": "ProjectV2Item",
        "id": item.id,
        "databaseId": None,  # does not fit 32 bits, as GitHub warns
        "fullDatabaseId": str(item.number_id),
        "type": "ISSUE",
        "isArchived": item.archived,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "creator": lambda: account(viewer, item.creator),
        "project": lambda: board(viewer),
        "content": lambda: issue(viewer, world.issue(item.issue)),
        "fieldValueByName": lambda name: _value(viewer, item) if name == world.field_name else None,
    }


def _value(viewer: Viewer, item: Card) -> Noun | None:
    option = viewer.world.option(item.option)
    if option is None:
        return None
    return {
        "__typename": "ProjectV2ItemFieldSingleSelectValue",
        "id": f"PVTFSV_{item.number_id}",
        "optionId": option.id,
        "name": option.name,
        "color": option.color,
        "description": option.description,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "creator": lambda: account(viewer, item.creator),
        "field": lambda: field(viewer),
        "item": lambda: card(viewer, item),
    }
