"""Where GraphQL begins: the queries and the mutations, each checked against what the caller may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sandbox.graph_nouns import (
    GraphError,
    Noun,
    Viewer,
    account,
    board,
    card,
    comment,
    field,
    issue,
    label,
    organization,
    repository,
    team,
)
from app.sandbox.state import Card, Comment

Input = dict[str, Any]


def root(viewer: Viewer) -> Noun:
    return {
        "node": lambda id: _node(viewer, id),  # noqa: A006  # the schema's name
        "organization": lambda login: _organization(viewer, login),
        "repository": lambda owner, name, **_: _repository(viewer, f"{owner}/{name}"),
        "viewer": lambda: account(viewer, viewer.caller.login),
        "rateLimit": lambda **_: _rate_limit(),
        **{name: _mutation(viewer, act) for name, act in MUTATIONS.items()},
    }


def _organization(viewer: Viewer, login: str) -> Noun:
    if login.lower() != viewer.world.organisation.lower():
        raise GraphError("NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'.")
    return organization(viewer)


def _repository(viewer: Viewer, name: str) -> Noun:
    if name.lower() != viewer.world.repository.lower():
        raise GraphError("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return repository(viewer)


def _rate_limit() -> Noun:
    reset = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"cost": 1, "limit": 5000, "nodeCount": 1, "remaining": 4999, "resetAt": reset, "used": 1}


def _node(viewer: Viewer, wanted: str) -> Noun:
    if found := next((make() for key, make in _every_node(viewer) if key == wanted), None):
        return found
    raise GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'.")


def _every_node(viewer: Viewer) -> list[tuple[str, Callable[[], Noun | None]]]:
    world = viewer.world
    single: list[tuple[str, Callable[[], Noun | None]]] = [
        (world.repository_node_id, lambda: repository(viewer)),
        (world.organisation_node_id, lambda: organization(viewer)),
        (world.board_node_id, lambda: board(viewer)),
        (world.field_node_id, lambda: field(viewer)),
    ]
    return [
        *single,
        *((item.node_id, lambda item=item: issue(viewer, item)) for item in world.issues.values()),
        *((item.id, lambda item=item: card(viewer, item)) for item in world.cards.values()),
        *((x.node_id, lambda x=x: comment(viewer, x)) for item in world.issues.values() for x in item.comments),
        *((item.node_id, lambda item=item: label(viewer, item)) for item in world.labels.values()),
        *((item.node_id, lambda item=item: account(viewer, item.login)) for item in world.people.values()),
        *((f"T_{world.team_ids[slug]}", lambda slug=slug: team(viewer, slug)) for slug in world.teams),
    ]


def _mutation(viewer: Viewer, act: Callable[[Viewer, Input], Noun]) -> Callable[..., Noun]:
    def resolve(input: Input) -> Noun:  # noqa: A002  # the schema's name
        return {"clientMutationId": input.get("clientMutationId"), **act(viewer, input)}

    return resolve


def _add(viewer: Viewer, given: Input) -> Noun:
    _on_our_board(viewer, given)
    viewer.require("issues")
    numbers = [item.number for item in viewer.world.issues.values() if item.node_id == given["contentId"]]
    if not numbers:
        raise _no_node(given["contentId"])
    return {"item": card(viewer, viewer.world.add_card(viewer.caller.login, numbers[0]))}


def _set(viewer: Viewer, given: Input) -> Noun:
    found = _card(viewer, given)
    _our_field(viewer, given)
    value = {name: item for name, item in given["value"].items() if item is not None}
    if set(value) != {"singleSelectOptionId"}:
        raise GraphError("VALIDATION", "The field of type single_select requires a singleSelectOptionId value")
    moved = viewer.world.move_card(viewer.caller.login, found.id, value["singleSelectOptionId"])
    return {"projectV2Item": card(viewer, moved)}


def _clear(viewer: Viewer, given: Input) -> Noun:
    found = _card(viewer, given)
    _our_field(viewer, given)
    return {"projectV2Item": card(viewer, viewer.world.move_card(viewer.caller.login, found.id, None))}


def _archive(viewer: Viewer, given: Input) -> Noun:
    return {"item": card(viewer, viewer.world.archive_card(viewer.caller.login, _card(viewer, given).id))}


def _unarchive(viewer: Viewer, given: Input) -> Noun:
    return {"item": card(viewer, viewer.world.archive_card(viewer.caller.login, _card(viewer, given).id, False))}


def _delete(viewer: Viewer, given: Input) -> Noun:
    found = _card(viewer, given)
    viewer.world.delete_card(viewer.caller.login, found.id)
    return {"deletedItemId": found.id}


def _minimize(viewer: Viewer, given: Input) -> Noun:
    reason = given["classifier"].lower().replace("_", "-")
    return {"minimizedComment": _shown(viewer, given, reason)}


def _unminimize(viewer: Viewer, given: Input) -> Noun:
    return {"unminimizedComment": _shown(viewer, given, None)}


def _shown(viewer: Viewer, given: Input, reason: str | None) -> Noun:
    viewer.require("issues", "write")
    found = _comment(viewer, given["subjectId"])
    return comment(viewer, viewer.world.minimize(viewer.caller.login, found.id, reason))


def _comment(viewer: Viewer, node: str) -> Comment:
    every = (item for one in viewer.world.issues.values() for item in one.comments)
    found = next((item for item in every if item.node_id == node), None)
    if found is None:
        raise _no_node(node)
    return found


def _on_our_board(viewer: Viewer, given: Input) -> None:
    viewer.require("organization_projects", "write")
    if given["projectId"] != viewer.world.board_node_id:
        raise _no_node(given["projectId"])


def _card(viewer: Viewer, given: Input) -> Card:
    _on_our_board(viewer, given)
    if given["itemId"] not in viewer.world.cards:
        raise _no_node(given["itemId"])
    return viewer.world.cards[given["itemId"]]


def _our_field(viewer: Viewer, given: Input) -> None:
    if given["fieldId"] != viewer.world.field_node_id:
        raise _no_node(given["fieldId"])


def _no_node(node: str) -> GraphError:
    return GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")


MUTATIONS: dict[str, Callable[[Viewer, Input], Noun]] = {
    "addProjectV2ItemById": _add,
    "updateProjectV2ItemFieldValue": _set,
    "clearProjectV2ItemFieldValue": _clear,
    "archiveProjectV2Item": _archive,
    "unarchiveProjectV2Item": _unarchive,
    "deleteProjectV2Item": _delete,
    "minimizeComment": _minimize,
    "unminimizeComment": _unminimize,
}
