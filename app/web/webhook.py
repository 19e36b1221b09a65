"""GitHub's webhook: verify, store durably, answer; nothing else happens before GitHub has its answer."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import orjson
import sqlalchemy as sa
from a2wsgi import WSGIMiddleware

from app.turns.wakeup import MalformedDeliveryError, WakeUp, wake_up
from app.web.services import PROTECTION, Services

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from a2wsgi.asgi_typing import HTTPScope, Receive, Scope, Send
    from a2wsgi.wsgi_typing import WSGIApp

log = logging.getLogger(__name__)
PATH = "/webhooks/github"
BODY_LIMIT = 25 * 1024 * 1024
"""GitHub never sends more."""
LARGE, LARGE_AT_ONCE = 256 * 1024, 4
"""So few bodies over so many bytes are checked at once."""
HELD = LARGE_AT_ONCE * BODY_LIMIT
"""Bytes of bodies that have not come whole: beyond, the one that has been coming for longest is let go."""
PAGES_AT_ONCE = 8
FORM_LIMIT = 64 * 1024
"""Bytes of the longest form of the pages, many times over."""
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
HEADERS = [PLAIN, *((name.lower().encode(), value.encode()) for name, value in PROTECTION.items())]
RECEIVED = [PLAIN, (b"x-content-type-options", b"nosniff")]
"""Of the answer to a delivery, which no browser shows; checking each header takes its time."""
Headers = Mapping[bytes, bytes]
Answer = tuple[int, str]
TOO_LARGE = 413, "The payload is over 25 MB."
TOO_LONG = 413, "Ce formulaire est trop long."
NO_APP = 503, "Jalon n’a pas encore d’App : ouvrez la page /setup avec le code affiché dans le terminal."


def is_signed(body: bytes, header: bytes, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signs these bytes, compared in constant time."""
    expected = [b"sha256=" + hmac.digest(key.encode(), body, "sha256").hex().encode() for key in secrets]
    return any(hmac.compare_digest(header, one) for one in expected)


