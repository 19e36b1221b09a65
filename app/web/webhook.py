"""GitHub's webhook: verify, store durably, answer; nothing else happens before GitHub has its answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.deliveries import MalformedDeliveryError, wake_up
from app.web.parts import Parts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
PATH = "/webhooks/github"
BODY_LIMIT = 25 * 1024 * 1024
"""GitHub never sends more."""
Answer = tuple[int, str]


def is_signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signs these bytes, compared in constant time."""
    given = (header or "").encode()
    expected = [b"sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode() for key in secrets]
    return any(hmac.compare_digest(given, one) for one in expected)


class Webhook:
    """The door of the deliveries, in front of the pages: it takes no more than its answer needs (benchmarks, a)."""

    def __init__(self, pages: WSGIApplication, parts: Parts, headers: Iterable[tuple[str, str]]) -> None:
        self._pages, self._parts, self._headers = pages, parts, list(headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return self._pages(environ, start_response)
        is_post = environ["REQUEST_METHOD"] == "POST"
        status, sentence = self._receive(environ) if is_post else (405, "Deliveries are sent with POST.")
        self._parts.answers.labels(str(status)).inc()
        body = f"{sentence}\n".encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *self._headers]
        headers += [] if is_post else [("Allow", "POST")]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def _receive(self, environ: WSGIEnvironment) -> Answer:
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit():
            return 400, "The length of the payload is no number."
        if int(length) > BODY_LIMIT:
            return 413, "The payload is over 25 MB."
        body = environ["wsgi.input"].read(int(length))
        if not is_signed(body, environ.get("HTTP_X_HUB_SIGNATURE_256"), self._parts.settings.webhook_secrets):
            return 401, "The signature is missing or wrong."
        delivery, event = environ.get("HTTP_X_GITHUB_DELIVERY", ""), environ.get("HTTP_X_GITHUB_EVENT", "")
        if not delivery or not event:
            return 400, "The X-GitHub-Delivery and X-GitHub-Event headers are required."
        return self._keep(delivery, event, body)

    def _keep(self, delivery: str, event: str, body: bytes) -> Answer:
        try:
            wake = wake_up(event, json.loads(body))
        except (ValueError, RecursionError, MalformedDeliveryError) as error:
            return 400, f"The payload cannot be read: {type(error).__name__}."
        if wake is None:
            return 202, "Nothing to do for this event."
        try:
            fresh = self._parts.inbox.store(delivery, event, wake.node_id, body)
        except sa.exc.SQLAlchemyError:
            log.exception("delivery %s could not be stored", delivery, extra={"delivery": delivery})
            return 503, "The delivery could not be stored; send it again later."
        return 202, "Stored." if fresh else "Stored already."
