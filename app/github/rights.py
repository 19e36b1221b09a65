"""What the App asks of GitHub, and how far it uses what it was given."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS = ("read", "write", "admin")
PERMISSIONS = {"issues": "write", "metadata": "read", "organization_projects": "write", "members": "read"}
"""Asked for when the App is created."""
CEILING = {**PERMISSIONS, "single_file": "read", "contents": "read", "pull_requests": "write"}
"""The most that is used: the policy file, and what tells its errors where an organisation chose to grant it."""


def narrowed(granted: Mapping[str, str]) -> dict[str, str]:
    """What to ask a token for: what the installation granted, and never more than Jalon uses."""
    return {name: _lower(granted[name], ceiling) for name, ceiling in CEILING.items() if granted.get(name) in LEVELS}


def _lower(granted: str, ceiling: str) -> str:
    return min(granted, ceiling, key=LEVELS.index)
