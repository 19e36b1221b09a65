"""New things with new ids: boards as GitHub makes them, fields, views, commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from local_github.boards import (
    BUILT_IN,
    PREFIXES,
    STATUSES,
    WORKFLOWS,
    Board,
    Field,
    Iteration,
    Kind,
    Option,
    View,
    Workflow,
)
from local_github.state import Commit, State, node_id


def small_id() -> int:
    """Accounts, repositories and fields fit 32 bits: GraphQL calls them Int."""
    return 100_000_000 + secrets.randbelow(1_000_000_000)


def new_board(state: State, creator: str, title: str, number: int) -> Board:
    """With GitHub's own fields, automations and first view."""
    at = state.now()
    fields = [new_field(state, name, kind, built_in=True) for name, kind in BUILT_IN]
    status = next(item for item in fields if item.kind == "SINGLE_SELECT")
    status.options = [Option(secrets.token_hex(4), *words) for words in STATUSES]
    board = Board(
        id=small_id(),
        node_id=node_id("PVT"),
        number=number,
        title=title,
        creator=creator,
        created_at=at,
        updated_at=at,
        repositories=[],
        fields={item.node_id: item for item in fields},
        views=[],
        workflows=[
            Workflow(state.new_id(), node_id("PWF"), rank, name, enabled, at)
            for rank, (name, enabled) in enumerate(WORKFLOWS, 1)
        ],
        column_field=status.node_id,
    )
    board.views.append(new_view(state, board, creator, "View 1", "table"))
    return board


def new_field(
    state: State,
    name: str,
    kind: Kind,
    *,
    built_in: bool = False,
    options: Iterable[Option] = (),
    iterations: Iterable[Iteration] = (),
) -> Field:
    at, node = state.now(), node_id(PREFIXES.get(kind, "PVTF"))
    return Field(small_id(), node, name, kind, at, at, built_in, list(options), list(iterations))


def new_view(
    state: State,
    board: Board,
    creator: str,
    name: str,
    layout: str,
    *,
    filter: str | None = None,  # noqa: A002  # GitHub's word
    visible_fields: Iterable[int] | None = None,
    sort_by: Iterable[tuple[int, str]] = (),
    group_by: Iterable[int] = (),
    vertical_group_by: Iterable[int] = (),
) -> View:
    """Without a choice, a view shows the title, the people and the status, and a board's columns follow the status."""
    at = state.now()
    first = [item.id for item in board.fields.values() if item.kind in {"TITLE", "ASSIGNEES", "SINGLE_SELECT"}]
    columns = list(vertical_group_by)
    if layout == "board" and not columns:
        status = board.field_named("Status")
        columns = [status.id] if status else []
    return View(
        id=state.new_id(),
        node_id=node_id("PVTV"),
        number=max((view.number for view in board.views), default=0) + 1,
        name=name,
        layout=layout,
        filter=filter,
        visible_fields=first if visible_fields is None else list(visible_fields),
        sort_by=list(sort_by),
        group_by=list(group_by),
        vertical_group_by=columns,
        creator=creator,
        created_at=at,
        updated_at=at,
    )


def options_of(items: Iterable[Mapping[str, Any]]) -> list[Option]:
    """Without an id, an option is a new one, whatever its name."""
    return [
        Option(
            item.get("id") or secrets.token_hex(4),
            item["name"],
            item.get("color", "GRAY"),
            item.get("description", ""),
        )
        for item in items
    ]


def commit(state: State, author: str, message: str, files: dict[str, str]) -> Commit:
    parent = state.commits[-1].sha if state.commits else None
    texts = {path: state.files[path] for path in files if path in state.files}
    return Commit(secrets.token_hex(20), node_id("C"), message, author, state.now(), files, parent, texts)
