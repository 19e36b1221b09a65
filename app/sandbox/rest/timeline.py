"""What happened on an issue, in order."""

from __future__ import annotations

from app.sandbox import payloads
from app.sandbox.rest.call import Call, Reply, page


def timeline(call: Call) -> Reply:
    return page(call, payloads.timeline(call.world, call.world.issue(call.args["number"])))


def events(call: Call) -> Reply:
    return page(call, payloads.events(call.world, call.world.issue(call.args["number"])))
