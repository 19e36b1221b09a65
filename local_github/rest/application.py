"""What only the App may ask: who it is, where it is installed, its tokens and its deliveries."""

from __future__ import annotations

import json
from typing import Any

from local_github import payloads
from local_github.rest.call import Call, Reply, page
from local_github.state import Delivery, Refused


def show(call: Call) -> Reply:
    return Reply({**payloads.application(call.world), "installations_count": 1})


def installations(call: Call) -> Reply:
    return page(call, [payloads.installation(call.world)] if call.world.app.installed else [])


def installed_in(call: Call) -> Reply:
    """Shown to the owners of the organisation alone."""
    call.world.require(call.actor, "manage_apps")
    found = [payloads.installation(call.world)] if call.world.app.installed else []
    return Reply({"total_count": len(found), "installations": found})


def installation(call: Call) -> Reply:
    app = call.world.app
    if not app.installed or call.args.get("installation", app.installation_id) != app.installation_id:
        raise Refused(404, "Not Found")
    return Reply(payloads.installation(call.world))


def suspend(call: Call) -> Reply:
    installation(call)
    call.world.suspend_app(call.actor)
    return Reply(None, 204)


def unsuspend(call: Call) -> Reply:
    installation(call)
    call.world.suspend_app(call.actor, suspended=False)
    return Reply(None, 204)


def hook(call: Call) -> Reply:
    """Where deliveries go; the secret itself is never shown."""
    url = call.world.app.hook_url or call.world.hook_address
    return Reply({"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": url})


def meta(call: Call) -> Reply:
    """Where webhooks come from: this machine."""
    return Reply({"verifiable_password_authentication": False, "hooks": ["127.0.0.1/32"]})


def new_token(call: Call) -> Reply:
    installation(call)
    body = call.body(permissions=dict, repositories=list, repository_ids=list)
    world, named = call.world, False
    for name, known in (("repositories", world.repository.partition("/")[2]), ("repository_ids", world.repository_id)):
        named = named or bool(body.get(name))
        if any(item != known for item in body.get(name, [])):
            what = (
                "There is at least one repository that does not exist or is not accessible to the parent installation."
            )
            raise Refused(422, what)
    token, expires, permissions = call.doorman.new_token(body.get("permissions"))
    granted = {"token": token, "expires_at": expires, "permissions": permissions, "repository_selection": "selected"}
    return Reply(granted | ({"repositories": [payloads.repository(world)]} if named else {}), 201)


def repositories(call: Call) -> Reply:
    return Reply({"total_count": 1, "repositories": [payloads.repository(call.world)]})


def deliveries(call: Call) -> Reply:
    """Newest first; `cursor` is the id of the last one seen."""
    size, cursor = min(call.number("per_page", 30), 100), call.number("cursor", 0)
    found = [item for item in reversed(call.world.deliveries) if not cursor or item.id < cursor]
    headers = {}
    if len(found) > size:
        url = f"{call.world.url}/app/hook/deliveries?per_page={size}&cursor={found[size - 1].id}"
        headers["Link"] = f'<{url}>; rel="next"'
    return Reply([payloads.delivery(call.world, item) for item in found[:size]], headers=headers)


def delivery(call: Call) -> Reply:
    item = _delivery(call)
    request: dict[str, Any] = {"headers": item.request_headers, "payload": json.loads(item.request_body)}
    more = {
        "url": call.world.app.hook_url or call.world.url,
        "request": request,
        "response": {"headers": {}, "payload": ""},
    }
    return Reply({**payloads.delivery(call.world, item), **more})


def redeliver(call: Call) -> Reply:
    call.world.redeliver(_delivery(call).id)
    return Reply({}, 202)


def rate_limit(call: Call) -> Reply:
    shown = call.limits.overview(call.caller)
    return Reply({"resources": shown, "rate": shown["core"]})


def _delivery(call: Call) -> Delivery:
    found = [item for item in call.world.deliveries if item.id == call.args["delivery"]]
    if not found:
        raise Refused(404, "Not Found")
    return found[0]
