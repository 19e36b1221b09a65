"""GitHub's webhook: verify, store durably, answer; nothing else happens before GitHub has its answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable

import sqlalchemy as sa
from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.deliveries import MalformedDeliveryError, wake_up
from app.web.parts import parts

log = logging.getLogger(__name__)
BODY_LIMIT = 25 * 1024 * 1024
"""GitHub never sends more."""
routes = Blueprint("webhook", __name__)


def is_signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signs these bytes, compared in constant time."""
    given = (header or "").encode()
    expected = [b"sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode() for key in secrets]
    return any(hmac.compare_digest(given, one) for one in expected)


def _answer(status: int, sentence: str) -> tuple[str, int]:
    parts().answers.labels(str(status)).inc()
    return sentence + "\n", status


@routes.app_errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    return _answer(413, "The payload is over 25 MB.")


@routes.post("/webhooks/github")
def receive() -> tuple[str, int]:
    """Verify, store, answer: nothing else happens before GitHub has its answer."""
    body = request.get_data()
    if not is_signed(body, request.headers.get("X-Hub-Signature-256"), parts().settings.webhook_secrets):
        return _answer(401, "The signature is missing or wrong.")
    delivery, event = request.headers.get("X-GitHub-Delivery", ""), request.headers.get("X-GitHub-Event", "")
    if not delivery or not event:
        return _answer(400, "The X-GitHub-Delivery and X-GitHub-Event headers are required.")
    try:
        wake = wake_up(event, json.loads(body))
    except (ValueError, RecursionError, MalformedDeliveryError) as error:
        return _answer(400, f"The payload cannot be read: {type(error).__name__}.")
    if wake is None:
        return _answer(202, "Nothing to do for this event.")
    try:
        fresh = parts().inbox.store(delivery, event, wake.node_id, body)
    except sa.exc.SQLAlchemyError:
        log.exception("delivery %s could not be stored", delivery, extra={"delivery": delivery})
        return _answer(503, "The delivery could not be stored; send it again later.")
    return _answer(202, "Stored." if fresh else "Stored already.")
