"""The comment of a second thought is named by what the thought is, not by which copy of it one holds."""

from __future__ import annotations

from dataclasses import replace

from app.domain.product.fact import LogPlace
from app.domain.product.second_thought_facts import DecisionRectified
from app.domain.product.second_thought_keys import second_thought_key
from tests.builders import T0


def test_a_thought_read_back_from_the_register_keeps_its_comment():
    """A turn folds what it decided, then goes on with what was recorded: the same facts, sealed since."""
    note = {"at": T0, "by": "secretariat", "gate": 1, "was": "go", "outcome": "nogo", "why": "w"}
    first, second = (DecisionRectified(cause=f"comment:{number}:0", **note) for number in (1, 2))
    recorded = tuple(
        replace(one, sealed=LogPlace(n, "00", 0, "I_1", "dnum/produits", 1)) for n, one in enumerate((first, second))
    )
    assert [second_thought_key(one, recorded) for one in (first, second)] == ["rectified:1", "rectified:2"]
    assert second_thought_key(replace(first, cause="comment:3:0"), recorded) == ""
