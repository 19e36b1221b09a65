"""GitHub's refusals sorted by who can end them: none is a bug of ours before we know it, and none is for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from github import GithubException

LONGEST = 300
"""Characters kept of GitHub's sentence."""
WORDS = (
    ("ip allow list", "addresses"),
    ("saml", "sso"),
    ("suspended", "suspended"),
    ("archived", "archived"),
    ("not accessible by", "permission"),
    ("correct permissions", "permission"),
    ("admin rights", "permission"),
)
KINDS = frozenset({"addresses", "sso", "suspended", "archived", "permission", "refusal"})
"""Kinds of trouble (app/store/troubles.py) that a refusal may be."""
STATUSES = {402, 403, 409, 410, 423, 451}
DENIED = {"FORBIDDEN", "INSUFFICIENT_SCOPES", "SAML_FAILURE", "UNPROCESSABLE"}
"""Types of errors in GraphQL's answers."""


@dataclass(frozen=True)
class GitHubRefusal:
    """`said` is GitHub's own sentence."""

    kind: str
    said: str


def refusal_of(error: GithubException) -> GitHubRefusal | None:
    """What an administrator must look at; None when the fault is in what was asked."""
    data = error.data if isinstance(error.data, Mapping) else {}
    errors = [item for item in data.get("errors") or () if isinstance(item, Mapping)]
    if error.status not in STATUSES and not any(item.get("type") in DENIED for item in errors):
        return None
    said = _said(error, data, errors)
    kind = next((kind for words, kind in WORDS if words in said.lower()), "refusal")
    return GitHubRefusal(kind, said[:LONGEST])


def _said(error: GithubException, data: Mapping[str, Any], errors: list[Mapping[str, Any]]) -> str:
    """Never an answer's data: people's words have no place in a log."""
    told = [str(item["message"]) for item in errors if item.get("message")]
    words = "; ".join(dict.fromkeys(told)) or str(data.get("message") or f"HTTP {error.status}")
    return " ".join(words.split())
