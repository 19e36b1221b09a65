"""Sorts GitHub's refusals by who can end them; none is taken for a bug of ours, and none for final."""

from __future__ import annotations

from dataclasses import dataclass

from app.github.errors import RefusalError, errors_in

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


def refusal_of(error: RefusalError) -> GitHubRefusal | None:
    """The refusal as a trouble for the administrator; None when the fault is in what we asked."""
    if error.status not in STATUSES and not any(item.get("type") in DENIED for item in errors_in(error.data)):
        return None
    kind = next((kind for words, kind in WORDS if words in error.said.lower()), "refusal")
    return GitHubRefusal(kind, error.said[:LONGEST])
