"""Who is calling: a person's token, the App's own signed token, or a token of its installation."""

from __future__ import annotations

import functools
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.sandbox.state import Refused
from app.sandbox.world import World

LIFE = timedelta(hours=1)
LONGEST_JWT_S = 600
CLOCK_DRIFT_S = 60
LEVELS = ("read", "write", "admin")


@dataclass(frozen=True)
class Caller:
    login: str
    kind: Literal["person", "app", "installation"]
    permissions: dict[str, str] = field(default_factory=dict)

    def allowed(self, permission: str, level: str) -> bool:
        """Permissions bind installations; people are bound by their role, which each act checks."""
        if self.kind == "person":
            return True
        granted = self.permissions.get(permission)
        return granted in LEVELS and LEVELS.index(str(granted)) >= LEVELS.index(level)


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
            world.app.private_key = _new_key()
        pem = world.app.private_key.encode()
        # Checking a key we made ourselves would be most of the time it takes to start.
        key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
        self._public = key.public_key()

    def caller(self, authorization: str) -> Caller:
        """Raises Refused(401)."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() not in {"token", "bearer"} or not token:
            raise Refused(401, "Requires authentication")
        if token.startswith("ghs_"):
            return self._installation(token)
        if token.count(".") == 2:
            return self._app(token)
        person = self._world.people.get(token.removeprefix("sandbox-"))
        if person is None or person.is_bot or not token.startswith("sandbox-"):
            raise Refused(401, "Bad credentials")
        return Caller(person.login, "person")

    def new_token(self, permissions: dict[str, str] | None) -> tuple[str, str, dict[str, str]]:
        """An installation token, when it ends, and what it may do: never more than the App was given."""
        granted = self._world.app.permissions
        for name, level in (permissions or {}).items():
            if LEVELS.index(granted.get(name, "read")) < LEVELS.index(level) or name not in granted:
                raise Refused(422, "The permissions requested are not granted to this installation.")
        expires = datetime.now(UTC) + LIFE
        token = f"ghs_{secrets.token_hex(18)}"
        self._tokens[token] = _Token(expires, dict(permissions or granted))
        return token, expires.strftime("%Y-%m-%dT%H:%M:%SZ"), self._tokens[token].permissions

    def expire_all(self) -> None:
        """For tests of what an App does when its token ends."""
        self._tokens.clear()

    def _installation(self, token: str) -> Caller:
        known = self._tokens.get(token)
        if known is None or known.expires <= datetime.now(UTC):
            raise Refused(401, "Bad credentials")
        return Caller(self._world.bot, "installation", known.permissions)

    def _app(self, token: str) -> Caller:
        try:
            claims = jwt.decode(
                token,
                self._public,  # type: ignore[arg-type]  # an RSA key: we made it
                algorithms=["RS256"],
                leeway=5,
                options={"require": ["exp", "iat", "iss"], "verify_iss": False},
            )
        except jwt.PyJWTError as error:
            raise Refused(401, "A JSON web token could not be decoded") from error
        if str(claims["iss"]) != str(self._world.app.id):
            raise Refused(401, "A JSON web token could not be decoded")
        if claims["exp"] > time.time() + LONGEST_JWT_S + CLOCK_DRIFT_S:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        return Caller(self._world.bot, "app")


@functools.cache
def _new_key() -> str:
    """One key per process: making one is slow, and tests start many sandboxes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return pem.decode()
