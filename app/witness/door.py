"""The door of a witness: one address, `POST …/add-checkpoint`, as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.transparency.witnessing import LIMIT
from app.witness.cosigner import Cosigner, HttpReply

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PATH = "/add-checkpoint"
"""Whatever comes before it: a proxy may keep the prefix of its own address or take it away."""


class WitnessDoor:
    """Anybody may knock: what is not signed by a known log costs one signature to check, and nothing is kept of it."""

    def __init__(self, cosigner: Cosigner) -> None:
        self._cosigner = cosigner

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await _send(send, await self._answer(scope["path"], scope["method"], receive))

    async def _answer(self, path: str, method: str, receive: Receive) -> HttpReply:
        if not path.endswith(PATH):
            return HttpReply(404, "a witness answers at …/add-checkpoint alone\n")
        if method != "POST":
            return HttpReply(405, "POST is expected\n")
        body = await _body(receive)
        if body is None:
            return HttpReply(413, "no checkpoint is that long\n")
        return await asyncio.to_thread(self._cosigner.add_checkpoint, body)


async def _body(receive: Receive) -> bytes | None:
    """None when it is too long, or when whoever was sending it has left."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body, more = body + message.get("body", b""), bool(message.get("more_body", False))
        if len(body) > LIMIT:
            return None
    return body


async def _send(send: Send, reply: HttpReply) -> None:
    body = reply.body.encode()
    headers = [
        (b"content-type", reply.kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *([(b"allow", b"POST")] if reply.status == 405 else []),
        *([(b"connection", b"close")] if reply.status == 413 else []),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
