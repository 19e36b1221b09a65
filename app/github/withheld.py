"""Errors of a GraphQL answer that leave the rest of it usable, sorted by their path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_about_organization(error: Any) -> bool:
    """A team or board that cannot be read leaves the rest usable: the domain then refuses to decide what needs it."""
    return _path(error)[:1] == ["organization"]


def is_about_cards(error: Any) -> bool:
    """Cards on boards that the App may not see: ours is seen, or there is none."""
    return "projectItems" in _path(error)


def spares_the_issue(error: Any) -> bool:
    """Whether an error leaves issues, labels and comments complete."""
    return is_about_organization(error) or is_about_cards(error) or _is_about_nobody(error)


def _is_about_nobody(error: Any) -> bool:
    """A login in the rules that no account has."""
    return is_not_found(error) and str(_path(error)[:1]).startswith("['secretary")


def is_not_found(error: Any) -> bool:
    return isinstance(error, Mapping) and error.get("type") == "NOT_FOUND"


def _path(error: Any) -> list[Any]:
    return list(error.get("path") or ()) if isinstance(error, Mapping) else []
