"""Registering an App from a manifest: the code of the form, exchanged once for the App and its secrets."""

from __future__ import annotations

from local_github import payloads
from local_github.rest.call import Call, Reply


def convert(call: Call) -> Reply:
    """No authentication: whoever holds the code, within the hour, gets the secrets."""
    app = call.doorman.registrations.convert(call.args["code"])
    secrets_of = {
        "client_id": payloads.application(call.world)["client_id"],
        "client_secret": app.client_secret,
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }
    return Reply({**payloads.application(call.world), **secrets_of}, 201)
