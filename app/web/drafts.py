"""What somebody had typed when their session ended, kept sealed for an hour and shown to the same account alone."""

from __future__ import annotations

import hashlib
import hmac
import json

from flask import current_app

from app.web import session


def keep(path: str, typed: dict[str, str]) -> str:
    """One per session that ended; the page to come back to."""
    name = _name()
    value = json.dumps({"number": session.number(), "path": path, "typed": typed}, ensure_ascii=False)
    session.sealed().keep("draft", name, value, session.now() + session.DRAFT_S)
    return f"{path}?brouillon={name}"


def kept(name: str, path: str) -> dict[str, str]:
    """What was typed on this page by whoever is signed in now; nothing otherwise."""
    found = session.sealed().read("draft", name, session.now()) if name else None
    held = json.loads(found) if found else {}
    is_theirs = session.number() and held.get("number") == session.number() and held.get("path") == path
    return dict(held["typed"]) if is_theirs else {}


def _name() -> str:
    key = current_app.secret_key
    return hmac.new(bytes(key or b""), f"draft\n{session.key()}".encode(), hashlib.sha256).hexdigest()[:32]  # type: ignore[arg-type]
