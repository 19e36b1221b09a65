"""The state on disk: one JSON file, replaced as a whole, readable by its owner alone since it holds the App's key."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from local_github.boards import (
    Board,
    Card,
    Draft,
    Field,
    Iteration,
    Option,
    StatusUpdate,
    Value,
    View,
    Workflow,
)
from local_github.state import (
    AppRecord,
    Comment,
    Commit,
    CommitComment,
    Delivery,
    Event,
    Issue,
    Label,
    OtherRepository,
    Person,
    Pull,
    Reaction,
    State,
)

FORMAT = 3
Kind = TypeVar("Kind", bound=Issue)


def save(state: State, path: Path) -> None:
    """A crash leaves the former file or the new one, never half of one."""
    kept = {item.name: getattr(state, item.name) for item in fields(State)}
    text = json.dumps({"format": FORMAT, **kept}, default=asdict, ensure_ascii=False)
    write_private(path.with_name(f"{path.name}.new"), text)
    path.with_name(f"{path.name}.new").replace(path)


def load(path: Path) -> State:
    """Raises ValueError when the file was written by another version."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if data.pop("format", None) != FORMAT:
        raise ValueError(f"{path}: not a state file of this version")
    data["app"] = AppRecord(**data["app"])
    data["other_apps"] = {slug: AppRecord(**item) for slug, item in data.get("other_apps", {}).items()}
    data["issues"] = {int(number): _issue(Issue, item) for number, item in data["issues"].items()}
    data["away"] = {node: _issue(Issue, item) for node, item in data.get("away", {}).items()}
    data["pulls"] = {int(number): _issue(Pull, item) for number, item in data.get("pulls", {}).items()}
    data["boards"] = {int(number): _board(item) for number, item in data["boards"].items()}
    data["cards"] = {key: _card(item) for key, item in data["cards"].items()}
    for name, kind in (("people", Person), ("labels", Label), ("others", OtherRepository)):
        data[name] = {key: kind(**item) for key, item in data[name].items()}
    for name, kept in (("deliveries", Delivery), ("commits", Commit), ("commit_comments", CommitComment)):
        data[name] = _each(kept, data[name])
    return State(**data)


def _each(kind: Any, items: list[dict[str, Any]]) -> list[Any]:
    return [kind(**item) for item in items]


def _issue(kind: type[Kind], data: dict[str, Any]) -> Kind:
    comments = [Comment(**{**item, "reactions": _each(Reaction, item["reactions"])}) for item in data["comments"]]
    return kind(
        **{
            **data,
            "comments": comments,
            "events": _each(Event, data["events"]),
            "reactions": _each(Reaction, data["reactions"]),
        }
    )


def _board(data: dict[str, Any]) -> Board:
    return Board(
        **{
            **data,
            "fields": {key: _field(item) for key, item in data["fields"].items()},
            "views": [
                View(**{**item, "sort_by": [(by, way) for by, way in item["sort_by"]]}) for item in data["views"]
            ],
            "workflows": _each(Workflow, data["workflows"]),
            "updates": _each(StatusUpdate, data["updates"]),
        }
    )


def _field(data: dict[str, Any]) -> Field:
    options, iterations = _each(Option, data["options"]), _each(Iteration, data["iterations"])
    return Field(**{**data, "options": options, "iterations": iterations})


def _card(data: dict[str, Any]) -> Card:
    draft = Draft(**data["draft"]) if data["draft"] else None
    return Card(**{**data, "draft": draft, "values": {key: Value(**item) for key, item in data["values"].items()}})


def write_private(path: Path, text: str) -> None:
    """Mode 0600 from the first byte on, also when the file was there with another."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
