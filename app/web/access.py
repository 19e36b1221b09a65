"""Who may read the pages: nobody, unless the rules make them public, a proxy vouches for people, or all is local."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import request

from app.domain.policy.model import Policy

LOCAL = "local"
"""Setting under which this machine alone reads the pages, as in the demonstration."""
HERE = {"127.0.0.1", "localhost", "::1"}
"""Names under which a browser of this machine asks: a page of elsewhere that renames itself to us keeps its own."""
FORWARDED = {
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
}
OLD = "HTTP/1.0"
"""How proxies that add no header ask, as nginx does unless told otherwise; no browser does."""


def may_read(policy: Policy, pages: str) -> bool:
    """`pages` is the setting: empty, `local`, or the header in which a proxy names the person it let in."""
    if policy.follow_up.public_pages or is_here(pages):
        return True
    return pages not in ("", LOCAL) and bool(request.headers.get(pages, "").strip())


def is_here(pages: str) -> bool:
    """Whether the visitor sits at this machine, and the setting lets them in for that."""
    return pages == LOCAL and _is_local() and _asks_us() and not _is_forwarded()


def _asks_us() -> bool:
    try:
        return urlsplit(f"//{request.environ.get('HTTP_HOST', '')}").hostname in HERE
    except ValueError:
        return False


def _is_forwarded() -> bool:
    names = (name.lower() for name, _ in request.headers)
    was_sent_on = any(name in FORWARDED or name.startswith(("x-forwarded-", "x-original-")) for name in names)
    return was_sent_on or request.environ.get("SERVER_PROTOCOL") == OLD


def _is_local() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
