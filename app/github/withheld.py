"""What GitHub may withhold from an answer without spoiling the rest: errors sorted by where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_about_organization(error: Any) -> bool:
    """A team or board that cannot be read leaves the rest of the answer usable: the domain then fails closed."""
    return _path(error)[:1] == ["organization"]


def is_about_cards(error: Any) -> bool:
    """Nor do the cards of an issue on boards that the App may not see: ours is seen, or there is none."""
    return "projectItems" in _path(error)


def spares_the_issue(error: Any) -> bool:
    """Whether an error leaves issues, their labels and their comments whole."""
    return is_about_organization(error) or is_about_cards(error) or _is_about_nobody(error)


def _is_about_nobody(error: Any) -> bool:
    """A login of the rules that nobody bears."""
    return is_not_found(error) and str(_path(error)[:1]).startswith("['secretary")


def is_not_found(error: Any) -> bool:
    return isinstance(error, Mapping) and error.get("type") == "NOT_FOUND"


def _path(error: Any) -> list[Any]:
    return list(error.get("path") or ()) if isinstance(error, Mapping) else []
