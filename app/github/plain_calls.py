"""One call to GitHub outside any installation: for a person, by their token, or with the App's own secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from app.github.client import TIMEOUT_S, LaterError


def plain_call(verb: str, where: str, headers: Mapping[str, str], **sent: Any) -> requests.Response:
    """`sent` as `requests` takes it. Raises LaterError, whose message holds nothing of what was sent."""
    try:
        answer = requests.request(
            verb, where, headers=dict(headers), timeout=TIMEOUT_S, allow_redirects=verb == "GET", **sent
        )
    except requests.RequestException as error:
        raise LaterError(f"GitHub could not be reached: {type(error).__name__}", 1) from None
    if answer.status_code >= 500 or answer.status_code == 429 or answer.headers.get("Retry-After"):
        raise LaterError(f"GitHub answered {answer.status_code}", 1)
    return answer


def json_content(answer: requests.Response, otherwise: Any) -> Any:
    """The JSON of an answer; `otherwise` when it is none, or of another kind."""
    try:
        found = answer.json()
    except ValueError:
        return otherwise
    return found if isinstance(found, type(otherwise)) else otherwise
