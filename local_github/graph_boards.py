"""Boards as GraphQL sees them: fields, options, views, automations, items and their values."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from local_github.boards import Board, Card, Draft, Field, Iteration, Option, StatusUpdate, Value, View, Workflow
from local_github.graph_core import GraphError, Noun, Viewer, connection
from local_github.state import Issue

ORDERS: dict[str, Callable[[Board], Any]] = {
    "NUMBER": lambda item: item.number,
    "TITLE": lambda item: item.title,
    "CREATED_AT": lambda item: item.number,
    "UPDATED_AT": lambda item: (item.updated_at, item.number),
}
CONFIGURED = {"SINGLE_SELECT": "ProjectV2SingleSelectField", "ITERATION": "ProjectV2IterationField"}


def numbered(viewer: Viewer, number: int) -> Noun:
    viewer.require("organization_projects")
    if number not in viewer.world.boards or not may_see(viewer, viewer.world.boards[number]):
        raise GraphError("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")
    return board(viewer, viewer.world.boards[number])


def may_see(viewer: Viewer, on: Board) -> bool:
    return viewer.caller.kind == "person" or not on.hidden


def listed(viewer: Viewer, arguments: dict[str, Any]) -> Noun:
    """`query` is a fuzzy search of titles; closed boards are found too unless `is:open` is asked."""
    viewer.require("organization_projects")
    words = (arguments.get("query") or "").casefold().split()
    states = {"is:open": False, "is:closed": True}
    wanted = {states[word] for word in words if word in states} or {True, False}
    plain = [word for word in words if word not in states]
    found = [
        item
        for item in viewer.world.boards.values()
        if item.closed in wanted
        and may_see(viewer, item)
        and (not plain or any(word in item.title.casefold() for word in plain))
    ]
    order = arguments.get("orderBy") or {"field": "NUMBER", "direction": "DESC"}
    found.sort(key=ORDERS[order["field"]], reverse=order["direction"] == "DESC")
    return connection("projectsV2", found, lambda item: board(viewer, item), arguments)


def board(viewer: Viewer, item: Board) -> Noun:
    world = viewer.world
    path, may = (
        f"/orgs/{world.organisation}/projects/{item.number}",
        viewer.caller.allowed("organization_projects", "write"),
    )
    return {
        "__typename": "ProjectV2",
        "id": item.node_id,
        "databaseId": item.id,
        "fullDatabaseId": str(item.id),
        "number": item.number,
        "title": item.title,
        "closed": item.closed,
        "closedAt": item.closed_at,
        "public": item.public,
        "template": False,
        "readme": item.readme,
        "shortDescription": item.short_description,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "url": f"{world.url}{path}",
        "resourcePath": path,
        **dict.fromkeys(("viewerCanUpdate", "viewerCanClose", "viewerCanReopen"), may),
        "creator": lambda: viewer.nouns.account(viewer, item.creator),
        "owner": lambda: viewer.nouns.organization(viewer),
        "field": lambda name: _maybe(item.field_named(name), lambda found: field(viewer, item, found)),
        "fields": lambda **args: _fields(viewer, item, list(item.fields.values()), args),
        "items": lambda **args: _items(viewer, item, args),
        "repositories": lambda **args: _repositories(viewer, item, args),
        "statusUpdates": lambda **args: connection(
            "statusUpdates", item.updates[::-1], lambda x: update(viewer, item, x), args
        ),
        "view": lambda number: next((view(viewer, item, x) for x in item.views if x.number == number), None),
        "views": lambda **args: connection("views", item.views, lambda x: view(viewer, item, x), args),
        "workflow": lambda number: next(
            (workflow(viewer, item, x) for x in item.workflows if x.number == number), None
        ),
        "workflows": lambda **args: connection("workflows", item.workflows, lambda x: workflow(viewer, item, x), args),
    }


def _maybe(found: Any, shape: Callable[[Any], Noun]) -> Noun | None:
    return None if found is None else shape(found)


def _fields(viewer: Viewer, on: Board, found: list[Field], arguments: dict[str, Any]) -> Noun:
    return connection("fields", found, lambda item: field(viewer, on, item), arguments)


def _items(viewer: Viewer, on: Board, arguments: dict[str, Any]) -> Noun:
    found = [item for item in viewer.world.cards.values() if item.board == on.number]
    return connection("items", found, lambda item: card(viewer, item), arguments)


def _repositories(viewer: Viewer, on: Board, arguments: dict[str, Any]) -> Noun:
    """An App sees of them only those where it is installed."""
    seen = [name for name in on.repositories if viewer.caller.kind == "person" or name == viewer.world.repository]
    return connection("repositories", seen, lambda name: viewer.nouns.repository_named(viewer, name), arguments)


def field(viewer: Viewer, on: Board, item: Field) -> Noun:
    shown: Noun = {
        "__typename": CONFIGURED.get(item.kind, "ProjectV2Field"),
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "dataType": item.kind,
        "databaseId": item.id,
        "id": item.node_id,
        "name": item.name,
        "project": lambda: board(viewer, on),
    }
    if item.kind == "SINGLE_SELECT":
        shown["options"] = lambda names=None: [_option(x) for x in item.options if names is None or x.name in names]
    if item.kind == "ITERATION":
        weeks = {"iterations": [_iteration(x) for x in item.iterations], "completedIterations": []}
        shown["configuration"] = {"duration": item.duration, "startDay": 1, **weeks}
    return shown


def _option(item: Option) -> Noun:
    plain = {"id": item.id, "name": item.name, "color": item.color, "description": item.description}
    return {**plain, "nameHTML": escape(item.name), "descriptionHTML": escape(item.description)}


def _iteration(item: Iteration) -> Noun:
    words = {"title": item.title, "titleHTML": escape(item.title)}
    return {"id": item.id, "startDate": item.start_date, "duration": item.duration, **words}


def view(viewer: Viewer, on: Board, item: View) -> Noun:
    def named(numbers: list[int]) -> Callable[..., Noun]:
        found = [found for number in numbers if (found := on.field_numbered(number))]
        return lambda **args: _fields(viewer, on, found, args)

    return {
        "__typename": "ProjectV2View",
        "id": item.node_id,
        "databaseId": None,  # does not fit 32 bits, as GitHub warns
        "fullDatabaseId": str(item.id),
        "number": item.number,
        "name": item.name,
        "layout": f"{item.layout.upper()}_LAYOUT",
        "filter": item.filter or "",
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "project": lambda: board(viewer, on),
        "fields": named(item.visible_fields),
        "groupByFields": named(item.group_by),
        "verticalGroupByFields": named(item.vertical_group_by),
    }


def workflow(viewer: Viewer, on: Board, item: Workflow) -> Noun:
    dates = {"createdAt": item.created_at, "updatedAt": item.created_at}
    shown = {"id": item.node_id, "fullDatabaseId": str(item.id), "number": item.number, "name": item.name, **dates}
    return {"__typename": "ProjectV2Workflow", "enabled": item.enabled, "project": lambda: board(viewer, on), **shown}


def update(viewer: Viewer, on: Board, item: StatusUpdate) -> Noun:
    return {
        "__typename": "ProjectV2StatusUpdate",
        "id": item.node_id,
        "fullDatabaseId": str(item.id),
        "body": item.body,
        "status": item.status,
        "startDate": item.start_date,
        "targetDate": item.target_date,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "creator": lambda: viewer.nouns.account(viewer, item.creator),
        "project": lambda: board(viewer, on),
    }


def cards_of(viewer: Viewer, issue: Issue, arguments: dict[str, Any]) -> Noun:
    viewer.require("organization_projects")
    found = viewer.world.cards_of(issue.number)
    shown = [item for item in found if arguments["includeArchived"] or not item.archived]
    return connection("projectItems", shown, lambda item: _seen_card(viewer, item), arguments)


def _seen_card(viewer: Viewer, item: Card) -> Noun | GraphError:
    """An item of a board the App may not read is null in a list that is otherwise whole."""
    if may_see(viewer, viewer.world.board(item.board)):
        return card(viewer, item)
    return GraphError("FORBIDDEN", "Resource not accessible by integration")


def card(viewer: Viewer, item: Card) -> Noun:
    world = viewer.world
    on = world.board(item.board)
    return {
        "__typename": "ProjectV2Item",
        "id": item.id,
        "databaseId": None,  # does not fit 32 bits, as GitHub warns
        "fullDatabaseId": str(item.number_id),
        "type": "DRAFT_ISSUE" if item.draft else "ISSUE",
        "isArchived": item.archived,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "creator": lambda: viewer.nouns.account(viewer, item.creator),
        "project": lambda: board(viewer, on),
        "content": lambda: _content(viewer, item),
        "fieldValueByName": lambda name: _value_named(viewer, on, item, name),
        "fieldValues": lambda **args: connection(
            "fieldValues", _every_value(on, item), lambda found: _any_value(viewer, on, item, found), args
        ),
    }


def _content(viewer: Viewer, item: Card) -> Noun:
    if item.draft:
        return draft(viewer, item.draft)
    shown: Noun = viewer.nouns.issue(viewer, viewer.world.issue(item.issue or 0))
    return shown


def draft(viewer: Viewer, item: Draft) -> Noun:
    cards = [found for found in viewer.world.cards.values() if found.draft is item]
    return {
        "__typename": "DraftIssue",
        "id": item.node_id,
        "title": item.title,
        "body": item.body,
        "createdAt": item.created_at,
        "updatedAt": item.updated_at,
        "creator": lambda: viewer.nouns.account(viewer, item.author),
        "projectV2Items": lambda **args: connection("projectV2Items", cards, lambda x: card(viewer, x), args),
    }


def _every_value(on: Board, item: Card) -> list[Field]:
    """Fields that hold something, in the board's order; the title always does."""
    return [found for found in on.fields.values() if found.kind == "TITLE" or found.node_id in item.values]


