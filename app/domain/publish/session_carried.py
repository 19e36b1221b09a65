"""What the comment of a session carries of it, for whoever reads GitHub without our database."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import date

from app.domain.product.json_values import build
from app.domain.session.model import Session

LARGEST = 20_000
"""Characters: a comment has room for no more. A session of that size is told in words alone."""


def carried_session(session: Session) -> str:
    """Written in one word, empty when it is too long."""
    text = json.dumps(asdict(session), ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    word = base64.urlsafe_b64encode(text.encode()).decode()
    return word if len(word) <= LARGEST else ""


def read_carried_session(word: str) -> Session | None:
    """The session of that word; None when it is no word of ours."""
    try:
        found: Session = build(Session, json.loads(base64.urlsafe_b64decode(word)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return found
