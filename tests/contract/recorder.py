"""Everything said to the local GitHub and everything it answered, kept to be judged afterwards."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from local_github.server import Sandbox


@dataclass(frozen=True)
class Exchange:
    """`asked` and `answered` are JSON; None when there was no body."""

    method: str
    path: str
    version: str
    asked: Any
    status: int
    answered: Any
    headers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path} [{self.version}] -> {self.status}"


def record(hub: Sandbox) -> list[Exchange]:
    """The list fills while the sandbox is used."""
    inner, kept = hub._server.application, []

    def outer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raw, seen = environ["wsgi.input"].read(), {}
        environ["wsgi.input"] = io.BytesIO(raw)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            seen.update(status=int(status[:3]), headers={name.lower(): value for name, value in headers})
            return start_response(status, headers, *more)

        body = b"".join(inner(environ, start))
        version = environ.get("HTTP_X_GITHUB_API_VERSION", "2022-11-28")
        said = (environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode(), version)
        kept.append(Exchange(*said, _json(raw), seen["status"], _json(body), seen["headers"]))
        return [body]

    hub._server.application = outer
    return kept


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None
