"""Boards: the cards on them, and the values the cards carry."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

from local_github import payloads
from local_github.boards import Board, Card, Draft, Field, Value
from local_github.operations.core import Core, act, check_length, invalid
from local_github.state import Refused, node_id

Given = str | float
WRONG_OPTION = "The single select option Id does not belong to the field"
WRONG_ITERATION = "The iteration Id does not belong to the field"


class CardActs(Core):
    @act
    def add_card(self, actor: str, number: int, board: int | None = None) -> Card:
        """Adding an issue twice gives the card it already has."""
        self.require(actor, "move_card")
        issue, where = self.issue(number), self.board(board)
        if card := self.card_of(number, where.number):
            return card
        card = self._new_card(actor, where, issue.number, None)
        self.told(issue, "added_to_project_v2", actor, board=where.number)
        return card

    @act
    def add_draft(self, actor: str, title: str, body: str = "", board: int | None = None) -> Card:
        self.require(actor, "move_card")
        if not title.strip():
            raise invalid("DraftIssue", "title", "title can't be blank")
        check_length(body)
        at = self.now()
        draft = Draft(self.new_id(), node_id("DI"), title.strip(), body, actor, at, at)
        return self._new_card(actor, self.board(board), None, draft)

    def _new_card(self, actor: str, board: Board, number: int | None, draft: Draft | None) -> Card:
        self._check_room(board)
        at, made = self.now(), (node_id("PVTI"), self.new_id(), board.number)
        card = Card(*made, number, draft, False, actor, at, at, board.column_field)
        self.cards[card.id] = card
        self._card_event("created", card, actor)
        return card

    def _check_room(self, board: Board) -> None:
        """Archived cards take no room."""
        if sum(card.board == board.number and not card.archived for card in self.cards.values()) >= board.limit:
            raise invalid("ProjectV2Item", "base", "The project has reached the maximum number of items")

    @act
    def convert_draft(self, actor: str, card_id: str) -> Card:
        """The draft becomes an issue of the repository; the card stays."""
        self.require(actor, "open_issue")
        card = self.card(card_id)
        if card.draft is None:
            raise Refused(422, "The item is not a draft issue")
        draft = card.draft
        issue = self.open_issue(actor, draft.title, draft.body)  # type: ignore[attr-defined]
        card.issue, card.draft = issue.number, None
        self.told(issue, "converted_from_draft", actor, board=card.board)
        changes = {"content_type": {"from": "DraftIssue", "to": "Issue"}}
        self._card_event("converted", card, actor, changes=changes)
        return card

    @act
    def move_card(self, actor: str, card_id: str, option_id: str | None) -> Card:
        """To another column; None takes it out of all columns."""
        card = self.card(card_id)
        return self.set_value(actor, card_id, card.column_field, option_id)

    @act
    def set_value(self, actor: str, card_id: str, field_id: str, given: Given | None) -> Card:
        """Writes one field of a card; None empties it. The event tells what stood there."""
        self.require(actor, "move_card")
        card = self.card(card_id)
        field, given = self.checked(card, field_id, given)
        before = card.values.get(field_id)
        if (before.value if before else None) == given:
            return card
        self._write(actor, card, field, given)
        board, was = self.board(card.board), before.value if before else None
        self._tell_move(actor, card, field, was, given)
        value = payloads.field_value(board, field, was, given)
        self._card_event("edited", card, actor, changes={"field_value": value})
        return card

    def checked(self, card: Card, field_id: str, given: Given | None) -> tuple[Field, Given | None]:
        """The field and the value as it would be written; raises Refused."""
        field = self.board(card.board).fields.get(field_id)
        if field is None:
            raise Refused(404, f"Could not resolve to a node with the global id of '{field_id}'")
        return field, None if given is None else _checked(field, given)

    def _write(self, actor: str, card: Card, field: Field, given: Given | None) -> None:
        known, at = card.values.pop(field.node_id, None), self.now()
        if given is not None:
            made = known.created_at if known else at
            number = known.id if known else self.new_id()
            card.values[field.node_id] = Value(number, given, actor, made, at)

    def _tell_move(self, actor: str, card: Card, field: Field, was: Given | None, given: Given | None) -> None:
        if card.issue is None or field.kind != "SINGLE_SELECT":
            return
        names = [option.name if (option := field.option(str(item))) else None for item in (was, given)]
        details = {"board": card.board, "field": field.name, "before": names[0], "after": names[1]}
        self.told(self.issue(card.issue), "project_v2_item_status_changed", actor, **details)

    @act
    def archive_card(self, actor: str, card_id: str, archived: bool = True) -> Card:
        self.require(actor, "move_card")
        card = self.card(card_id)
        if card.archived != archived:
            if not archived:
                self._check_room(self.board(card.board))
            before, card.archived, card.archived_at = card.archived_at, archived, self.now() if archived else None
            changes = {"archived_at": {"from": before, "to": card.archived_at}}
            self._card_event("archived" if archived else "restored", card, actor, changes=changes)
        return card

    @act
    def delete_card(self, actor: str, card_id: str) -> None:
        self.require(actor, "move_card")
        card = self.cards.pop(self.card(card_id).id)
        if card.issue is not None:
            self.told(self.issue(card.issue), "removed_from_project_v2", actor, board=card.board)
        self._card_event("deleted", card, actor)

    def _card_event(self, action: str, card: Card, actor: str, **more: Any) -> None:
        card.updated_at = self.now()
        if self.board(card.board).hidden:
            return
        self.emit("projects_v2_item", action, actor, projects_v2_item=payloads.card(self, card), **more)


def _checked(field: Field, given: Given) -> Given:
    """The value as it is kept; raises Refused(422) with GitHub's words when it does not fit the field."""
    check = CHECKS.get(field.kind)
    if check is None:
        raise Refused(422, f"The field of type {field.kind.lower()} is currently not supported.")
    return check(field, given)


def _text(_: Field, given: Given) -> Given:
    if not isinstance(given, str):
        raise Refused(422, "The field of type text requires a text value")
    return given


def _number(_: Field, given: Given) -> Given:
    if isinstance(given, str) or not math.isfinite(given):
        raise Refused(422, "The field of type number requires a number value")
    return float(given)


def _date(_: Field, given: Given) -> Given:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError as error:
        raise Refused(422, "The field of type date requires a date value") from error


def _option(field: Field, given: Given) -> Given:
    if field.option(str(given)) is None:
        raise Refused(422, WRONG_OPTION)
    return given


def _iteration(field: Field, given: Given) -> Given:
    if field.iteration(str(given)) is None:
        raise Refused(422, WRONG_ITERATION)
    return given


CHECKS: dict[str, Callable[[Field, Given], Given]] = {
    "TEXT": _text,
    "NUMBER": _number,
    "DATE": _date,
    "SINGLE_SELECT": _option,
    "ITERATION": _iteration,
}
