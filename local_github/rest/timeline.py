"""What happened on an issue, in order."""

from __future__ import annotations

from local_github import payloads
from local_github.rest.call import Call, Reply, page


def timeline(call: Call) -> Reply:
    return page(call, payloads.timeline(call.world, call.world.issue(call.args["number"])))


def events(call: Call) -> Reply:
    return page(call, payloads.events(call.world, call.world.issue(call.args["number"])))
