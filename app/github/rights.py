"""The rights that the App asks for, and those of the granted ones that it uses."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS = ("read", "write", "admin")
PERMISSIONS = {"issues": "write", "metadata": "read", "organization_projects": "write", "members": "read"}
"""Asked for when the App is created."""
CEILING = {**PERMISSIONS, "single_file": "read", "contents": "read", "pull_requests": "write"}
"""The most it ever uses: these include the policy file, and what shows its errors where an organisation grants it."""


def narrowed(granted: Mapping[str, str]) -> dict[str, str]:
    """The rights to ask a token for: those granted, limited to those Jalon uses."""
    return {name: _lower(granted[name], ceiling) for name, ceiling in CEILING.items() if granted.get(name) in LEVELS}


def _lower(granted: str, ceiling: str) -> str:
    return min(granted, ceiling, key=LEVELS.index)
