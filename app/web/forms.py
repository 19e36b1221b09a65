"""Forms that only our own pages can send: a seal on each, for one session and one purpose, and where they come from."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import abort, request

from app.settings import Settings
from app.web import session
from app.web.services import services

FIELD = "jeton"
SIGN_OUT = "deconnexion"
SAFE = {"GET", "HEAD", "OPTIONS"}


def seal(purpose: str) -> str:
    """A new seal, good for this session and this purpose alone: what it says is sent once, by who sees it here."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_mac(purpose, nonce)}"


def unsealed(purpose: str, given: str) -> str:
    """What tells this form from any other; empty when the seal is not ours, or is for something else."""
    nonce, _, mac = given.partition(".")
    is_ours = bool(session.session_key()) and hmac.compare_digest(mac.encode(), _mac(purpose, nonce).encode())
    return nonce if is_ours else ""


def _mac(purpose: str, nonce: str) -> str:
    return session.mac("form", session.session_key(), purpose, nonce)


def check_origin() -> None:
    """Ends with 403 a request that changes something and that a page of elsewhere makes a browser send.

    What says nothing of where it comes from is no browser of today; the seal of the form decides.
    """
    if request.method in SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site == "same-origin" or (site is None and (origin is None or urlsplit(origin).netloc in _ours())):
        return
    abort(403)


def _ours() -> set[str]:
    settings: Settings = services().settings
    return {request.host, urlsplit(settings.public_url).netloc} - {""}
