"""The floor of the ingress: Jalon's own HTTP server with nothing behind it but the check of the signature."""

from __future__ import annotations

import threading

from app.web.server import Server
from app.web.webhook import is_signed
from benchmarks.common import SECRET


def app(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    good = is_signed(body, environ.get("HTTP_X_HUB_SIGNATURE_256"), (SECRET,))
    start_response("202 Accepted" if good else "401 Unauthorized", [("Content-Type", "text/plain")])
    return [b"ok\n"]


if __name__ == "__main__":
    server = Server(app, "127.0.0.1", 0)
    server.start()
    print(f"PORT {server.port}", flush=True)
    threading.Event().wait()
