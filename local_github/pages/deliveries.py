"""The log of webhook deliveries: what was sent, what the App answered, and sending again."""

from __future__ import annotations

import json

import flask
from flask.typing import ResponseReturnValue

from local_github.state import Delivery, Refused
from local_github.world import World

PER_PAGE = 25
LOG = "/_sandbox/livraisons"


class DeliveryPages:
    def __init__(self, world: World) -> None:
        self._world = world

    def log(self) -> str:
        """Newest first. A failure followed by a success of the same delivery stays in the log, marked as caught up."""
        every, query = self._world.deliveries, flask.request.args
        done = {item.guid for item in every if succeeded(item)}
        failures = [item for item in every if not succeeded(item)]
        chosen = failures if query.get("etat") == "echecs" else every
        last = max(1, -(-len(chosen) // PER_PAGE))
        page = min(max(1, query.get("page", 1, type=int)), last)
        shown = chosen[::-1][(page - 1) * PER_PAGE : page * PER_PAGE]
        return flask.render_template(
            "sandbox/deliveries.html",
            deliveries=[(item, succeeded(item), item.guid in done) for item in shown],
            failing=query.get("etat") == "echecs",
            counts=(len(every), len(failures)),
            page=page,
            last=last,
            log=LOG,
        )

    def one(self, delivery_id: int) -> str:
        item = self._found(delivery_id)
        payload = json.dumps(json.loads(item.request_body), indent=2, ensure_ascii=False)
        return flask.render_template(
            "sandbox/delivery.html", item=item, succeeded=succeeded(item), payload=payload, log=LOG
        )

    def redeliver(self, delivery_id: int) -> ResponseReturnValue:
        """Whoever rehearses may: on GitHub, those who manage the App."""
        self._world.redeliver(delivery_id)
        return flask.redirect(LOG, 303)

    def _found(self, delivery_id: int) -> Delivery:
        for item in self._world.deliveries:
            if item.id == delivery_id:
                return item
        raise Refused(404, "Not Found")


def succeeded(item: Delivery) -> bool:
    return 200 <= item.status_code < 300
