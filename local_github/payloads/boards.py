"""Boards as REST and webhooks show them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from local_github.boards import Board, Card, Draft, Field, Option, StatusUpdate, View
from local_github.payloads.accounts import Json, owner, user
from local_github.payloads.issues import issue
from local_github.state import State


def board(state: State, item: Board) -> Json:
    latest = item.updates[-1] if item.updates else None
    return {
        "id": item.id,
        "node_id": item.node_id,
        "owner": owner(state),
        "creator": user(state, item.creator),
        "title": item.title,
        "description": item.readme,
        "public": item.public,
        "closed_at": item.closed_at,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "number": item.number,
        "short_description": item.short_description,
        "deleted_at": None,
        "deleted_by": None,
        "state": "closed" if item.closed else "open",
        "latest_status_update": status_update(state, item, latest) if latest else None,
        "is_template": False,
    }


def status_update(state: State, on: Board, item: StatusUpdate) -> Json:
    words = {"status": item.status, "start_date": item.start_date, "target_date": item.target_date, "body": item.body}
    return {
        "id": item.id,
        "node_id": item.node_id,
        "project_node_id": on.node_id,
        "creator": user(state, item.creator),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        **{name: said for name, said in words.items() if said is not None},
    }


def board_url(state: State, number: int) -> str:
    return f"{state.url}/orgs/{state.organisation}/projectsV2/{number}"


def field(state: State, on: Board, item: Field) -> Json:
    shown: Json = {
        "id": item.id,
        "node_id": item.node_id,
        "project_url": board_url(state, on.number),
        "name": item.name,
        "data_type": item.kind.lower(),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }
    if item.kind == "SINGLE_SELECT":
        shown["options"] = [_rich_option(option) for option in item.options]
    if item.kind == "ITERATION":
        weeks = [
            {
                "id": week.id,
                "start_date": week.start_date,
                "duration": week.duration,
                "title": _rich(week.title),
                "completed": False,
            }
            for week in item.iterations
        ]
        shown["configuration"] = {"start_day": 1, "duration": item.duration, "iterations": weeks}
    return shown


def _rich(text: str) -> Json:
    return {"raw": text, "html": escape(text)}


def _rich_option(item: Option) -> Json:
    return {"id": item.id, "name": _rich(item.name), "description": _rich(item.description), "color": item.color}


def view(state: State, on: Board, item: View) -> Json:
    return {
        "id": item.id,
        "node_id": item.node_id,
        "project_url": board_url(state, on.number),
        "html_url": f"{state.url}/orgs/{state.organisation}/projects/{on.number}/views/{item.number}",
        "number": item.number,
        "name": item.name,
        "layout": item.layout,
        "creator": user(state, item.creator),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "filter": item.filter,
        "visible_fields": item.visible_fields,
        "sort_by": [list(pair) for pair in item.sort_by],
        "group_by": item.group_by,
        "vertical_group_by": item.vertical_group_by,
    }


def content_type(card: Card) -> str:
    return "DraftIssue" if card.draft else "Issue"


def card(state: State, item: Card) -> Json:
    """An item as webhooks show it: neither the number of the issue nor its repository."""
    content = item.draft.node_id if item.draft else state.issue(item.issue or 0).node_id
    return {
        "id": item.number_id,
        "node_id": item.id,
        "project_node_id": state.board(item.board).node_id,
        "content_node_id": content,
        "content_type": content_type(item),
        "creator": user(state, item.creator),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "archived_at": item.archived_at,
    }


def draft(state: State, item: Draft) -> Json:
    return {
        "id": item.id,
        "node_id": item.node_id,
        "title": item.title,
        "body": item.body or None,
        "user": user(state, item.author),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }


def item(state: State, card: Card, wanted: Iterable[int] | None = None) -> Json:
    """An item as REST shows it, with its content; and with the fields of these numbers, unless None."""
    on = state.board(card.board)
    content = draft(state, card.draft) if card.draft else issue(state, state.issue(card.issue or 0))
    shown = {
        "id": card.number_id,
        "node_id": card.id,
        "project_url": board_url(state, on.number),
        "item_url": f"{board_url(state, on.number)}/items/{card.number_id}",
        "content_type": content_type(card),
        "content": content,
        "creator": user(state, card.creator),
        "created_at": card.created_at,
        "updated_at": card.updated_at,
        "archived_at": card.archived_at,
    }
    if wanted is not None:
        fields = [found for number in wanted if (found := on.field_numbered(number))]
        shown["fields"] = [_valued(card, found, content["title"]) for found in fields]
    return shown


def _valued(card: Card, item: Field, title: str) -> Json:
    kept = card.values.get(item.node_id)
    value: Any = kept.value if kept else None
    if item.kind == "TITLE":
        value = _rich(title)
    elif item.kind == "SINGLE_SELECT":
        option = item.option(str(value))
        value = _rich_option(option) if option else None
    elif item.kind == "TEXT" and kept:
        value = _rich(str(value))
    return {"id": item.id, "name": item.name, "data_type": item.kind.lower(), "value": value}


def field_value(on: Board, item: Field, before: Any, after: Any) -> Json:
    """GitHub writes the field's id with the prefix of a plain field here, and nowhere else."""
    return {
        "field_node_id": f"PVTF_{item.node_id.partition('_')[2]}",
        "field_type": item.kind.lower(),
        "field_name": item.name,
        "project_number": on.number,
        "from": _plain(item, before),
        "to": _plain(item, after),
    }


def _plain(item: Field, value: Any) -> Any:
    if option := item.option(str(value)):
        return {"id": option.id, "name": option.name, "color": option.color, "description": option.description}
    if week := item.iteration(str(value)):
        return {"id": week.id, "title": week.title, "duration": week.duration, "start_date": week.start_date}
    # GitHub's schema knows whole numbers only here.
    return int(value) if isinstance(value, float) else value
