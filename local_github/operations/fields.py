"""The shape of boards: boards themselves, their fields, options and views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_github import payloads
from local_github.boards import COLOURS, CUSTOM, LAYOUTS, Board, Field, Iteration, Kind, Option, StatusUpdate, View
from local_github.factories import new_board, new_field, new_view, options_of
from local_github.operations.core import Core, act, invalid
from local_github.state import Refused, node_id

MAX_OPTIONS = 50
UNGROUPED = {"TITLE", "REVIEWERS", "LINKED_PULL_REQUESTS", "SUB_ISSUES_PROGRESS"}


class BoardActs(Core):
    @act
    def create_board(self, actor: str, title: str, repository: str | None = None) -> Board:
        """Titles are not unique, numbers are, for ever."""
        self.require(actor, "manage_boards")
        if not title.strip():
            raise invalid("ProjectV2", "title", "Title can't be blank")
        self.last_board += 1
        board = new_board(self, actor, title.strip(), self.last_board)
        if repository:
            board.repositories.append(repository)
        self.boards[board.number] = board
        self._board_event("created", board, actor)
        return board

    @act
    def edit_board(self, actor: str, number: int, wanted: Mapping[str, Any]) -> Board:
        """`wanted` holds any of title, closed, public, short_description, readme."""
        self.require(actor, "manage_boards")
        board, changes = self.board(number), {}
        for name in ("title", "public", "short_description", "readme"):
            value = wanted.get(name)
            if value is not None and value != getattr(board, name):
                changes[name if name != "readme" else "description"] = {"from": getattr(board, name), "to": value}
                setattr(board, name, value)
        board.updated_at = self.now()
        if changes:
            self._board_event("edited", board, actor, changes=changes)
        closed = wanted.get("closed")
        if closed is not None and closed != board.closed:
            board.closed_at = self.now() if closed else None
            self._board_event("closed" if closed else "reopened", board, actor)
        return board

    @act
    def delete_board(self, actor: str, number: int) -> Board:
        self.require(actor, "manage_boards")
        board = self.board(number)
        for card in [card for card in self.cards.values() if card.board == board.number]:
            del self.cards[card.id]
        del self.boards[board.number]
        self._board_event("deleted", board, actor)
        return board

    @act
    def link_board(self, actor: str, number: int, repository: str, *, linked: bool = True) -> None:
        self.require(actor, "manage_boards")
        known = self.board(number).repositories
        if linked != (repository in known):
            (known.append if linked else known.remove)(repository)

    @act
    def create_field(
        self,
        actor: str,
        number: int,
        name: str,
        kind: Kind,
        options: Iterable[Mapping[str, Any]] = (),
        iterations: Iterable[Iteration] = (),
    ) -> Field:
        self.require(actor, "manage_boards")
        board, given = self.board(number), options_of(options)
        if kind not in CUSTOM:
            raise invalid("ProjectV2Field", "dataType", f"{kind} is not a custom field's type")
        if not name.strip() or board.field_named(name):
            raise invalid(
                "ProjectV2Field", "name", "Name has already been taken" if name.strip() else "Name can't be blank"
            )
        if kind == "SINGLE_SELECT" and not given:
            raise invalid("ProjectV2Field", "singleSelectOptions", "Single select options can't be blank")
        _check_options(given)
        field = new_field(self, name.strip(), kind, options=given, iterations=iterations)
        board.fields[field.node_id] = field
        return field

    @act
    def edit_field(
        self, actor: str, field_id: str, *, name: str | None = None, options: Iterable[Mapping[str, Any]] | None = None
    ) -> Field:
        """An option sent without its id is a new one: cards that stood in the former lose their value, as on GitHub."""
        self.require(actor, "manage_boards")
        board, field = self._field(field_id)
        if name is not None and board.field_named(name) not in (None, field):
            raise invalid("ProjectV2Field", "name", "Name has already been taken")
        if options is not None:
            self._replace(field, list(options))
        field.name, field.updated_at = name or field.name, self.now()
        return field

    def _replace(self, field: Field, options: list[Mapping[str, Any]]) -> None:
        if field.kind != "SINGLE_SELECT":
            raise invalid("ProjectV2Field", "singleSelectOptions", "The field is not a single select field")
        known = {option.id for option in field.options}
        if strange := [str(item["id"]) for item in options if item.get("id") and item["id"] not in known]:
            raise Refused(422, f"The single select option Id does not belong to the field: {', '.join(strange)}")
        fresh = options_of(options)
        _check_options(fresh)
        field.options, kept = fresh, {option.id for option in fresh}
        for card in self.cards.values():
            value = card.values.get(field.node_id)
            if value and value.value not in kept:
                del card.values[field.node_id]

    @act
    def delete_field(self, actor: str, field_id: str) -> Field:
        self.require(actor, "manage_boards")
        board, field = self._field(field_id)
        if field.built_in:
            raise Refused(422, "The field cannot be deleted")
        del board.fields[field_id]
        for card in self.cards.values():
            card.values.pop(field_id, None)
        for view in board.views:
            view.visible_fields = [item for item in view.visible_fields if item != field.id]
            view.group_by = [item for item in view.group_by if item != field.id]
            view.vertical_group_by = [item for item in view.vertical_group_by if item != field.id]
        self._columns(board)
        return field

    def _field(self, field_id: str) -> tuple[Board, Field]:
        for board in self.boards.values():
            if field_id in board.fields:
                return board, board.fields[field_id]
        raise Refused(404, f"Could not resolve to a node with the global id of '{field_id}'")

    @act
    def create_view(
        self, actor: str, number: int, name: str, layout: str, shape: Mapping[str, Any] | None = None
    ) -> View:
        """`shape`: filter, and fields by their numbers. The first board view says in which columns cards stand."""
        self.require(actor, "manage_boards")
        board, more = self.board(number), dict(shape or {})
        if layout not in LAYOUTS:
            raise invalid("ProjectV2View", "layout", f"layout must be one of {', '.join(LAYOUTS)}")
        if not name.strip():
            raise invalid("ProjectV2View", "name", "Name can't be blank")
        named = [*more.get("group_by", ()), *more.get("vertical_group_by", ())]
        for known in [*(more.get("visible_fields") or ()), *(by for by, _ in more.get("sort_by", ())), *named]:
            if board.field_numbered(known) is None:
                raise invalid("ProjectV2View", "fields", f"Field {known} does not exist on this project")
        if any((field := board.field_numbered(item)) and field.kind in UNGROUPED for item in named):
            raise invalid("ProjectV2View", "group_by", "The field does not support grouping")
        view = new_view(self, board, actor, name.strip(), layout, **more)
        board.views.append(view)
        self._columns(board)
        return view

    @act
    def edit_view(self, actor: str, view_id: str, wanted: Mapping[str, Any]) -> View:
        """`wanted` holds any of name, layout, filter, visible_fields."""
        self.require(actor, "manage_boards")
        board, view = self.view(view_id)
        for name in ("name", "layout", "filter", "visible_fields"):
            if wanted.get(name) is not None:
                setattr(view, name, wanted[name])
        view.updated_at = self.now()
        self._columns(board)
        return view

    def view(self, view_id: str) -> tuple[Board, View]:
        for board in self.boards.values():
            for view in board.views:
                if view.node_id == view_id:
                    return board, view
        raise Refused(404, f"Could not resolve to a node with the global id of '{view_id}'")

    def _columns(self, board: Board) -> None:
        """The first board view says which field makes the columns; without one, it is the status."""
        view = next((item for item in board.views if item.layout == "board" and item.vertical_group_by), None)
        status = board.field_named("Status")
        field = board.field_numbered(view.vertical_group_by[0]) if view else status
        if field is None or field.kind != "SINGLE_SELECT":
            field = status
        if field is None:
            return
        board.column_field = field.node_id
        for card in self.cards.values():
            if card.board == board.number:
                card.column_field = field.node_id

    @act
    def delete_workflow(self, actor: str, workflow_id: str) -> str:
        self.require(actor, "manage_boards")
        for board in self.boards.values():
            for item in board.workflows:
                if item.node_id == workflow_id:
                    board.workflows.remove(item)
                    return item.node_id
        raise Refused(404, f"Could not resolve to a node with the global id of '{workflow_id}'")

    @act
    def update_status(self, actor: str, number: int, words: Mapping[str, str | None]) -> StatusUpdate:
        """`words`: body, status, start_date, target_date."""
        self.require(actor, "manage_boards")
        at = self.now()
        update = StatusUpdate(
            id=self.new_id(),
            node_id=node_id("PVTSU"),
            body=words.get("body"),
            status=words.get("status"),
            start_date=words.get("start_date"),
            target_date=words.get("target_date"),
            creator=actor,
            created_at=at,
            updated_at=at,
        )
        self.board(number).updates.append(update)
        return update

    def _board_event(self, action: str, board: Board, actor: str, **more: Any) -> None:
        self.emit("projects_v2", action, actor, projects_v2=payloads.board(self, board), **more)


def _check_options(options: list[Option]) -> None:
    if len(options) > MAX_OPTIONS:
        raise invalid("ProjectV2Field", "singleSelectOptions", f"A field has at most {MAX_OPTIONS} options")
    if len({option.name.casefold() for option in options}) < len(options):
        raise invalid("ProjectV2Field", "singleSelectOptions", "Option names must be unique")
    for option in options:
        if not option.name.strip() or option.color not in COLOURS:
            raise invalid("ProjectV2Field", "singleSelectOptions", f"{option.name!r} ({option.color}) is not an option")
