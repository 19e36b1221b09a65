"""The board with its columns: cards moved by mouse, by keyboard or by a list."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from app.sandbox.boards import Card
from app.sandbox.pages import visitor
from app.sandbox.state import Issue
from app.sandbox.world import World


@dataclass(frozen=True)
class Column:
    """`option` is None for cards that were never placed."""

    option: str | None
    name: str
    color: str
    about: str
    cards: list[tuple[Card, Issue]]


class BoardPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def board(self) -> str:
        """Archived cards have left it, as on GitHub."""
        world = self._world
        lost = Column(None, "Sans colonne", "GRAY", "Cartes que personne n’a encore placées", self._cards(None))
        columns = [lost, *(Column(o.id, o.name, o.color, o.description, self._cards(o.id)) for o in world.options)]
        may_move = world.can(visitor.me(world).login, "move_card")
        return flask.render_template("sandbox/board.html", columns=columns, may_move=may_move)

    def move(self, card_id: str) -> ResponseReturnValue:
        world = self._world
        world.move_card(visitor.me(world).login, card_id, flask.request.form.get("colonne") or None)
        return flask.redirect(f"/orgs/{world.organisation}/projects/{world.board_number}#{card_id}", 303)

    def _cards(self, option: str | None) -> list[tuple[Card, Issue]]:
        world = self._world
        cards = [card for card in world.cards.values() if card.board == world.board_number and not card.archived]
        return [(card, world.issues[card.issue]) for card in cards if card.issue and card.option == option]
