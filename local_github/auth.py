"""Who is calling: a person, the App itself, its installation, or a person through the App."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt

from local_github.keys import new_key, public_key
from local_github.registration import Registrations
from local_github.signins import SignIns
from local_github.state import AppRecord, Person, Refused
from local_github.world import World

LIFE = timedelta(hours=1)
LONGEST_JWT_S = 600
CLOCK_DRIFT_S = 60
LEVELS = ("read", "write", "admin")
SCOPES = {
    ("organization_projects", "read"): ("read:project", "project"),
    ("organization_projects", "write"): ("project",),
    ("members", "read"): ("read:org", "write:org", "admin:org"),
    ("members", "write"): ("write:org", "admin:org"),
}
"""What a person's token needs where an App needs a permission; `repo` everywhere else."""


@dataclass(frozen=True)
class Caller:
    """`scopes` are those of a person's token; None: all of them."""

    login: str
    kind: Literal["person", "app", "installation", "user"]
    permissions: dict[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    through: int = 0
    """Number of the App that acts in a person's name."""

    def scoped(self, *scopes: str) -> bool:
        """Whether a person's token has one of these; tokens of Apps have no scopes to lack."""
        return self.scopes is None or not self.scopes.isdisjoint(scopes)

    def allowed(self, permission: str, level: str) -> bool:
        """Permissions bind installations; people are bound by their token's scopes and by their role."""
        if self.kind == "person":
            return self.scoped(*SCOPES.get((permission, level), ("repo",)))
        granted = self.permissions.get(permission)
        return granted in LEVELS and LEVELS.index(str(granted)) >= LEVELS.index(level)


def _within(asked: Mapping[str, str], granted: Mapping[str, str]) -> dict[str, str]:
    """What a token may still do: a permission withdrawn since is gone from it too."""
    return {name: min(level, granted[name], key=LEVELS.index) for name, level in asked.items() if name in granted}


@dataclass
class _Token:
    expires: datetime
    permissions: dict[str, str]


class Doorman:
    """Knows every token that is good now."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, _Token] = {}
        if not world.app.private_key:
            world.app.private_key = new_key()
        if not world.app.client_secret:
            world.app.client_secret = secrets.token_hex(20)
        self.registrations, self.signins = Registrations(world), SignIns(world)

    def caller(self, authorization: str) -> Caller:
        """Raises Refused(401)."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() not in {"token", "bearer"} or not token:
            raise Refused(401, "Requires authentication")
        if token.startswith("ghs_"):
            return self._installation(token)
        if token.startswith("ghu_"):
            return self._user(token)
        if token.count(".") == 2:
            return self._app(token)
        login, colon, scopes = token.removeprefix("sandbox-").partition(":")
        login, at, slug = login.partition("@")
        person = self._world.people.get(login)
        if person is None or person.is_bot or not token.startswith("sandbox-"):
            raise Refused(401, "Bad credentials")
        if at:
            return self._through(person, self._named(slug))
        return Caller(person.login, "person", scopes=frozenset(scopes.split(",")) if colon else None)

    def new_token(self, permissions: Mapping[str, Any] | None) -> tuple[str, str, dict[str, str]]:
        """An installation token, when it ends, and what it may do: never more than the App was given."""
        granted = self._world.app.permissions
        for name, level in (permissions or {}).items():
            if level not in LEVELS:
                raise Refused(422, f'Invalid request.\n\nFor "permissions.{name}", {level!r} is not possible.')
            if name not in granted or LEVELS.index(granted[name]) < LEVELS.index(level):
                raise Refused(422, "The permissions requested are not granted to this installation.")
        if not self._world.app.installed:
            raise Refused(404, "Not Found")
        self._check_suspended()
        expires = datetime.now(UTC) + LIFE
        token = f"ghs_{secrets.token_hex(18)}"
        # Whoever sees a repository knows what it is called.
        asked = {"metadata": "read", **permissions} if permissions else granted
        self._tokens[token] = _Token(expires, dict(asked))
        return token, expires.strftime("%Y-%m-%dT%H:%M:%SZ"), self._tokens[token].permissions

    def share(self, other: Doorman) -> None:
        """A token of one installation opens all the repositories it holds."""
        self._tokens = other._tokens

    def opens(self, authorization: str) -> bool:
        """Whether a token of an installation is one of those given here."""
        return authorization.partition(" ")[2].strip() in self._tokens

    def expire_all(self) -> None:
        """For tests of what an App does when its token ends."""
        self._tokens.clear()

    def _installation(self, token: str) -> Caller:
        known = self._tokens.get(token)
        if known is None or known.expires <= datetime.now(UTC) or not self._world.app.installed:
            raise Refused(401, "Bad credentials")
        self._check_suspended()
        return Caller(self._world.bot, "installation", _within(known.permissions, self._world.app.permissions))

    def _check_suspended(self) -> None:
        if self._world.app.suspended_at:
            raise Refused(403, "This installation has been suspended")

    def _user(self, token: str) -> Caller:
        found = self.signins.token(token)
        person = self._world.people.get(found.person.login) if found else None
        if found is None or person is None or person.id != found.person.id:  # somebody else may have taken the name
            raise Refused(401, "Bad credentials")
        return self._through(found.person, found.app)

    def _through(self, person: Person, app: AppRecord) -> Caller:
        """No more than the App may, nor than the person may; nothing where the App is not, or not any more."""
        is_there = app.installed and not app.suspended_at
        return Caller(person.login, "user", dict(app.permissions) if is_there else {}, through=app.id)

    def _named(self, slug: str) -> AppRecord:
        """The App of a token `sandbox-person@slug`, by which trials act as any App in a person's name."""
        known = {app.slug: app for app in (self._world.app, *self._world.other_apps.values())}
        if slug not in known:
            raise Refused(401, "Bad credentials")
        return known[slug]

    def _app(self, token: str) -> Caller:
        claims = self._claims(token)
        if str(claims["iss"]) != str(self._world.app.id):
            raise Refused(401, "A JSON web token could not be decoded")
        if claims["exp"] > time.time() + LONGEST_JWT_S + CLOCK_DRIFT_S:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        return Caller(self._world.bot, "app")

    def _claims(self, token: str) -> dict[str, Any]:
        """What the token says, signed with any of the App's keys."""
        app = self._world.app
        for key in (app.private_key, *app.other_keys):
            with suppress(jwt.PyJWTError):
                return jwt.decode(
                    token,
                    public_key(key),
                    algorithms=["RS256"],
                    leeway=5,
                    options={"require": ["exp", "iat", "iss"], "verify_iss": False},
                )
        raise Refused(401, "A JSON web token could not be decoded")
