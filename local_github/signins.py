"""People who sign in to the App's own site: a code good once and for ten minutes, then a token in their name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_github.state import Refused
from local_github.world import World

CODE_LIFE_S = 600
TOKEN_LIFE_S = 8 * 3600
REFRESH_LIFE_S = 15_897_600
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
ERRORS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
}
"""As GitHub words them, in an answer that is otherwise a success."""


@dataclass(frozen=True)
class Asked:
    """What the App's site sends a browser with."""

    redirect_uri: str
    state: str
    challenge: str


@dataclass(frozen=True)
class _Code:
    login: str
    asked: Asked
    until: float


class SignIns:
    """`clock` counts seconds, and never goes back."""

    def __init__(self, world: World, clock: Callable[[], float] = time.monotonic) -> None:
        self._world, self.clock = world, clock
        self._codes: dict[str, _Code] = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self._authorized: set[str] = set()

    @property
    def client_id(self) -> str:
        return self._world.app.client_id

    def asked(self, given: Mapping[str, str]) -> Asked:
        """Raises Refused for an unknown App, or an address that is not exactly one of its own."""
        callbacks = self._world.app.callback_urls
        if not hmac.compare_digest(given.get("client_id", "").encode(), self.client_id.encode()):
            raise Refused(404, "Not Found")
        redirect = given.get("redirect_uri") or (callbacks[0] if callbacks else "")
        if redirect not in callbacks:
            raise Refused(400, ERRORS["redirect_uri_mismatch"])
        challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "")
        if (challenge or method) and (method != "S256" or not CHALLENGE.fullmatch(challenge)):
            raise Refused(400, "code_challenge must be the 43 characters of a SHA-256, with code_challenge_method=S256")
        return Asked(redirect, given.get("state", ""), challenge)

    def has_agreed(self, login: str) -> bool:
        """Whether the person let this App know them before: GitHub then does not ask again."""
        return login in self._authorized

    def agree(self, login: str, asked: Asked) -> str:
        """The code to take back to the App's site."""
        code = secrets.token_hex(10)
        self._authorized.add(login)
        self._codes[code] = _Code(login, asked, self.clock() + CODE_LIFE_S)
        return code

    def exchange(self, given: Mapping[str, str]) -> dict[str, Any]:
        """A token for a code, or the name of an error; a code is spent by the first try, right or wrong."""
        app = self._world.app
        pair = f"{given.get('client_id', '')}\n{given.get('client_secret', '')}".encode()
        if not app.client_secret or not hmac.compare_digest(pair, f"{app.client_id}\n{app.client_secret}".encode()):
            return _error("incorrect_client_credentials")
        code = self._codes.pop(given.get("code", ""), None)
        if code is None or code.until <= self.clock() or not _proves(given.get("code_verifier", ""), code.asked):
            return _error("bad_verification_code")
        if given.get("redirect_uri", code.asked.redirect_uri) != code.asked.redirect_uri:
            return _error("redirect_uri_mismatch")
        token = f"ghu_{secrets.token_hex(18)}"
        self._tokens[token] = (code.login, self.clock() + TOKEN_LIFE_S)
        return {
            "access_token": token,
            "expires_in": TOKEN_LIFE_S,
            "refresh_token": f"ghr_{secrets.token_hex(38)}",
            "refresh_token_expires_in": REFRESH_LIFE_S,
            "token_type": "bearer",
            "scope": "",
        }

    def login_of(self, token: str) -> str | None:
        """Whose token it is; None when it is nobody's, or has ended."""
        login, until = self._tokens.get(token, ("", 0.0))
        return login if until > self.clock() else None


def _proves(verifier: str, asked: Asked) -> bool:
    """Whether whoever brings the code is who asked for it (RFC 7636)."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return not asked.challenge or hmac.compare_digest(digest, asked.challenge.encode())


def _error(name: str) -> dict[str, Any]:
    return {
        "error": name,
        "error_description": ERRORS[name],
        "error_uri": "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/",
    }