def _value_named(viewer: Viewer, on: Board, item: Card, name: str) -> Noun | None:
    found = on.field_named(name)
    if found is None or found not in _every_value(on, item):
        return None
    return _any_value(viewer, on, item, found)


def _any_value(viewer: Viewer, on: Board, item: Card, of: Field) -> Noun:
    kept = item.values.get(of.node_id)
    if kept is None:  # the title, which stands on the content itself
        title = _content(viewer, item)["title"]
        kept = Value(item.number_id, title, item.creator, item.created_at, item.updated_at)
    return {
        **_shapes(of, kept),
        "id": f"PVTFV_{kept.id}",
        "databaseId": None,
        "createdAt": kept.created_at,
        "updatedAt": kept.updated_at,
        "creator": lambda: viewer.nouns.account(viewer, kept.creator),
        "field": lambda: field(viewer, on, of),
        "item": lambda: card(viewer, item),
    }


def _shapes(of: Field, kept: Value) -> Noun:
    if option := of.option(str(kept.value)):
        shown = {**_option(option), "optionId": option.id}
        return {"__typename": "ProjectV2ItemFieldSingleSelectValue", **shown}
    if week := of.iteration(str(kept.value)):
        return {"__typename": "ProjectV2ItemFieldIterationValue", **_iteration(week), "iterationId": week.id}
    kind = of.kind if of.kind in {"NUMBER", "DATE"} else "TEXT"
    return {"__typename": f"ProjectV2ItemField{kind.capitalize()}Value", kind.lower(): kept.value}
