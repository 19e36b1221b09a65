"""A product's card on the board: the values of its fields, written with its column in one call."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.product.issue import BoardField, Card, Issue
from app.domain.publish.card_fields import DUE, GATE, OFFICE, PROGRESS, Fill, Shown
from app.domain.publish.effects import FillCard, PlaceCard
from app.github.client import Client
from app.github.mutations import Mutation, by_rank, mutation_document

log = logging.getLogger(__name__)
ALIASES = {GATE: "gate", PROGRESS: "progress", DUE: "due", OFFICE: "office"}
"""Names of the fields in our GraphQL operations, where aliases take no accents."""
VALUES = {"SINGLE_SELECT": "singleSelectOptionId", "NUMBER": "number", "DATE": "date", "TEXT": "text"}
SHOWN = ("name", "number", "date", "text")
UPDATE, CLEAR = "updateProjectV2ItemFieldValue", "clearProjectV2ItemFieldValue"
ABOUT_VALUE = {"NOT_FOUND", "VALIDATION", "UNPROCESSABLE"}


def fields_of(board: Any) -> dict[str, BoardField]:
    """Our fields, among those of the board."""
    found = {name: board[alias] for name, alias in ALIASES.items() if board.get(alias)}
    return {
        name: BoardField(item["id"], item["dataType"], {x["name"]: x["id"] for x in item.get("options", ())})
        for name, item in found.items()
        if "id" in item
    }


def values_of(card: Any) -> dict[str, Shown]:
    """What those fields show on a card, empty ones left out."""
    found = {name: _shown(card[alias]) for name, alias in ALIASES.items() if card.get(alias)}
    return {name: value for name, value in found.items() if value is not None}


def _shown(value: Mapping[str, Any]) -> Shown:
    found = next((value[key] for key in SHOWN if value.get(key) is not None), None)
    return float(found) if isinstance(found, int) else found


def write(client: Client, issue: Issue, effect: PlaceCard | FillCard) -> None:
    """Create the card if there is none, then write its column and fields in one call."""
    requester, board = client.requester(issue.repository), effect.board
    if isinstance(effect, PlaceCard) and effect.card is None:
        added = client.graphql(requester, "add_card", project=board.id, content=issue.id)
        effect = replace(effect, card=Card(added["addProjectV2ItemById"]["item"]["id"], None))
    fields = card_mutations(effect)
    text, values = mutation_document("WriteCard", fields)

    def accept(error: Any) -> bool:
        found = by_rank([error])
        return found is not None and all(spares(fields[rank], told) for rank, told in found.items())

    client.graphql_text(requester, text, accept, **values)


def card_mutations(effect: PlaceCard | FillCard) -> tuple[Mutation, ...]:
    """The mutations for the column and every field of a card, in order."""
    if effect.card is None:
        raise ValueError("a card is written once it is on the board")
    target = {"projectId": effect.board.id, "itemId": effect.card.id}
    placed = []
    if isinstance(effect, PlaceCard):
        option = {"singleSelectOptionId": effect.option}
        placed.append(Mutation(UPDATE, {**target, "fieldId": effect.board.field_id, "value": option}))
    return (*placed, *(_filled(fill, target) for fill in effect.fills))


def _filled(fill: Fill, target: Mapping[str, str]) -> Mutation:
    where = {**target, "fieldId": fill.field}
    if fill.value is None:
        return Mutation(CLEAR, where, spared=fill.name)
    return Mutation(UPDATE, {**where, "value": {VALUES[fill.kind]: fill.value}}, spared=fill.name)


def spares(mutation: Mutation, error: Any) -> bool:
    """A field deleted or changed meanwhile must not stop the column, nor anything people wait for."""
    if not mutation.spared or not isinstance(error, Mapping) or error.get("type") not in ABOUT_VALUE:
        return False
    log.warning("the field « %s » of a card could not be written", mutation.spared)
    return True
