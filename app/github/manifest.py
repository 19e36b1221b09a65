"""GitHub's App manifest: the form that creates the App, and the one-time code exchanged for its secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

from app.github.client import TIMEOUT_S, LaterError, NotFoundError
from app.github.hosts import web_base
from app.github.rights import PERMISSIONS

EVENTS = ["issues", "issue_comment", "projects_v2_item", "label", "membership", "team", "repository"]
LONGEST_NAME = 34
CALLBACK = "/connexion/retour"
"""Path to which GitHub sends people back after signing in to read the pages."""
ORGANISATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


@dataclass(frozen=True)
class Registered:
    """The App as GitHub created it, with secrets that GitHub gives only once."""

    id: int
    owner: str
    slug: str
    html_url: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    address: str = ""
    """Address at which people reach Jalon."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


def manifest(organisation: str, address: str, back: str, *, webhook: bool) -> dict[str, Any]:
    """`address` is where people and GitHub reach Jalon; `back`, where GitHub sends the browser afterwards."""
    hook = {"url": f"{address}/webhooks/github", "active": webhook}
    return {
        "name": f"Jalon {organisation}"[:LONGEST_NAME].strip(),
        "url": address,
        "description": "Fait vivre le comité produit sur les tickets.",
        "hook_attributes": hook,
        "redirect_url": back,
        "callback_urls": [f"{address}{CALLBACK}"] if webhook else [],
        "public": False,
        "default_permissions": PERMISSIONS,
        "default_events": EVENTS if webhook else [],
    }


def form_address(api_url: str, organisation: str, state: str) -> str:
    """Address to which the browser posts the manifest."""
    return f"{web_base(api_url)}/organizations/{quote(organisation)}/settings/apps/new?state={quote(state)}"


def convert(api_url: str, code: str) -> Registered:
    """Exchange the code, valid once and for an hour. Raises LaterError, or NotFoundError when it has expired."""
    address = f"{api_url}/app-manifests/{quote(code, safe='')}/conversions"
    try:
        headers = {"Accept": "application/vnd.github+json"}
        answer = requests.post(address, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1) from None
    if answer.status_code in {404, 422}:
        raise NotFoundError("this code is no longer good")
    if answer.status_code != 201:
        raise LaterError(f"GitHub answered {answer.status_code}", 1)
    made = answer.json()
    # A manifest without a webhook comes back without a secret: the webhook then accepts nothing.
    return Registered(
        made["id"],
        made["owner"]["login"],
        made["slug"],
        made["html_url"],
        made["pem"],
        made["webhook_secret"] or "",
        made["external_url"],
        made["client_id"],
        made["client_secret"],
    )
