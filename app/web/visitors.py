"""Who may read the pages: nobody, unless the rules make them public, a proxy vouches for people, or all is local."""

from __future__ import annotations

import ipaddress

from flask import request

from app.domain.policy import Policy

LOCAL = "local"
"""Setting under which this machine alone reads the pages, as in the demonstration."""
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def may_read(policy: Policy, pages: str) -> bool:
    """`pages` is the setting: empty, `local`, or the header in which a proxy names the person it let in."""
    if policy.follow_up.public_pages or is_here(pages):
        return True
    return pages not in ("", LOCAL) and bool(request.headers.get(pages, "").strip())


def is_here(pages: str) -> bool:
    """Whether the visitor sits at this machine, and the setting lets them in for that."""
    return pages == LOCAL and _is_local() and not any(name in request.headers for name in FORWARDED)


def _is_local() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
