"""Finds the files shipped with Jalon: beside the code in a checkout, inside the package once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.domain.policy.model import Policy
from app.yaml_documents import read_policy

ROOTS = (Path(__file__).parent / "assets", Path(__file__).parent.parent)


def asset(name: str) -> Path:
    """Raises FileNotFoundError when this installation is incomplete."""
    for root in ROOTS:
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is not part of this installation of Jalon")


@cache
def default_policy(language: str = "") -> Policy:
    """The policy that travels with Jalon, in its own language or another."""
    policy = read_policy(asset("policy.yml").read_text(encoding="utf-8"), language)
    if not isinstance(policy, Policy):
        raise TypeError(f"the default policy is invalid: {policy}")
    return policy
