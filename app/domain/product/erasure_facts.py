"""What the register keeps of an erasure: that personal parts are gone, of which facts, and at whose request."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.product.fact import Fact


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalErased(Fact):
    """The operator erased what was personal in the facts of these ranks; `request` is the reference of who asked.

    `person` is the name that somebody bears in this product from then on, empty when words alone were erased.
    """

    request: str
    facts: tuple[int, ...] = ()
    person: str = ""
