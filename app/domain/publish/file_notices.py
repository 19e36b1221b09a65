"""What Jalon says of the files that a committee keeps: its rules, its catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.policy.document import Problem
from app.domain.policy.later_fields import later
from app.domain.publish.notice import Notice
from app.domain.publish.rules_views import RulesView


@dataclass(frozen=True)
class RulesFile(Notice):
    """The policy file, told where it was changed; `state` is flawed, absent or mended.

    `rules` are those in force, None when no file was ever good; `address` is where the file is read on GitHub.
    """

    state: str = "flawed"
    problems: tuple[Problem, ...] = ()
    rules: RulesView | None = None
    address: str = ""
    kept: bool = later(False)
    """Whether those in force are the file's own, which a former version of Jalon took."""


@dataclass(frozen=True)
class CatalogueFile(Notice):
    """A file of the catalogue, told where it was changed; `state` is flawed, absent or mended."""

    state: str = "flawed"
    path: str = ""
    problems: tuple[Problem, ...] = ()
    address: str = ""
    """Where the file is read on GitHub."""
    holds: bool = False
    """Whether a former text of it was good, and goes on being used."""
