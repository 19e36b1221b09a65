"""GitHub's webhook: verify, store durably, answer; nothing else happens before GitHub has its answer."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

import orjson
import sqlalchemy as sa
from a2wsgi import WSGIMiddleware

from app.deliveries import MalformedDeliveryError, WakeUp, wake_up
from app.web.parts import PROTECTION, Parts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from a2wsgi.asgi_typing import HTTPScope, Receive, Scope, Send
    from a2wsgi.wsgi_typing import WSGIApp

log = logging.getLogger(__name__)
PATH = "/webhooks/github"
BODY_LIMIT = 25 * 1024 * 1024
"""GitHub never sends more."""
LARGE, LARGE_AT_ONCE = 256 * 1024, 4
"""So few bodies over so many bytes are held at once: what strangers can fill of the memory is bounded."""
PAGES_AT_ONCE = 8
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    *((name.lower().encode(), value.encode()) for name, value in PROTECTION.items()),
]
Headers = Mapping[bytes, bytes]
Answer = tuple[int, str]
TOO_LARGE = 413, "The payload is over 25 MB."
NO_APP = 503, "Jalon n’a pas encore d’App : ouvrez la page /setup avec le code affiché dans le terminal."


def is_signed(body: bytes, header: bytes, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signs these bytes, compared in constant time."""
    expected = [b"sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode() for key in secrets]
    return any(hmac.compare_digest(header, one) for one in expected)


class Webhook:
    """The door of the deliveries, in front of the pages: it takes no more than its answer needs (benchmarks, a).

    An ASGI application; the pages are a WSGI one. `parts` gives None as long as there is no App that could deliver.
    """

    def __init__(self, pages: WSGIApplication, parts: Callable[[], Parts | None]) -> None:
        self._pages, self._parts = WSGIMiddleware(cast("WSGIApp", pages), workers=PAGES_AT_ONCE), parts
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._pages(scope, receive, send)
            return
        status, sentence = await self._answer(scope, receive)
        body = f"{sentence}\n".encode()
        allowed = [(b"allow", b"POST")] if status == 405 else []
        headers = [*HEADERS, *allowed, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: HTTPScope, receive: Receive) -> Answer:
        if (parts := self._parts()) is None:
            return NO_APP
        try:
            answer = 202, await self._receive(parts, scope, receive)
        except _RefusedError as refused:
            answer = refused.status, refused.sentence
        parts.answers.labels(str(answer[0])).inc()
        return answer

    async def _receive(self, parts: Parts, scope: HTTPScope, receive: Receive) -> str:
        if scope["method"] != "POST":
            raise _RefusedError(405, "Deliveries are sent with POST.")
        headers, secrets = _by_name(scope["headers"]), parts.settings.webhook_secrets
        length = int(headers.get(b"content-length", BODY_LIMIT))
        if length > BODY_LIMIT:
            raise _RefusedError(*TOO_LARGE)
        if length <= LARGE:
            body = await _body(receive)
            wake = _read(headers, body, secrets)
        else:
            async with self._large:
                body = await _body(receive)
                wake = await asyncio.to_thread(_read, headers, body, secrets)
        if wake is None:
            return "Nothing to do for this event."
        delivery, event = (headers[name].decode("latin-1") for name in (b"x-github-delivery", b"x-github-event"))
        try:
            fresh = await parts.inbox.gather(delivery, event, wake.node_id, body)
        except sa.exc.SQLAlchemyError as error:
            log.exception("delivery %s could not be stored", delivery, extra={"delivery": delivery})
            raise _RefusedError(503, "The delivery could not be stored; send it again later.") from error
        return "Stored." if fresh else "Stored already."


class _RefusedError(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def _by_name(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """One that comes twice holds both values, which is neither."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b"," + value if name in found else value
    return found


async def _body(receive: Receive) -> bytes:
    """Raises _RefusedError when it is too large, or when the client leaves before its end."""
    pieces, size, is_whole = [], 0, False
    while not is_whole:
        message = await receive()
        if message["type"] != "http.request":
            raise _RefusedError(400, "The payload is not whole.")
        pieces.append(message["body"])
        size += len(pieces[-1])
        if size > BODY_LIMIT:
            raise _RefusedError(*TOO_LARGE)
        is_whole = not message.get("more_body", False)
    return b"".join(pieces)


def _read(headers: Headers, body: bytes, secrets: Iterable[str]) -> WakeUp | None:
    """Whom the delivery is about; None when it is not for us. Raises _RefusedError."""
    if not is_signed(body, headers.get(b"x-hub-signature-256", b""), secrets):
        raise _RefusedError(401, "The signature is missing or wrong.")
    event = headers.get(b"x-github-event", b"")
    if not event or not headers.get(b"x-github-delivery"):
        raise _RefusedError(400, "The X-GitHub-Delivery and X-GitHub-Event headers are required.")
    try:
        return wake_up(event.decode("latin-1"), orjson.loads(body))
    except (ValueError, RecursionError, MalformedDeliveryError) as error:
        raise _RefusedError(400, f"The payload cannot be read: {type(error).__name__}.") from error
