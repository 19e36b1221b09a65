"""The floor of the ingress: Jalon's own HTTP server with nothing behind it but the check of the signature."""

from __future__ import annotations

import threading

from app.web.server import Server
from app.web.webhook import is_signed
from benchmarks.common import SECRET


async def app(scope, receive, send):
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    good = is_signed(body, dict(scope["headers"]).get(b"x-hub-signature-256", b""), (SECRET,))
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"3")]
    await send({"type": "http.response.start", "status": 202 if good else 401, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok\n"})


if __name__ == "__main__":
    server = Server(app, "127.0.0.1", 0)
    server.start()
    print(f"PORT {server.port}", flush=True)
    threading.Event().wait()
