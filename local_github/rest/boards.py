"""GitHub's REST routes for boards: everything is read, fields and views are created, items are changed."""

from __future__ import annotations

import secrets
from typing import Any

from local_github import payloads
from local_github.boards import Board, Card, Field, Iteration
from local_github.rest.call import Call, Reply, page
from local_github.state import Refused

TEXT = (str, type(None))


def listing(call: Call) -> Reply:
    """`q` looks in titles."""
    wanted = call.query.get("q", "").casefold()
    found = [item for item in call.world.boards.values() if wanted in item.title.casefold() and _seen(call, item)]
    return page(call, [payloads.board(call.world, item) for item in found])


def show(call: Call) -> Reply:
    return Reply(payloads.board(call.world, _board(call)))


def fields(call: Call) -> Reply:
    board = _board(call)
    return page(call, [payloads.field(call.world, board, item) for item in board.fields.values()])


def show_field(call: Call) -> Reply:
    board = _board(call)
    found = board.field_numbered(call.args["field"])
    if found is None:
        raise Refused(404, "Not Found")
    return Reply(payloads.field(call.world, board, found))


def create_field(call: Call) -> Reply:
    body = call.body(name=str, data_type=str, single_select_options=list, iteration_configuration=dict)
    name, kind = call.required(body, "name"), call.required(body, "data_type")
    if kind not in {"text", "number", "date", "single_select", "iteration"}:
        raise Refused(422, f'Invalid request.\n\n"{kind}" is not a possible data_type.')
    options = [_option(item) for item in body.get("single_select_options", [])]
    weeks = [_week(item) for item in body.get("iteration_configuration", {}).get("iterations", [])]
    board = _board(call)
    made = call.world.create_field(call.actor, board.number, name, kind.upper(), options, weeks)
    return Reply(payloads.field(call.world, board, made), 201)


def _option(item: Any) -> dict[str, str]:
    """Names come plain, or raw beside their HTML."""
    if not isinstance(item, dict) or "name" not in item:
        raise Refused(422, 'Invalid request.\n\nFor "single_select_options", an item has no name.')
    words = {key: value["raw"] if isinstance(value, dict) else value for key, value in item.items()}
    return {key: str(value) for key, value in words.items() if key != "id"}


def _week(item: Any) -> Iteration:
    return Iteration(secrets.token_hex(4), str(item["title"]), str(item["start_date"]), int(item.get("duration", 14)))


def items(call: Call) -> Reply:
    board = _board(call)
    found = [card for card in call.world.cards.values() if card.board == board.number and not card.archived]
    return page(call, [payloads.item(call.world, card, _wanted(call, board)) for card in found])


def show_item(call: Call) -> Reply:
    board, card = _item(call)
    return Reply(payloads.item(call.world, card, _wanted(call, board)))


def add_item(call: Call) -> Reply:
    """By the issue's own id, not its number."""
    body = call.body(type=str, id=int, owner=str, repo=str, number=int)
    if call.required(body, "type") != "Issue":
        raise Refused(422, 'Invalid request.\n\nFor "type", only "Issue" exists here.')
    board = _board(call)
    found = [
        item for item in call.world.issues.values() if body.get("id") == item.id or body.get("number") == item.number
    ]
    if not found:
        raise Refused(404, "Not Found")
    card = call.world.add_card(call.actor, found[0].number, board.number)
    return Reply(payloads.item(call.world, card), 201)


def add_draft(call: Call) -> Reply:
    body = call.body(title=str, body=TEXT)
    card = call.world.add_draft(call.actor, call.required(body, "title"), body.get("body") or "", _board(call).number)
    return Reply(payloads.item(call.world, card), 201)


def edit_item(call: Call) -> Reply:
    """`fields` names each field by its number; a null value empties it."""
    board, card = _item(call)
    body = call.body(fields=list)
    found = [(_changed(board, change), change) for change in call.required(body, "fields")]
    for field, change in found:  # every one, before any is written
        call.world.checked(card, field.node_id, change["value"])
    for field, change in found:
        call.world.set_value(call.actor, card.id, field.node_id, change["value"])
    return Reply(payloads.item(call.world, card, _wanted(call, board)))


def _changed(board: Board, change: Any) -> Field:
    """The field that a change names."""
    if not isinstance(change, dict) or set(change) != {"id", "value"}:
        raise Refused(422, 'Invalid request.\n\nFor "fields", an item is not an id and a value.')
    found = board.field_numbered(change["id"])
    if found is None:
        raise Refused(422, f"Field {change['id']} does not exist on this project")
    return found


def delete_item(call: Call) -> Reply:
    call.world.delete_card(call.actor, _item(call)[1].id)
    return Reply(None, 204)


def create_view(call: Call) -> Reply:
    """The only way to choose the field that makes a board's columns."""
    body = call.body(
        name=str, layout=str, filter=str, visible_fields=list, sort_by=list, group_by=list, vertical_group_by=list
    )
    name, layout, board = call.required(body, "name"), call.required(body, "layout"), _board(call)
    if layout == "roadmap" and "visible_fields" in body:
        raise Refused(422, "Invalid request.\n\nvisible_fields is not applicable to roadmap layout views.")
    for alone in ("group_by", "vertical_group_by"):
        if len(body.get(alone, [])) > 1:
            raise Refused(422, f'Invalid request.\n\nFor "{alone}", at most one field is supported.')
    more = {key: value for key, value in body.items() if key not in {"name", "layout", "sort_by"}}
    more["sort_by"] = [(by, way) for by, way in body.get("sort_by", [])]
    made = call.world.create_view(call.actor, board.number, name, layout, more)
    return Reply(payloads.view(call.world, board, made), 201)


def view_items(call: Call) -> Reply:
    if all(view.number != call.args["view"] for view in _board(call).views):
        raise Refused(404, "Not Found")
    return items(call)


def _board(call: Call) -> Board:
    found = call.world.board(call.args["project"])
    if not _seen(call, found):
        raise Refused(404, "Not Found")
    return found


def _seen(call: Call, board: Board) -> bool:
    return call.caller.kind == "person" or not board.hidden


def _item(call: Call) -> tuple[Board, Card]:
    board = _board(call)
    found = [x for x in call.world.cards.values() if (x.number_id, x.board) == (call.args["item"], board.number)]
    if not found:
        raise Refused(404, "Not Found")
    return board, found[0]


def _wanted(call: Call, board: Board) -> list[int]:
    """Without a choice, the title alone, as GitHub says."""
    asked = call.query.get("fields", "")
    numbers = [int(part) for part in asked.split(",") if part.isdigit()]
    return numbers or [item.id for item in board.fields.values() if item.kind == "TITLE"]
