"""The result of a turn, and the errors for which none can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.product.issue import Issue
from app.domain.product.state import Product
from app.domain.publish.effects import Effect


@dataclass(frozen=True)
class TurnOutcome:
    """What a turn did; `ignored` says why there was nothing to do."""

    facts: int = 0
    effects: tuple[Effect, ...] = ()
    ignored: str = ""

    def then(self, other: TurnOutcome) -> TurnOutcome:
        """Both, of one wake-up."""
        effects = (*self.effects, *other.effects)
        return TurnOutcome(self.facts + other.facts, effects, "" if effects else self.ignored)


@dataclass(frozen=True)
class Planned:
    """What a turn would do: the product with its new facts, how many they are, and the changes on GitHub."""

    product: Product
    effects: tuple[Effect, ...]
    facts: int


class LostHistoryError(Exception):
    """The history of a product cannot be trusted: its chain is broken, or its comments contradict each other.

    Nothing is decided or written until an administrator has looked.
    """

    def __init__(self, issue: Issue, flaws: tuple[tuple[str, str], ...], language: str = "fr") -> None:
        self.issue, self.flaws, self.language = issue, flaws, language
        told = ", ".join(f"{kind} {detail}".strip() for kind, detail in flaws)
        super().__init__(f"{issue.repository}#{issue.number}: {told}")

    @property
    def may_be_late(self) -> bool:
        """Whether a late copy may explain it: an issue just transferred may still be shown in its former place."""
        return self.flaws == (("elsewhere", ""),)
