"""The App's HTTP server: where it listens, and how large and how slow a request may be."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.engine.pulse import WatchedLoop

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

HEADERS_LIMIT = 32 * 1024
"""Bytes of a request's first line and headers; GitHub's take less than two thousand."""
PATIENCE_S = 30
"""A request that takes longer to arrive whole is cut off, and so is a client that takes nothing of its answer."""
IDLE_S = 75
"""A connection is kept so long between two requests: a proxy, which keeps it less, never writes to a closed one."""
FAREWELL_S = 5
"""What is being answered when the server stops has so long to end."""
LOOP_S = 30.0
"""The event loop without a round, of which it makes one a second."""
CONNECTIONS = 400
"""Held at once; slow clients cost a socket each and no thread."""


class Server:
    """Raises OSError when it cannot listen there."""

    def __init__(
        self, app: Callable[[Any, Any, Any], Awaitable[None]], host: str, port: int, part: WatchedLoop | None = None
    ) -> None:
        self._part = part or WatchedLoop("web", LOOP_S)
        self._socket = _listening(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = _Served(
            uvicorn.Config(
                app,
                http=Bounded,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                # What a proxy adds is how we know that a visitor is not at this machine: the pages read it themselves.
                proxy_headers=False,
                timeout_keep_alive=IDLE_S,
                timeout_graceful_shutdown=FAREWELL_S,
            ),
            self._part.beat,
        )
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._part.follow(self._thread)

    def stop(self) -> None:
        """Ends what is being answered, then frees the port."""
        self._part.end()
        if self._thread.is_alive():
            self._server.end()
            self._thread.join(2 * FAREWELL_S)
        self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # The protocol is named: without it, asyncio would let small answers wait for one another.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(CONNECTIONS)
    except OSError:
        found.close()
        raise
    return found


class _Served(uvicorn.Server):
    """uvicorn polls `should_exit` every 0.1 s; this one waits on an event."""

    def __init__(self, config: uvicorn.Config, beat: Callable[[], None]) -> None:
        super().__init__(config)
        self._beat = beat
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):  # which also tells the hour to those who ask
            self._beat()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._ended.wait()


class Bounded(HttpToolsProtocol):
    """One connection, with what uvicorn lacks: a read timeout, a limit to the headers, a limit to connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head: int | None = None
        """Bytes come of headers that are not whole."""
        self._awaited: float | None = self.loop.time()
        """Since when the client has to speak; None while it is our turn."""
        self._untaken = 0
        self._look = self.loop.call_later(PATIENCE_S, self._lose_patience)
        if len(self.connections) > CONNECTIONS:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)

    def _lose_patience(self) -> None:
        untaken = self.transport.get_write_buffer_size()
        is_late = self._awaited is not None and self.loop.time() - self._awaited >= PATIENCE_S
        if is_late or 0 < untaken == self._untaken:
            self.transport.abort()
            return
        self._untaken = untaken
        self._look = self.loop.call_later(PATIENCE_S, self._lose_patience)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEADERS_LIMIT and not self.transport.is_closing():
                self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\r\n")
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        self._awaited = self._awaited or self.loop.time()

    def on_headers_complete(self) -> None:
        self._head = None
        size, is_framed = len(self.url), True
        for name, value in self.headers:
            size += len(name) + len(value)
            if name == b"transfer-encoding":
                is_framed &= value.strip().lower() == b"chunked"
        # A proxy that guards X-Person may let X_Person pass, and an application would take the one for the other; what
        # comes after the body, which uvicorn adds to its own list, no proxy has guarded.
        self.scope["headers"] = [header for header in self.headers if b"_" not in header[0]]
        self.app = self.config.loaded_app
        if size > HEADERS_LIMIT:
            self.app = _refusal(431)
        elif not is_framed:
            self.app = _refusal(501)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._awaited = None
        super().on_message_complete()


def _refusal(status: int) -> ASGI3Application:
    async def refuse(_scope: Scope, _receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return refuse