class Webhook:
    """The door of the deliveries, in front of the pages: it takes no more than its answer needs (benchmarks, a).

    An ASGI application; the pages are a WSGI one. `parts` gives None as long as there is no App that could deliver.
    """

    def __init__(self, pages: WSGIApplication, parts: Callable[[], Services | None]) -> None:
        self._pages, self._parts = WSGIMiddleware(cast("WSGIApp", pages), workers=PAGES_AT_ONCE), parts
        self._large, self._bodies = asyncio.Semaphore(LARGE_AT_ONCE), _Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._page(scope, receive, send)
            return
        await _send(send, *await self._answer(scope, receive))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page takes one of its few threads once its form is there: who never ends one holds a connection alone."""
        try:
            async with self._bodies.whole(receive, FORM_LIMIT) as body:
                pass
        except _RefusedError as refused:
            await _send(send, refused.status, refused.sentence)
            return

        await self._pages(scope, _again({"type": "http.request", "body": body, "more_body": False}, receive), send)

    async def _answer(self, scope: HTTPScope, receive: Receive) -> Answer:
        if (parts := self._parts()) is None:
            return NO_APP
        try:
            answer = 202, await self._receive(parts, scope, receive)
        except _RefusedError as refused:
            answer = refused.status, refused.sentence
        parts.answers.labels(str(answer[0])).inc()
        return answer

    async def _receive(self, parts: Services, scope: HTTPScope, receive: Receive) -> str:
        if scope["method"] != "POST":
            raise _RefusedError(405, "Deliveries are sent with POST.")
        headers, secrets = _by_name(scope["headers"]), parts.settings.webhook_secrets
        length = int(headers.get(b"content-length", BODY_LIMIT))
        if length > BODY_LIMIT:
            raise _RefusedError(*TOO_LARGE)
        message: Any = await receive()
        if _is_whole(message):  # most are: what is held while others come is then no matter
            wake = _read(headers, body := message["body"], secrets)
        else:
            async with self._bodies.whole(_again(message, receive), BODY_LIMIT) as body:
                if len(body) <= LARGE:
                    wake = _read(headers, body, secrets)
                else:
                    async with self._large:
                        wake = await asyncio.to_thread(_read, headers, body, secrets)
        if wake is None:
            return await self._aside(parts, headers, body)
        delivery, event = (headers[name].decode("latin-1") for name in (b"x-github-delivery", b"x-github-event"))
        try:
            fresh = await parts.inbox.gather(delivery, event, wake.key, body)
        except sa.exc.SQLAlchemyError as error:
            log.exception("delivery %s could not be stored", delivery, extra={"delivery": delivery})
            raise _RefusedError(503, "The delivery could not be stored; send it again later.") from error
        return "Stored." if fresh else "Stored already."

    async def _aside(self, parts: Services, headers: Headers, body: bytes) -> str:
        """What concerns no product: somebody who takes back the agreement to act in their name, whose token goes."""
        if headers.get(b"x-github-event") != b"github_app_authorization":
            return "Nothing to do for this event."
        payload = orjson.loads(body)
        sender = payload.get("sender") if isinstance(payload, dict) else None
        number = sender.get("id") if isinstance(sender, dict) else None
        if type(number) is not int:
            raise _RefusedError(400, "The payload names nobody.")
        try:
            await asyncio.to_thread(parts.forget_person, number)
        except sa.exc.SQLAlchemyError as error:
            log.exception("a token could not be forgotten")
            raise _RefusedError(503, "The token could not be forgotten; send it again later.") from error
        return "Forgotten."


class _RefusedError(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def _is_whole(message: Mapping[str, Any]) -> bool:
    """Whether it is all of a small body."""
    return message["type"] == "http.request" and not message["more_body"] and len(message["body"]) <= LARGE


def _again(message: Any, receive: Receive) -> Receive:
    """What was received already, then what comes after it."""
    received = [message]

    async def again() -> Any:
        return received.pop() if received else await receive()

    return again


def _by_name(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Duplicate headers are joined with a comma, so that they match no expected value."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b"," + value if name in found else value
    return found


async def _send(send: Send, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    allowed = [(b"allow", b"POST")] if status == 405 else []
    headers = [*(RECEIVED if status == 202 else HEADERS), *allowed, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass(eq=False)
class _Coming:
    """A body that has not come whole."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    is_let_go: bool = False


class _Bodies:
    """Those that are coming, the oldest first. None waits for another; what they fill of the memory is bounded."""

    def __init__(self, most: int = HELD) -> None:
        self._most, self._held = most, 0
        self._coming: dict[_Coming, None] = {}

    @asynccontextmanager
    async def whole(self, receive: Receive, limit: int) -> AsyncIterator[bytes]:
        """Raises _RefusedError when it is too large or too slow, or when the client leaves before its end.

        It counts among what is held until it is checked.
        """
        one = _Coming()
        self._coming[one] = None
        try:
            while await self._goes_on(one, receive, limit):
                self._make_room()
            self._coming.pop(one, None)
            yield b"".join(one.pieces)
        finally:
            self._let_go(one)

    async def _goes_on(self, one: _Coming, receive: Receive, limit: int) -> bool:
        message = await receive()
        if message["type"] != "http.request":
            raise _RefusedError(400, "The payload is not whole.")
        if one.is_let_go:
            raise _RefusedError(503, "The payload came too slowly; send it again later.")
        piece = message.get("body", b"")
        one.pieces.append(piece)
        one.size += len(piece)
        self._held += len(piece)
        if one.size > limit:
            raise _RefusedError(*(TOO_LARGE if limit == BODY_LIMIT else TOO_LONG))
        return message.get("more_body", False)

    def _make_room(self) -> None:
        while self._held > self._most and self._coming:
            self._let_go(next(iter(self._coming)))

    def _let_go(self, one: _Coming) -> None:
        self._coming.pop(one, None)
        if not one.is_let_go:
            self._held -= one.size
            one.is_let_go = True
            one.pieces.clear()


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
