"""The state on disk: one JSON file, replaced as a whole, readable by its owner alone since it holds the App's key."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from app.sandbox.state import (
    AppRecord,
    Card,
    Comment,
    Delivery,
    Issue,
    Label,
    Option,
    Person,
    Reaction,
    State,
)

FORMAT = 2


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
    data["issues"] = {int(number): _issue(item) for number, item in data["issues"].items()}
    for name, kind in (("people", Person), ("labels", Label), ("cards", Card)):
        data[name] = {key: kind(**item) for key, item in data[name].items()}
    data["options"] = [Option(**item) for item in data["options"]]
    data["deliveries"] = [Delivery(**item) for item in data["deliveries"]]
    return State(**data)


def _issue(data: dict[str, Any]) -> Issue:
    comments = [Comment(**{**item, "reactions": _reactions(item)}) for item in data["comments"]]
    return Issue(**{**data, "comments": comments, "reactions": _reactions(data)})


def _reactions(data: dict[str, Any]) -> list[Reaction]:
    return [Reaction(**given) for given in data["reactions"]]


def write_private(path: Path, text: str) -> None:
    """Mode 0600 from the first byte on, also when the file was there with another."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
