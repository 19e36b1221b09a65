"""The needs and commons nearest to a product, each with what became of it, or why it was kept silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.policy.model import Policy
from app.domain.product.facts import History
from app.domain.product.purpose import filing
from app.domain.product.reuse import ReuseCandidates
from app.domain.product.state import standing
from app.domain.reuse.catalogue import COMMON, Catalogue, Common
from app.domain.reuse.need import Need
from app.domain.reuse.suggest import Candidate, Neighbour
from app.store.needs import Needs

ANSWERED, SHOWN, PASSES = "answered_{}", "shown", "passes"
"""What became of a neighbour: answered, shown and waiting, or near enough to be shown today."""
LEAST = 0.005
"""Nearness that is written « 0,00 » is none: a list of ten is not filled for its own sake."""


@dataclass(frozen=True)
class NearestRow:
    """One of the nearest; `need` is its product, `common` its entry, one of them None."""

    candidate: Candidate
    why: str
    need: Need | None = None
    common: Common | None = None


@dataclass(frozen=True)
class ComparisonContext:
    """What a product is compared with: everything its backlog follows, and its catalogue, on one day."""

    needs: Needs
    policy: Policy
    catalogue: Catalogue
    today: date

    def nearest(self, repository: str, number: int, history: History) -> tuple[NearestRow, ...]:
        """Ten at most, the nearest first, whatever their score; none for a product that the backlog does not follow."""
        known = {one.ref: one for one in self.needs.known(repository, self.policy)}
        need = next((one for one in known.values() if one.number == number), None)
        if need is None:
            return ()
        state = standing(history)
        found = self.needs.found(filing(state, need), self.policy, self.catalogue, self.today)
        near = (one for one in found.nearest if one.candidate.score >= LEAST)
        return tuple(self._near(one, known, state.reuse) for one in near)

    def _near(self, one: Neighbour, known: Mapping[str, Need], reuse: ReuseCandidates) -> NearestRow:
        ref = one.candidate.ref
        common = self.catalogue.by_id.get(ref.removeprefix(COMMON)) if one.candidate.is_common else None
        return NearestRow(one.candidate, _why(one, reuse), known.get(ref), common)


def _why(one: Neighbour, reuse: ReuseCandidates) -> str:
    """What people said of it comes before what its score alone would have made of it."""
    told = reuse.candidates.get(one.candidate.ref)
    if told and told.answer:
        return ANSWERED.format(told.answer.answer)
    if told and told.awaits:
        return SHOWN
    return one.silence.value if one.silence else PASSES
