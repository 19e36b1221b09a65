"""Boards with their columns: cards moved by mouse, by keyboard or by a list."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from app.sandbox.boards import Board, Card
from app.sandbox.pages import visitor
from app.sandbox.state import Issue
from app.sandbox.world import World


@dataclass(frozen=True)
class Shown:
    """A card; `issue` is None for a draft."""

    card: Card
    title: str
    issue: Issue | None


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
        """Archived cards have left it, as on GitHub."""
        world, board = self._world, self._world.board(number)
        cards = [self._shown(card) for card in world.cards.values() if card.board == number and not card.archived]
        lost = Column(None, "Sans colonne", "GRAY", "Cartes que personne n’a encore placées", _in(cards, None))
        columns = [lost, *(Column(o.id, o.name, o.color, o.description, _in(cards, o.id)) for o in board.columns)]
        may_move = world.can(visitor.me(world).login, "move_card")
        return flask.render_template("sandbox/board.html", shown=board, columns=columns, may_move=may_move)

    def move(self, number: int, card_id: str) -> ResponseReturnValue:
        world = self._world
        world.move_card(visitor.me(world).login, card_id, flask.request.form.get("colonne") or None)
        return flask.redirect(f"/orgs/{world.organisation}/projects/{number}#{card_id}", 303)

    def _shown(self, card: Card) -> Shown:
        issue = self._world.issues.get(card.issue or 0)
        return Shown(card, issue.title if issue else card.draft.title if card.draft else "", issue)


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
