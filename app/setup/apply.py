"""Makes each change by its calls; what a change needs to know of the board is read at that moment."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from app.github.administrator import Administrator
from app.github.errors import RefusalError
from app.setup.changes import (
    Act,
    CreateBoard,
    CreateField,
    CreateLabel,
    CreateView,
    DescribeBoard,
    EditLabel,
    LinkBoard,
    ReopenBoard,
    SetOptions,
    WriteFile,
)
from app.setup.current import read_board
from app.setup.model import BoardSpec, CurrentState, FieldSpec, File, LabelSpec, OptionSpec, ViewSpec


class OptionsLostError(Exception):
    """The server replaced the options of a field instead of keeping them: cards that had one have lost it."""


class SetupApplier:
    """Makes changes one after the other; remembers a board created on the way."""

    def __init__(self, admin: Administrator, present: CurrentState) -> None:
        self._admin, self._present = admin, present
        self._board_id = present.board.id if present.board else ""

    def apply(self, act: Act) -> None:
        """Raises LaterError, NotFoundError, RefusalError, and OptionsLostError."""
        match act:
            case CreateLabel(label):
                self._admin.rest("POST", f"/repos/{self._present.repository}/labels", _label(label))
            case EditLabel(name, label):
                path = f"/repos/{self._present.repository}/labels/{quote(name, safe='')}"
                body = _label(label)
                self._admin.rest("PATCH", path, {**body, "new_name": body.pop("name")})
            case WriteFile(file):
                self._write(file)
            case _:
                self._on_board(act)

    def _on_board(self, act: Act) -> None:
        match act:
            case CreateBoard(title):
                made = self._mutate("setup_create_board", ownerId=self._present.organisation_id, title=title)
                self._board_id = made["createProjectV2"]["projectV2"]["id"]
            case ReopenBoard():
                self._mutate("setup_update_board", projectId=self._board_id, closed=False)
            case DescribeBoard(summary, readme):
                values = {"shortDescription": summary, "readme": readme}
                self._mutate("setup_update_board", projectId=self._board_id, **values)
            case LinkBoard():
                where = {"projectId": self._board_id, "repositoryId": self._present.repository_id}
                self._mutate("setup_link_board", **where)
            case CreateField(field):
                self._create_field(field)
            case SetOptions(name, options):
                self._set_options(name, options)
            case CreateView(view):
                self._create_view(view)
            case _:
                raise TypeError(f"unknown change: {act!r}")

    def _write(self, file: File) -> None:
        body = {
            "message": f"Jalon : {file.path}",
            "content": base64.b64encode(file.text.encode()).decode(),
            **({"sha": file.sha} if file.sha else {}),
        }
        self._admin.rest("PUT", f"/repos/{self._present.repository}/contents/{file.path}", body)

    def _create_field(self, field: FieldSpec) -> None:
        options = {"singleSelectOptions": [_option(item) for item in field.options]} if field.options else {}
        self._mutate("setup_create_field", projectId=self._board_id, dataType=field.kind, name=field.name, **options)

    def _set_options(self, name: str, options: tuple[OptionSpec, ...]) -> None:
        """Send the options with their ids, then read them again: a server that ignores ids would empty every card."""
        before = self._field(name)
        self._mutate("setup_set_options", fieldId=before.id, singleSelectOptions=[_option(item) for item in options])
        after = {option.name: option.id for option in self._field(name).options}
        if lost := [option.name for option in options if option.id and after.get(option.name) != option.id]:
            raise OptionsLostError(", ".join(lost))

    def _create_view(self, view: ViewSpec) -> None:
        board = self._board()
        numbers = {item.name.casefold(): item.number for item in board.fields}
        body: dict[str, Any] = {"name": view.name, "layout": view.layout, "filter": view.filter}
        if view.shown:
            body["visible_fields"] = [numbers[name.casefold()] for name in view.shown if name.casefold() in numbers]
        if view.columns:
            body["vertical_group_by"] = [numbers[view.columns.casefold()]]
        path = f"/orgs/{self._present.repository.partition('/')[0]}/projectsV2/{board.number}/views"
        self._admin.rest("POST", path, body)

    def _board(self) -> BoardSpec:
        return read_board(self._admin, self._board_id, self._present.repository)

    def _field(self, name: str) -> FieldSpec:
        found = self._board().field(name)
        if found is None:
            raise RefusalError(404, {"message": f"the field « {name} » has gone"})
        return found

    def _mutate(self, operation: str, **values: Any) -> Any:
        return self._admin.graphql(operation, input=values)


def _label(label: LabelSpec) -> dict[str, str]:
    return {"name": label.name, "color": label.color, "description": label.description}


def _option(option: OptionSpec) -> dict[str, str]:
    told = {"name": option.name, "color": option.color, "description": option.description}
    return {**told, **({"id": option.id} if option.id else {})}
