"""A person's sign-in through GitHub: where the browser goes, what its code is worth, and what that person may read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from app.github.hosts import web_base
from app.github.plain_calls import json_content, plain_call
from app.settings import Settings

JSON = {"Accept": "application/json"}


class RefusedCodeError(Exception):
    """GitHub does not take the code: spent, too old, or not asked for by this browser."""


@dataclass(frozen=True)
class SignedInReader:
    """Who signed in, and which of the repositories asked about they may read."""

    login: str
    repositories: tuple[str, ...]
    id: int = 0
    """The number of the account, which a rename does not change."""
    token: str = field(default="", repr=False, compare=False)
    """What GitHub gave to act in their name, on what both they and the App may do."""


def authorization_url(settings: Settings, back: str, state: str, verifier: str, *, choose: bool = False) -> str:
    """Where the browser is sent; `choose`: GitHub is to ask for the account, even if it knows one."""
    query = {
        "client_id": settings.client_id,
        "redirect_uri": back,
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        "allow_signup": "false",
    }
    query |= {"prompt": "select_account"} if choose else {}
    return f"{web_base(settings.api_url)}/login/oauth/authorize?{urlencode(query)}"


def _challenge(verifier: str) -> str:
    """RFC 7636: whoever steals the code cannot use it without the verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def identify(settings: Settings, code: str, back: str, verifier: str, repositories: Iterable[str]) -> SignedInReader:
    """Exchange the code, ask GitHub who this is and what they may read.

    Raises RefusedCodeError, or LaterError when GitHub does not answer.
    """
    token = _token(settings, code, back, verifier)
    person = _ask(settings, token, "/user")
    if person is None:
        raise RefusedCodeError("GitHub does not say who this is")
    may = readable_repositories(settings, token, repositories)
    return SignedInReader(str(person["login"]), may, int(person.get("id") or 0), token)


def readable_repositories(settings: Settings, token: str, repositories: Iterable[str]) -> tuple[str, ...]:
    """Those of the repositories that the token shows; none when it is good no longer. Raises LaterError."""
    return tuple(name for name in repositories if _ask(settings, token, f"/repos/{quote(name, safe='/')}") is not None)


def revoke(settings: Settings, token: str) -> None:
    """Make a token good for nothing; raises LaterError when GitHub does not answer."""
    where = f"{settings.api_url}/applications/{quote(settings.client_id, safe='')}/token"
    pair = base64.b64encode(f"{settings.client_id}:{settings.client_secret}".encode()).decode()
    plain_call("DELETE", where, {**JSON, "Authorization": f"Basic {pair}"}, json={"access_token": token})


def _token(settings: Settings, code: str, back: str, verifier: str) -> str:
    """In the body of the request, never in an address that a journal might keep."""
    given = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    given |= {"code": code, "redirect_uri": back, "code_verifier": verifier}
    answer = plain_call("POST", f"{web_base(settings.api_url)}/login/oauth/access_token", JSON, data=given)
    token = json_content(answer, {}).get("access_token") if answer.status_code == 200 else None
    if not isinstance(token, str) or not token:
        error = json_content(answer, {}).get("error", answer.status_code)
        raise RefusedCodeError(f"GitHub answered {str(error)[:60]}")
    return token


def _ask(settings: Settings, token: str, path: str) -> Any:
    """What is there; None when this person does not see it."""
    answer = plain_call("GET", f"{settings.api_url}{path}", {**JSON, "Authorization": f"Bearer {token}"})
    return json_content(answer, {}) if answer.status_code == 200 else None
