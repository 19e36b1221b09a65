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

from local_github import payloads
from local_github.state import AppRecord, Person, Refused
from local_github.world import World

CODE_LIFE_S = 600
TOKEN_LIFE_S = 8 * 3600
REFRESH_LIFE_S = 15_897_600
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
ERRORS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
}
"""As GitHub words them, in an answer that is otherwise a success."""


@dataclass(frozen=True)
class Asked:
    """What the App's site sends a browser with."""

    app: AppRecord
    redirect_uri: str
    state: str
    challenge: str


@dataclass(frozen=True)
class _Code:
    login: str
    asked: Asked
    until: float


@dataclass(frozen=True)
class Token:
    """What one lets do: `app` in the name of `person`, until then. `refresh` is the one that replaces both."""

    person: Person
    app: AppRecord
    until: float
    refresh: str
    refresh_until: float


class SignIns:
    """`clock` counts seconds, and never goes back."""

    def __init__(self, world: World, clock: Callable[[], float] = time.monotonic) -> None:
        self._world, self.clock = world, clock
        self._codes: dict[str, _Code] = {}
        self._tokens: dict[str, Token] = {}
        self._authorized: set[tuple[int, int]] = set()

    def asked(self, given: Mapping[str, str]) -> Asked:
        """Raises Refused for an unknown App, or an address that is not exactly one of its own."""
        app = self._app(given.get("client_id", ""))
        if app is None:
            raise Refused(404, "Not Found")
        callbacks = app.callback_urls
        redirect = given.get("redirect_uri") or (callbacks[0] if callbacks else "")
        if redirect not in callbacks:
            raise Refused(400, ERRORS["redirect_uri_mismatch"])
        challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "")
        if (challenge or method) and (method != "S256" or not CHALLENGE.fullmatch(challenge)):
            raise Refused(400, "code_challenge must be the 43 characters of a SHA-256, with code_challenge_method=S256")
        return Asked(app, redirect, given.get("state", ""), challenge)

    def has_agreed(self, login: str, app: AppRecord) -> bool:
        """Whether the person let this App know them before: GitHub then does not ask again."""
        return (self._world.person(login).id, app.id) in self._authorized

    def agree(self, login: str, asked: Asked) -> str:
        """The code to take back to the App's site."""
        code = secrets.token_hex(10)
        self._authorized.add((self._world.person(login).id, asked.app.id))
        self._codes[code] = _Code(login, asked, self.clock() + CODE_LIFE_S)
        return code

    def exchange(self, given: Mapping[str, str]) -> dict[str, Any]:
        """A token for a code or for a refresh token, or the name of an error; both are spent by the first try."""
        app = self.client(given.get("client_id", ""), given.get("client_secret", ""))
        if app is None:
            return _error("incorrect_client_credentials")
        if given.get("grant_type") == "refresh_token":
            return self._refreshed(app, given.get("refresh_token", ""))
        code = self._codes.pop(given.get("code", ""), None)
        if code is None or code.until <= self.clock() or code.asked.app is not app:
            return _error("bad_verification_code")
        if not _proves(given.get("code_verifier", ""), code.asked):
            return _error("bad_verification_code")
        if given.get("redirect_uri", code.asked.redirect_uri) != code.asked.redirect_uri:
            return _error("redirect_uri_mismatch")
        return self.granted(self._world.person(code.login), app)

    def client(self, client_id: str, secret: str) -> AppRecord | None:
        """The App whose number and secret these are."""
        app = self._app(client_id)
        if app is None or not app.client_secret:
            return None
        return app if hmac.compare_digest(secret.encode(), app.client_secret.encode()) else None

    def token(self, text: str) -> Token | None:
        """What a token is worth; None when it is nobody's, or has ended."""
        found = self._tokens.get(text)
        return found if found and found.until > self.clock() else None

    def delete(self, text: str) -> None:
        """The App gives the token back; the person's agreement stays."""
        self._tokens.pop(text, None)

    def agreed(self, login: str) -> list[AppRecord]:
        """The Apps this person let act in their name."""
        return [app for app in self._apps() if self.has_agreed(login, app)]

    def revoke(self, login: str, app: AppRecord) -> None:
        """The person takes their agreement back: every token ends, and the App is told, whatever it subscribed to."""
        person = self._world.person(login)
        self._authorized.discard((person.id, app.id))
        for text, token in list(self._tokens.items()):
            if token.person is person and token.app is app:
                del self._tokens[text]
        self._codes = {text: code for text, code in self._codes.items() if (code.login, code.asked.app) != (login, app)}
        if app is self._world.app:
            said = {"action": "revoked", "sender": payloads.user(self._world, login)}
            self._world.send("github_app_authorization", "revoked", said)

    def _refreshed(self, app: AppRecord, refresh: str) -> dict[str, Any]:
        """A new pair; the former one is good no more."""
        pairs = self._tokens.items()
        text, token = next(((text, one) for text, one in pairs if one.refresh == refresh), ("", None))
        if token is None or token.app is not app or token.refresh_until <= self.clock():
            return _error("bad_refresh_token")
        del self._tokens[text]
        return self.granted(token.person, app)

    def granted(self, person: Person, app: AppRecord) -> dict[str, Any]:
        """A pair of tokens, as GitHub's answer tells it."""
        text, refresh, now = f"ghu_{secrets.token_hex(18)}", f"ghr_{secrets.token_hex(38)}", self.clock()
        self._tokens[text] = Token(person, app, now + TOKEN_LIFE_S, refresh, now + REFRESH_LIFE_S)
        return {
            "access_token": text,
            "expires_in": TOKEN_LIFE_S,
            "refresh_token": refresh,
            "refresh_token_expires_in": REFRESH_LIFE_S,
            "token_type": "bearer",
            "scope": "",
        }

    def _app(self, client_id: str) -> AppRecord | None:
        same = (app for app in self._apps() if hmac.compare_digest(client_id.encode(), app.client_id.encode()))
        return next(same, None)

    def _apps(self) -> list[AppRecord]:
        return [self._world.app, *self._world.other_apps.values()]


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
