"""Boards with their columns, where cards are moved by mouse, by keyboard or by a list; and their tables."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from local_github.boards import CUSTOM, Board, Card, Field, Iteration, Option, View
from local_github.pages import visitor
from local_github.pages.listing import search_of
from local_github.state import Issue
from local_github.world import World


@dataclass(frozen=True)
class Shown:
    """A card; `issue` is None for a draft."""

    card: Card
    title: str
    issue: Issue | None
    values: list[tuple[str, str]]
    """The fields its view shows, by name, with what they hold; empty where they hold nothing."""


@dataclass(frozen=True)
class Column:
    """`option` is None for cards that were never placed."""

    option: str | None
    name: str
    color: str
    about: str
    cards: list[Shown]


class BoardPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def every(self) -> str:
        boards = sorted(self._world.boards.values(), key=lambda board: board.number)
        return flask.render_template("sandbox/boards.html", boards=boards)

    def board(self, number: int) -> str:
        world, board = self._world, self._world.board(number)
        view = next((item for item in board.views if item.layout == "board"), None)
        fields = [field for field in _visible(board, view) if field.node_id != board.column_field]
        cards = [self._shown(card, fields) for card in self._cards(number)]
        lost = Column(None, "Sans colonne", "GRAY", "Cartes que personne n’a encore placées", _in(cards, None))
        columns = [lost, *(Column(o.id, o.name, o.color, o.description, _in(cards, o.id)) for o in board.columns)]
        may_move = world.can(visitor.me(world).login, "move_card")
        shown = {"shown": board, "columns": columns, "may_move": may_move, "tables": _tables(board)}
        return flask.render_template("sandbox/board.html", **shown)

    def view(self, number: int, view: int) -> ResponseReturnValue:
        """A table shows the cards its filter keeps; every other layout is shown as the board."""
        board = self._world.board(number)
        found = next((item for item in _tables(board) if item.number == view), None)
        if found is None:
            return flask.redirect(f"/orgs/{self._world.organisation}/projects/{number}")
        fields, search = _visible(board, found), search_of({"q": found.filter or "is:all"})
        every = [self._shown(card, fields) for card in self._cards(number)]
        rows = [item for item in every if not found.filter or (item.issue and search.finds(item.issue))]
        names = [field.name for field in fields]
        return flask.render_template("sandbox/table.html", shown=board, view=found, names=names, rows=rows)

    def _cards(self, number: int) -> list[Card]:
        """Archived cards have left the board."""
        return [card for card in self._world.cards.values() if card.board == number and not card.archived]

    def move(self, number: int, card_id: str) -> ResponseReturnValue:
        world = self._world
        world.move_card(visitor.me(world).login, card_id, flask.request.form.get("colonne") or None)
        return flask.redirect(f"/orgs/{world.organisation}/projects/{number}#{card_id}", 303)

    def _shown(self, card: Card, fields: list[Field]) -> Shown:
        issue = self._world.issues.get(card.issue or 0)
        title = issue.title if issue else card.draft.title if card.draft else ""
        return Shown(card, title, issue, [(field.name, _said(card, field)) for field in fields])


def _tables(board: Board) -> list[View]:
    return [view for view in board.views if view.layout == "table"]


def _visible(board: Board, view: View | None) -> list[Field]:
    """The fields a view shows beside what every card shows anyway, in its order."""
    found = [board.field_numbered(number) for number in (view.visible_fields if view else [])]
    return [field for field in found if field and field.kind in CUSTOM]


def _said(card: Card, field: Field) -> str:
    """A value as GitHub shows it."""
    kept = card.values.get(field.node_id)
    if kept is None:
        return ""
    named = field.option(str(kept.value)) or field.iteration(str(kept.value))
    if isinstance(named, Option):
        return named.name
    if isinstance(named, Iteration):
        return named.title
    if field.kind == "DATE":
        return "/".join(reversed(str(kept.value).split("-")))
    return f"{kept.value:g}" if isinstance(kept.value, float) else str(kept.value)


def places(world: World, number: int) -> list[tuple[Board, Card, str]]:
    """Where an issue stands: its boards, its cards there, the names of their columns."""
    found = []
    for card in world.cards_of(number):
        board = world.board(card.board)
        column = next((option.name for option in board.columns if option.id == card.option), "")
        found.append((board, card, column))
    return found


def _in(cards: list[Shown], option: str | None) -> list[Shown]:
    return [shown for shown in cards if shown.card.option == option]
