"""What somebody had typed when their session ended, kept sealed for an hour and shown to the same account alone."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import request

from app.web import session

DRAFT, FIELD = "draft", "brouillon"


def keep_draft(typed: dict[str, str]) -> str:
    """One per session that ended; the page to come back to, in the same backlog and language."""
    name = _name()
    value = json.dumps({"number": session.number(), "path": request.path, "typed": typed}, ensure_ascii=False)
    session.sealed_values().keep(DRAFT, name, value, session.seconds_now() + session.DRAFT_S)
    return f"{request.path}?{urlencode({**request.args, FIELD: name})}"


def kept_draft() -> dict[str, str]:
    """What was typed on this page by whoever is signed in now; nothing otherwise."""
    name, path = request.args.get(FIELD, ""), request.path
    found = session.sealed_values().read(DRAFT, name, session.seconds_now()) if name else None
    held = json.loads(found) if found else {}
    is_theirs = session.number() and held.get("number") == session.number() and held.get("path") == path
    return dict(held["typed"]) if is_theirs else {}


def _name() -> str:
    return session.mac("draft", session.session_key())[:32]
