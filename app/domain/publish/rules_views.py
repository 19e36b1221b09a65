"""The rules in force as they are told where their file was changed: figures and names, without a word of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleView:
    """One vote rule: seats that must have spoken, share of go needed, and the phases it gives access to."""

    quorum: int
    threshold: str
    phases: tuple[str, ...]


@dataclass(frozen=True)
class RulesView:
    """The rules in force, in a few words."""

    version: str
    phases: tuple[str, ...]
    team: str
    seats: int
    rules: tuple[RuleView, ...]
    secretariat: tuple[str, ...] = ()
