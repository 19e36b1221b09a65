"""What the register keeps of reuse: what was shown as perhaps answering a need, and what people answered."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.policy.later_fields import later
from app.domain.product.fact import Fact

DOORS = ("name", "reflex", "near", "person")
"""Why a candidate is shown: the filing names it, its condition holds, its need is near, or somebody proposed it."""
REUSED, ADAPTED, SET_ASIDE = "reuse", "adapt", "aside"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may already answer the need of a product, as it was shown; its number is never given to another of it.

    `ref` is « commun: » and an id, or « produit: » and the node id of an issue. `words` are those that both needs
    share. `ended` is the day (ISO) a product came to its end.
    """

    number: int
    ref: str
    name: str
    line: str
    door: str
    link: str = ""
    owner: str = ""
    words: tuple[str, ...] = ()
    ended: str = ""
    by: str = later("")
    """Who proposed it, if somebody did, and why, in their words."""
    why: str = later("")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReuseSuggested(Fact):
    """Shown from then on; `dropped` are the numbers of those that nobody answered, and that hold no longer."""

    shown: tuple[Suggestion, ...] = ()
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReuseAnswered(Fact):
    """What somebody made of a candidate: reuse, adapt or aside; one that nobody showed has no `number`.

    `settles` are the items of the checklist that the use of this common may be proposed to settle.
    """

    ref: str
    name: str
    answer: str
    reason: str = ""
    number: int = 0
    link: str = ""
    settles: tuple[str, ...] = ()
