"""GraphQL's mutations: those of boards here, with those of issues in one table, each checked against rights."""

from __future__ import annotations

import secrets

from local_github import graph_boards as boards
from local_github import graph_nouns as nouns
from local_github.boards import Board, Card, Iteration
from local_github.graph_core import Act, GraphError, Input, Noun, Viewer, no_node
from local_github.graph_issue_acts import ISSUE_MUTATIONS

PROJECTS = ("organization_projects", "write")


# items


def _add(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    viewer.require("issues")
    numbers = [item.number for item in viewer.world.issues.values() if item.node_id == given["contentId"]]
    if not numbers:
        raise no_node(given["contentId"])
    return {"item": boards.card(viewer, viewer.world.add_card(viewer.caller.login, numbers[0], on.number))}


def _add_draft(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    card = viewer.world.add_draft(viewer.caller.login, given["title"], given.get("body") or "", on.number)
    return {"projectItem": boards.card(viewer, card)}


def _convert(viewer: Viewer, given: Input) -> Noun:
    viewer.require(*PROJECTS)
    viewer.require("issues", "write")
    if given["repositoryId"] != viewer.world.repository_node_id:
        raise no_node(given["repositoryId"])
    if given["itemId"] not in viewer.world.cards:
        raise no_node(given["itemId"])
    return {"item": boards.card(viewer, viewer.world.convert_draft(viewer.caller.login, given["itemId"]))}


def _set(viewer: Viewer, given: Input) -> Noun:
    """The value must be of the field's kind, and alone."""
    found, kind = _card(viewer, given), _kind(viewer, given)
    value = {name: item for name, item in given["value"].items() if item is not None}
    wanted = VALUES.get(kind)
    if wanted is None:
        raise GraphError("UNPROCESSABLE", f"The field of type {kind.lower()} is currently not supported.")
    if set(value) != {wanted}:
        raise GraphError("VALIDATION", f"The field of type {kind.lower()} requires a {wanted} value")
    moved = viewer.world.set_value(viewer.caller.login, found.id, given["fieldId"], value[wanted])
    return {"projectV2Item": boards.card(viewer, moved)}


def _clear(viewer: Viewer, given: Input) -> Noun:
    found, kind = _card(viewer, given), _kind(viewer, given)
    if kind not in VALUES:
        raise GraphError("UNPROCESSABLE", f"The field of type {kind.lower()} is currently not supported.")
    cleared = viewer.world.set_value(viewer.caller.login, found.id, given["fieldId"], None)
    return {"projectV2Item": boards.card(viewer, cleared)}


def _archive(viewer: Viewer, given: Input) -> Noun:
    return {"item": boards.card(viewer, viewer.world.archive_card(viewer.caller.login, _card(viewer, given).id))}


def _unarchive(viewer: Viewer, given: Input) -> Noun:
    return {"item": boards.card(viewer, viewer.world.archive_card(viewer.caller.login, _card(viewer, given).id, False))}


def _delete(viewer: Viewer, given: Input) -> Noun:
    found = _card(viewer, given)
    viewer.world.delete_card(viewer.caller.login, found.id)
    return {"deletedItemId": found.id}


# boards, fields, views


def _create_board(viewer: Viewer, given: Input) -> Noun:
    viewer.require(*PROJECTS)
    if given["ownerId"] != viewer.world.organisation_node_id:
        raise no_node(given["ownerId"])
    repository = _repository(viewer, given["repositoryId"]) if given.get("repositoryId") else None
    made = viewer.world.create_board(viewer.caller.login, given["title"], repository)
    return {"projectV2": boards.board(viewer, made)}


def _update_board(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    wanted = {**given, "short_description": given.get("shortDescription")}
    return {"projectV2": boards.board(viewer, viewer.world.edit_board(viewer.caller.login, on.number, wanted))}


def _delete_board(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    shown = boards.board(viewer, on)
    viewer.world.delete_board(viewer.caller.login, on.number)
    return {"projectV2": shown}


def _link(viewer: Viewer, given: Input, *, linked: bool = True) -> Noun:
    on, name = _board(viewer, given), _repository(viewer, given["repositoryId"])
    viewer.world.link_board(viewer.caller.login, on.number, name, linked=linked)
    return {"repository": nouns.repository_named(viewer, name)}


def _unlink(viewer: Viewer, given: Input) -> Noun:
    return _link(viewer, given, linked=False)


def _repository(viewer: Viewer, node: str) -> str:
    """Its full name. An App needs the contents of a repository to tie a board to it."""
    viewer.require("contents")
    world = viewer.world
    known = {world.repository_node_id: world.repository}
    if viewer.caller.kind == "person":
        known |= {item.node_id: f"{world.organisation}/{name}" for name, item in world.others.items()}
    if node not in known:
        raise no_node(node)
    return known[node]


def _create_field(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    weeks = [
        Iteration(secrets.token_hex(4), item["title"], str(item["startDate"]), item["duration"])
        for item in (given.get("iterationConfiguration") or {}).get("iterations", [])
    ]
    options = given.get("singleSelectOptions") or []
    made = viewer.world.create_field(viewer.caller.login, on.number, given["name"], given["dataType"], options, weeks)
    return {"projectV2Field": boards.field(viewer, on, made)}


def _update_field(viewer: Viewer, given: Input) -> Noun:
    on = _board_of_field(viewer, given)
    options = given.get("singleSelectOptions")
    made = viewer.world.edit_field(viewer.caller.login, given["fieldId"], name=given.get("name"), options=options)
    return {"projectV2Field": boards.field(viewer, on, made)}


def _delete_field(viewer: Viewer, given: Input) -> Noun:
    on = _board_of_field(viewer, given)
    shown = boards.field(viewer, on, on.fields[given["fieldId"]])
    viewer.world.delete_field(viewer.caller.login, given["fieldId"])
    return {"projectV2Field": shown}


def _board_of_field(viewer: Viewer, given: Input) -> Board:
    viewer.require(*PROJECTS)
    found = [item for item in viewer.world.boards.values() if given["fieldId"] in item.fields]
    if not found:
        raise no_node(given["fieldId"])
    return found[0]


def _create_view(viewer: Viewer, given: Input) -> Noun:
    """It cannot choose the columns of a board: REST alone does."""
    on = _board(viewer, given)
    fields = _visible(on, given)
    layout = given["layout"].removesuffix("_LAYOUT").lower()
    made = viewer.world.create_view(viewer.caller.login, on.number, given["name"], layout, {"visible_fields": fields})
    return {"projectV2View": boards.view(viewer, on, made)}


def _update_view(viewer: Viewer, given: Input) -> Noun:
    viewer.require(*PROJECTS)
    on, _ = viewer.world.view(given["viewId"])
    layout = given["layout"].removesuffix("_LAYOUT").lower() if given.get("layout") else None
    wanted = {**given, "layout": layout, "visible_fields": _visible(on, given)}
    return {
        "projectV2View": boards.view(viewer, on, viewer.world.edit_view(viewer.caller.login, given["viewId"], wanted))
    }


def _visible(on: Board, given: Input) -> list[int] | None:
    nodes = (given.get("configuration") or {}).get("visibleFieldIds")
    if nodes is None:
        return None
    if unknown := [node for node in nodes if node not in on.fields]:
        raise no_node(unknown[0])
    return [on.fields[node].id for node in nodes]


def _delete_workflow(viewer: Viewer, given: Input) -> Noun:
    viewer.require(*PROJECTS)
    return {"deletedWorkflowId": viewer.world.delete_workflow(viewer.caller.login, given["workflowId"])}


def _status(viewer: Viewer, given: Input) -> Noun:
    on = _board(viewer, given)
    words = {"body": given.get("body"), "status": given.get("status")}
    dates = {"start_date": given.get("startDate"), "target_date": given.get("targetDate")}
    made = viewer.world.update_status(viewer.caller.login, on.number, {**words, **dates})
    return {"statusUpdate": boards.update(viewer, on, made)}


# what they are about


def _board(viewer: Viewer, given: Input) -> Board:
    viewer.require(*PROJECTS)
    found = [item for item in viewer.world.boards.values() if item.node_id == given["projectId"]]
    if not found:
        raise no_node(given["projectId"])
    return found[0]


def _card(viewer: Viewer, given: Input) -> Card:
    on = _board(viewer, given)
    found = viewer.world.cards.get(given["itemId"])
    if found is None or found.board != on.number:
        raise no_node(given["itemId"])
    return found


def _kind(viewer: Viewer, given: Input) -> str:
    """Of the field named, which must be one of this board."""
    found = _board(viewer, given).fields.get(given["fieldId"])
    if found is None:
        raise no_node(given["fieldId"])
    return found.kind


VALUES = {
    "TEXT": "text",
    "NUMBER": "number",
    "DATE": "date",
    "SINGLE_SELECT": "singleSelectOptionId",
    "ITERATION": "iterationId",
}
MUTATIONS: dict[str, Act] = {
    **ISSUE_MUTATIONS,
    "addProjectV2DraftIssue": _add_draft,
    "addProjectV2ItemById": _add,
    "archiveProjectV2Item": _archive,
    "clearProjectV2ItemFieldValue": _clear,
    "convertProjectV2DraftIssueItemToIssue": _convert,
    "createProjectV2": _create_board,
    "createProjectV2Field": _create_field,
    "createProjectV2StatusUpdate": _status,
    "createProjectV2View": _create_view,
    "deleteProjectV2": _delete_board,
    "deleteProjectV2Field": _delete_field,
    "deleteProjectV2Item": _delete,
    "deleteProjectV2Workflow": _delete_workflow,
    "linkProjectV2ToRepository": _link,
    "unarchiveProjectV2Item": _unarchive,
    "unlinkProjectV2FromRepository": _unlink,
    "updateProjectV2": _update_board,
    "updateProjectV2Field": _update_field,
    "updateProjectV2ItemFieldValue": _set,
    "updateProjectV2View": _update_view,
}
