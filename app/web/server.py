"""The App's HTTP server: where it listens, and how large and how slow a request may be."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from waitress import wasyncore

from app.web.webhook import BODY_LIMIT

THREADS = 8
HEADERS_LIMIT = 32 * 1024
"""Bytes of a request's headers; GitHub's take less than two thousand."""
PATIENCE_S = 30
"""A connection that stays silent longer is closed."""
CONNECTIONS = 400
"""Held at once; slow clients cost a socket each and no thread."""


class Server:
    """Raises OSError when it cannot listen there."""

    def __init__(self, app: Callable[[dict[str, Any], Any], Iterable[bytes]], host: str, port: int) -> None:
        self._server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident="jalon",
            max_request_header_size=HEADERS_LIMIT,
            max_request_body_size=BODY_LIMIT + 1,
            channel_timeout=PATIENCE_S,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            # What a proxy adds is how we know that a visitor is not at this machine, and that the outside is HTTPS.
            clear_untrusted_proxy_headers=False,
        )
        self.port = int(self._server.effective_port)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends what is being answered, then frees the port."""
        self._stopping.set()
        self._server.trigger.pull_trigger()
        self._thread.join(PATIENCE_S)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._server._map)  # noqa: SLF001 - waitress offers no other way

    def _run(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, map=self._server._map, count=1, use_poll=True)  # noqa: SLF001 - its own loop never ends
