"""What was made of each candidate shown to a product, or named by its people, as reports count it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.product.facts import Fact
from app.domain.product.reuse import ReuseCandidates
from app.domain.product.reuse_facts import DOORS, ReuseSuggested

BY_A_PERSON = DOORS[-1]


@dataclass(frozen=True, slots=True)
class ReuseTold:
    """`door` is what led to it; `shown` None for one that nobody showed; `answer` the last one given, which holds."""

    ref: str
    name: str
    door: str
    shown: datetime | None = None
    awaits: bool = False
    answer: str = ""
    answered: datetime | None = None


def reuse_told(history: Iterable[Fact], reuse: ReuseCandidates) -> Iterator[ReuseTold]:
    """Each candidate of a history that leads to `reuse`, in the order in which they came."""
    since = {one.ref: fact.at for fact in history if isinstance(fact, ReuseSuggested) for one in fact.shown}
    for ref, one in reuse.candidates.items():
        door = one.shown.door if one.shown else BY_A_PERSON
        answer = (one.answer.answer, one.answer.at) if one.answer else ("", None)
        yield ReuseTold(ref, one.name, door, since.get(ref), one.awaits, *answer)
