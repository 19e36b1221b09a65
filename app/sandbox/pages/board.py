"""The board with its columns, and the log of webhook deliveries."""

from __future__ import annotations

import json

import flask
from flask.typing import ResponseReturnValue

from app.sandbox.boards import Card
from app.sandbox.pages import visitor
from app.sandbox.state import Issue
from app.sandbox.world import World

LATEST = 100
LOG = "/_sandbox/livraisons"


class BoardPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def board(self) -> str:
        """Archived cards have left it, as on GitHub."""
        world = self._world
        columns = [(None, "Sans colonne", "GRAY"), *((item.id, item.name, item.color) for item in world.options)]
        shown = [(option, name, color, self._cards(option)) for option, name, color in columns]
        login = visitor.me(world).login
        return flask.render_template("sandbox/board.html", columns=shown, may_move=world.can(login, "move_card"))

    def move(self, card_id: str) -> ResponseReturnValue:
        world = self._world
        world.move_card(visitor.me(world).login, card_id, flask.request.form.get("colonne") or None)
        return flask.redirect(f"/orgs/{world.organisation}/projects/{world.board_number}#{card_id}", 303)

    def deliveries(self) -> str:
        """Newest first; the oldest are kept but not shown."""
        kept = self._world.deliveries[-LATEST:][::-1]
        shown = [(item, json.dumps(json.loads(item.request_body), indent=2, ensure_ascii=False)) for item in kept]
        return flask.render_template("sandbox/deliveries.html", deliveries=shown, log=LOG)

    def redeliver(self, delivery_id: int) -> ResponseReturnValue:
        self._world.redeliver(delivery_id)
        return flask.redirect(LOG, 303)

    def _cards(self, option: str | None) -> list[tuple[Card, Issue]]:
        world = self._world
        cards = [card for card in world.cards.values() if card.board == world.board_number and not card.archived]
        return [(card, world.issues[card.issue]) for card in cards if card.issue and card.option == option]
