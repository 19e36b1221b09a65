"""A product's card on the board: what its fields show, and its column and fields written in one call."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.product.issue import BoardField, Issue
from app.domain.publish.card_fields import DUE, GATE, OFFICE, PROGRESS, Fill, Shown
from app.domain.publish.effects import FillCard, PlaceCard
from app.github.client import Client

log = logging.getLogger(__name__)
ALIASES = {GATE: "gate", PROGRESS: "progress", DUE: "due", OFFICE: "office"}
"""Names of the fields in our operations, GraphQL taking no accents."""
VALUES = {"SINGLE_SELECT": "singleSelectOptionId", "NUMBER": "number", "DATE": "date", "TEXT": "text"}
SHOWN = ("name", "number", "date", "text")
COLUMN = "column"


def fields_of(board: Any) -> dict[str, BoardField]:
    """The fields we fill, among those that the board has."""
    found = {name: board[alias] for name, alias in ALIASES.items() if board.get(alias)}
    return {
        name: BoardField(item["id"], item["dataType"], {x["name"]: x["id"] for x in item.get("options", ())})
        for name, item in found.items()
        if "id" in item
    }


def values_of(card: Any) -> dict[str, Shown]:
    """What those fields show on a card; empty ones are left out."""
    found = {name: _shown(card[alias]) for name, alias in ALIASES.items() if card.get(alias)}
    return {name: value for name, value in found.items() if value is not None}


def _shown(value: Mapping[str, Any]) -> Shown:
    found = next((value[key] for key in SHOWN if value.get(key) is not None), None)
    return float(found) if isinstance(found, int) else found


def write(client: Client, issue: Issue, effect: PlaceCard | FillCard) -> None:
    """The card made if there is none, then all that is to be written on it, at once."""
    requester, board = client.requester(issue.repository), effect.board
    if effect.card is None:
        added = client.graphql(requester, "add_card", project=board.id, content=issue.id)
        item = added["addProjectV2ItemById"]["item"]["id"]
    else:
        item = effect.card.id
    text, values = document(effect.fills, (board.field_id, effect.option) if isinstance(effect, PlaceCard) else None)
    client.graphql_text(requester, text, _is_about_field, project=board.id, item=item, **values)


def document(fills: Iterable[Fill], column: tuple[str, str] | None) -> tuple[str, dict[str, Any]]:
    """One mutation that writes the column, a field and an option, and every other field; and its variables."""
    declared, acts, values = ["$project: ID!", "$item: ID!"], [], dict[str, Any]()
    placed = [(COLUMN, column[0], {"singleSelectOptionId": column[1]})] if column else []
    filled = [(ALIASES[fill.name], fill.field, _input(fill)) for fill in fills]
    for name, field, value in [*placed, *filled]:
        target = f"projectId: $project, itemId: $item, fieldId: ${name}"
        declared.append(f"${name}: ID!")
        values[name] = field
        if value is None:
            acts.append(f"{name}: clearProjectV2ItemFieldValue(input: {{{target}}}) {{ clientMutationId }}")
            continue
        declared.append(f"${name}Value: ProjectV2FieldValue!")
        values[f"{name}Value"] = value
        target = f"{target}, value: ${name}Value"
        acts.append(f"{name}: updateProjectV2ItemFieldValue(input: {{{target}}}) {{ clientMutationId }}")
    body = "\n  ".join(acts)
    return f"mutation WriteCard({', '.join(declared)}) {{\n  {body}\n}}\n", values


def _input(fill: Fill) -> dict[str, Shown] | None:
    return None if fill.value is None else {VALUES[fill.kind]: fill.value}


def _is_about_field(error: Any) -> bool:
    """A field deleted or changed meanwhile must hold up neither the column nor what people are waiting for."""
    if not isinstance(error, dict) or error.get("type") not in {"NOT_FOUND", "VALIDATION", "UNPROCESSABLE"}:
        return False
    (name, *_) = error.get("path") or [COLUMN]
    if name == COLUMN:
        return False
    log.warning("the field « %s » of a card could not be written", name)
    return True
