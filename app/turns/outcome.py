"""What a turn did, and why one cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.domain.publish.effects import Effect


@dataclass(frozen=True)
class Outcome:
    """What a turn did; `ignored` says why there was nothing to do."""

    facts: int = 0
    effects: tuple[Effect, ...] = ()
    ignored: str = ""


@dataclass(frozen=True)
class Planned:
    """What a turn would do: the product with its new facts, how many they are, and the changes on GitHub."""

    product: Product
    effects: tuple[Effect, ...]
    facts: int


class LostHistoryError(Exception):
    """The history of a product cannot be trusted: its chain is broken, or its comments do not agree or hold together.

    Nothing is decided, nor shown anew, before an administrator has looked.
    """

    def __init__(self, issue: Issue, flaws: tuple[tuple[str, str], ...], language: str = "fr") -> None:
        self.issue, self.flaws, self.language = issue, flaws, language
        told = ", ".join(f"{kind} {detail}".strip() for kind, detail in flaws)
        super().__init__(f"{issue.repository}#{issue.number}: {told}")

    @property
    def may_be_late(self) -> bool:
        """A late copy may still show where it was an issue that has just been transferred."""
        return self.flaws == (("elsewhere", ""),)
