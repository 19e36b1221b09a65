"""The App behind its real HTTP server, and requests written byte by byte."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from app.engine import Inbox, open_database
from app.settings import Settings
from app.store.register import Register
from app.web import create_app
from app.web.server import Server
from app.web.webhook import PATH, Webhook

SECRET = "phrase-d-essai"
COMMENT = {
    "action": "created",
    "issue": {"node_id": "I_1", "number": 1},
    "repository": {"full_name": "dnum/produits"},
    "sender": {"login": "techno"},
}


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(body: bytes | None = None, guid: str = "guid-1", event: str = "issue_comment") -> tuple[bytes, dict]:
    raw = json.dumps(COMMENT).encode() if body is None else body
    return raw, {"X-GitHub-Event": event, "X-GitHub-Delivery": guid, "X-Hub-Signature-256": signed(raw)}


def request(start: str, headers: dict, body: bytes = b"") -> bytes:
    lines = [
        f"{start} HTTP/1.1",
        "Host: jalon",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Door:
    port: int
    inbox: Inbox

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, raw: bytes) -> tuple[int, bytes]:
        """The status and the whole answer; 0 when the server closed without a word."""
        with self.connect() as line:
            # A server that refuses early may close before it has read everything.
            with contextlib.suppress(ConnectionError):
                line.sendall(raw)
            answer = b""
            with contextlib.suppress(ConnectionError):
                while piece := line.recv(65_536):
                    answer += piece
        return int(answer.split(b" ", 2)[1]) if answer else 0, answer

    def post(self, body: bytes, headers: dict) -> int:
        """The status of the answer to a delivery."""
        given = {"Content-Length": len(body)} | {name: text for name, text in headers.items() if text}
        return self.say(request(f"POST {PATH}", given, body))[0]

    @property
    def stored(self) -> int:
        return sum(self.inbox.counts().values())


@contextlib.contextmanager
def opened(folder, inbox=None, secrets=(SECRET,)) -> Iterator[Door]:
    """`inbox` may stand for the App's own."""
    database = open_database(f"sqlite:///{folder}/jalon.db")
    inbox = inbox or Inbox(database)
    app = create_app(Settings(1, "PRIVATE KEY", secrets), inbox, Register(database))
    server = Server(Webhook(app, lambda: app.extensions["jalon"]), "127.0.0.1", 0)
    server.start()
    try:
        yield Door(server.port, inbox)
    finally:
        server.stop()
        database.dispose()
