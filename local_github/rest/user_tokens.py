"""What an App does with the tokens it holds in people's names: it asks whether one is good, and gives it back."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

from local_github import payloads
from local_github.rest.call import Call, Reply
from local_github.signins import Token
from local_github.state import Refused


def check(call: Call) -> Reply:
    text, token = _named(call)
    if token is None:
        raise Refused(404, "Not Found")
    app, world = token.app, call.world
    left = timedelta(seconds=round(token.until - call.doorman.signins.clock()))
    shown = {
        "id": app.id,
        "url": f"{world.url}/authorizations/{app.id}",
        "scopes": [],
        "token": text,
        "token_last_eight": text[-8:],
        "hashed_token": None,
        "app": {"url": f"{world.url}/apps/{app.slug}", "name": app.name or app.slug, "client_id": app.client_id},
        "note": None,
        "note_url": None,
        "created_at": app.created_at,
        "updated_at": app.created_at,
        "fingerprint": None,
        "expires_at": (datetime.now(UTC) + left).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "user": payloads.user(world, token.person.login),
    }
    return Reply(shown)


def delete(call: Call) -> Reply:
    """The person's agreement stays: the next sign-in asks nothing."""
    text, token = _named(call)
    if token is None:
        raise Refused(422, "Validation Failed")
    call.doorman.signins.delete(text)
    return Reply(None, 204)


def _named(call: Call) -> tuple[str, Token | None]:
    """The token the body names, if it is one of the App that calls, which shows its number and its secret."""
    scheme, _, given = call.headers.get("Authorization", "").partition(" ")
    try:
        client_id, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        client_id, secret = "", ""
    app = call.doorman.signins.client(client_id, secret) if scheme.lower() == "basic" else None
    if app is None:
        raise Refused(401, "Requires authentication")
    if client_id != call.args["client"]:
        raise Refused(404, "Not Found")
    text = call.required(call.body(access_token=str), "access_token")
    token = call.doorman.signins.token(text)
    return text, token if token is not None and token.app is app else None
