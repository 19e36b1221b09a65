"""Where GraphQL begins: the queries, any node by its id, and the mutations of their own table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from local_github import graph_boards as boards
from local_github import graph_nouns as nouns
from local_github.boards import Board
from local_github.graph_acts import MUTATIONS
from local_github.graph_core import Act, GraphError, Input, Noun, Viewer
from local_github.limits import LIMIT, Window
from local_github.operations.core import NotEntitled
from local_github.state import Comment, Issue

Known = tuple[str, Callable[[], Noun | None]]
"""A node's global id, and what makes the noun."""


def root(viewer: Viewer) -> Noun:
    return {
        "node": lambda id: _node(viewer, id),  # noqa: A006  # the schema's name
        "organization": lambda login: _organization(viewer, login),
        "repository": lambda owner, name, followRenames=True: nouns.repository_named(  # noqa: N803  # the schema's name
            viewer, f"{owner}/{name}", renamed=followRenames
        ),
        "user": lambda login: _user(viewer, login),
        "viewer": lambda: nouns.account(viewer, viewer.caller.login),
        "rateLimit": lambda **_: _rate_limit(viewer.window),
        **{name: _mutation(viewer, name, act) for name, act in MUTATIONS.items()},
    }


def _organization(viewer: Viewer, login: str) -> Noun:
    if login.lower() != viewer.world.organisation.lower():
        raise GraphError("NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'.")
    return nouns.organization(viewer)


def _user(viewer: Viewer, login: str) -> Noun:
    """GitHub ignores case; a login that was given up leads nowhere."""
    people = viewer.world.people.values()
    found = next((one for one in people if one.login.lower() == login.lower() and one.typename == "User"), None)
    if found is None:
        raise GraphError("NOT_FOUND", f"Could not resolve to a User with the login of '{login}'.")
    return nouns.account(viewer, found.login) or {}


def _rate_limit(window: Window) -> Noun:
    """A call is counted with its answer: what is shown includes the one that asks."""
    reset, used = datetime.fromtimestamp(window.reset, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), window.used + 1
    counts = {"limit": LIMIT, "remaining": max(0, LIMIT - used), "used": used}
    return {"cost": 1, "nodeCount": 1, "resetAt": reset, **counts}


def _node(viewer: Viewer, wanted: str) -> Noun:
    if found := next((make() for key, make in _every_node(viewer) if key == wanted), None):
        return found
    raise GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'.")


def _every_node(viewer: Viewer) -> Iterator[Known]:
    world = viewer.world
    yield world.repository_node_id, partial(nouns.repository, viewer)
    yield world.organisation_node_id, partial(nouns.organization, viewer)
    yield from ((x.node_id, partial(nouns.issue, viewer, x)) for x in world.issues.values())
    yield from (
        (x.id, partial(_seen, viewer, partial(boards.card, viewer, x)))
        for x in world.cards.values()
        if boards.may_see(viewer, world.board(x.board))
    )
    said = (comment for issue in world.issues.values() for comment in issue.comments)
    yield from ((x.node_id, partial(nouns.comment, viewer, x)) for x in said)
    yield from (
        (f"REA_{x.id}", partial(nouns.reaction, viewer, on, x)) for on in _reactables(viewer) for x in on.reactions
    )
    yield from ((x.node_id, partial(nouns.label, viewer, x)) for x in world.labels.values())
    yield from ((x.node_id, partial(nouns.account, viewer, x.login)) for x in world.people.values())
    yield from ((f"T_{number}", partial(nouns.team, viewer, slug)) for slug, number in world.team_ids.items())
    for name, other in world.others.items():
        yield other.node_id, partial(nouns.repository_named, viewer, f"{world.organisation}/{name}")
    for board in world.boards.values():
        if not boards.may_see(viewer, board):
            continue
        yield from ((node, partial(_seen, viewer, make)) for node, make in _nodes_of_board(viewer, board))


def _reactables(viewer: Viewer) -> Iterator[Issue | Comment]:
    for issue in viewer.world.issues.values():
        yield issue
        yield from issue.comments


def _nodes_of_board(viewer: Viewer, on: Board) -> Iterator[Known]:
    yield on.node_id, partial(boards.board, viewer, on)
    yield from ((x.node_id, partial(boards.field, viewer, on, x)) for x in on.fields.values())
    yield from ((x.node_id, partial(boards.view, viewer, on, x)) for x in on.views)
    yield from ((x.node_id, partial(boards.workflow, viewer, on, x)) for x in on.workflows)
    yield from ((x.node_id, partial(boards.update, viewer, on, x)) for x in on.updates)
    drafts = (card.draft for card in viewer.world.cards.values() if card.board == on.number and card.draft)
    yield from ((x.node_id, partial(boards.draft, viewer, x)) for x in drafts)


def _seen(viewer: Viewer, make: Callable[[], Noun | None]) -> Noun | None:
    viewer.require("organization_projects")
    return make()


def _mutation(viewer: Viewer, name: str, act: Act) -> Callable[..., Noun]:
    def resolve(input: Input) -> Noun:  # noqa: A002  # the schema's name
        try:
            return {"clientMutationId": input.get("clientMutationId"), **act(viewer, input)}
        except NotEntitled as refused:
            login, what = viewer.caller.login.removesuffix("[bot]"), f"{name[0].upper()}{name[1:]}"
            message = f"{login} does not have the correct permissions to execute `{what}`"
            raise GraphError("FORBIDDEN", message) from refused

    return resolve
