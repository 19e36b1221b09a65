"""Registering an App from a manifest, in GitHub's three steps: the form, the code, the exchange within the hour."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local_github.factories import small_id
from local_github.keys import new_key
from local_github.operations.core import EVENT_NEEDS, invalid
from local_github.state import AppRecord, Refused, node_id, now
from local_github.world import World

LIFE_S = 3600
MAX_CALLBACKS = 10
MAX_NAME = 34
LEVELS = {"read", "write", "admin"}
KEYS = {
    "name",
    "url",
    "hook_attributes",
    "redirect_url",
    "callback_urls",
    "setup_url",
    "description",
    "public",
    "default_events",
    "default_permissions",
    "request_oauth_on_install",
    "setup_on_update",
}


@dataclass(frozen=True)
class Manifest:
    """What an App asks to be, checked."""

    name: str
    url: str
    redirect_url: str
    hook_url: str | None
    setup_url: str | None
    permissions: dict[str, str]
    events: list[str]
    callback_urls: list[str]

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def read_manifest(text: str) -> Manifest:
    """Raises Refused(422) with the first thing that is wrong."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise Refused(422, "Invalid GitHub App configuration: the manifest is not JSON") from error
    if not isinstance(given, dict):
        raise Refused(422, "Invalid GitHub App configuration: the manifest is not an object")
    if unknown := sorted(set(given) - KEYS):
        raise invalid("App", "manifest", f"Invalid GitHub App configuration: unknown {', '.join(unknown)}")
    for name in ("url", "redirect_url"):
        _web_address(name, given.get(name))
    hook = given.get("hook_attributes") or {}
    if hook:
        _web_address("hook_attributes.url", hook.get("url"))
    callbacks = list(given.get("callback_urls", []))
    for url in callbacks:
        _web_address("callback_urls", url)
    if len(callbacks) > MAX_CALLBACKS:
        raise invalid("App", "callback_urls", "Invalid GitHub App configuration: too many callback_urls")
    permissions, events = dict(given.get("default_permissions", {})), list(given.get("default_events", []))
    _check_rights(permissions, events)
    return Manifest(
        name=_name(given),
        url=given["url"],
        redirect_url=given["redirect_url"],
        hook_url=hook.get("url") if hook.get("active", True) else None,
        setup_url=given.get("setup_url"),
        permissions=permissions,
        events=events,
        callback_urls=callbacks,
    )


def _name(given: Mapping[str, Any]) -> str:
    name = str(given.get("name") or f"app-{secrets.token_hex(3)}")
    if len(name) > MAX_NAME:
        raise invalid("App", "name", f"Name is too long (maximum is {MAX_NAME} characters)")
    return name


def _web_address(name: str, url: Any) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise invalid("App", name, f"Invalid GitHub App configuration: {name} is not a web address")


def _check_rights(permissions: Mapping[str, str], events: list[str]) -> None:
    """GitHub refuses an event whose permission was not asked for."""
    if wrong := [name for name, level in permissions.items() if level not in LEVELS]:
        raise invalid("App", "default_permissions", f"Default permission records is invalid: {', '.join(wrong)}")
    lacking = [event for event in events if (need := EVENT_NEEDS.get(event)) and need not in permissions]
    if lacking:
        message = f"Default events unsupported: {', '.join(lacking)}; the permission they need is missing"
        raise invalid("App", "default_events", message)


class Registrations:
    """Codes given and not exchanged yet."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[str, tuple[str, Manifest, float]] = {}

    def accept(self, actor: str, manifest: Manifest) -> str:
        """The code an administrator's agreement is worth; raises Refused(403) for anybody else."""
        self._world.require(actor, "manage_apps")
        code = secrets.token_hex(20)
        self._waiting[code] = (actor, manifest, time.monotonic() + LIFE_S)
        return code

    def convert(self, code: str) -> AppRecord:
        """Good once, within the hour."""
        actor, manifest, until = self._waiting.pop(code, (None, None, 0.0))
        if actor is None or manifest is None or time.monotonic() > until:
            raise Refused(404, "Not Found")
        app = AppRecord(
            id=1_000_000 + secrets.randbelow(1_000_000),
            node_id=node_id("A"),
            slug=manifest.slug,
            installation_id=small_id(),
            hook_id=small_id(),
            permissions={"metadata": "read", **manifest.permissions},
            events=manifest.events,
            single_files=[],
            webhook_secret=secrets.token_hex(20),
            created_at=now(),
            private_key=new_key(),
            name=manifest.name,
            url=manifest.url,
            hook_url=manifest.hook_url,
            setup_url=manifest.setup_url,
            client_secret=secrets.token_hex(20),
            installed=False,
            callback_urls=manifest.callback_urls,
        )
        self._world.register_app(actor, app)
        return app
