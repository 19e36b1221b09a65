"""What GitHub's two API versions show differently of the same things."""

from __future__ import annotations

from typing import Any

DEFAULT = "2022-11-28"
LATEST = "2026-03-10"
ALL = (DEFAULT, LATEST)
DROPPED = (
    ({"labels_url", "assignees"}, {"assignee"}),
    ({"resources", "rate"}, {"rate"}),
    ({"full_name", "forks_url"}, {"has_downloads", "master_branch", "use_squash_pr_title_as_default"}),
)
"""Keys by which a noun is recognised, and those the latest version no longer has."""


def shown(value: Any, version: str) -> Any:
    """An answer as the version asked for has it."""
    if version != LATEST:
        return value
    if isinstance(value, list):
        return [shown(item, version) for item in value]
    if not isinstance(value, dict):
        return value
    gone = {key for marks, keys in DROPPED if marks <= set(value) for key in keys}
    return {key: shown(item, version) for key, item in value.items() if key not in gone}
