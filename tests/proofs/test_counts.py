"""Every vote of one to four seats, under every rule: the application against the rules written a second time.

Then the test is tested: each mistake planted in the count is seen, with two seats at most.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from itertools import islice, product
from typing import Any

import pytest

from app.domain.product import gates
from app.domain.product.gates import Tally
from tests.proofs.counting import THRESHOLDS, all_differences, differences, laws

RULES_OF = {count: list(product(range(1, count + 1), THRESHOLDS)) for count in (3, 4)}


@pytest.mark.parametrize("count", [1, 2])
def test_every_vote_ends_as_the_rules_say(count: int) -> None:
    assert list(islice(all_differences(count), 3)) == []


def every_vote(count: int, quorum: int, threshold: Fraction) -> None:
    found = (one for law, speakers in laws(count, quorum, threshold) for one in differences(count, law, speakers))
    assert list(islice(found, 3)) == []


@pytest.mark.proofs
@pytest.mark.parametrize(("quorum", "threshold"), RULES_OF[3])
def test_every_vote_of_three_seats_ends_as_the_rules_say(quorum: int, threshold: Fraction) -> None:
    every_vote(3, quorum, threshold)


@pytest.mark.nightly_proofs
@pytest.mark.parametrize(("quorum", "threshold"), RULES_OF[4])
def test_every_vote_of_four_seats_ends_as_the_rules_say(quorum: int, threshold: Fraction) -> None:
    every_vote(4, quorum, threshold)


def share(it: Tally, extra_go: int = 0, extra_nogo: int = 0) -> tuple[int, int]:
    return len(it.go) + extra_go, len(it.go) + extra_go + len(it.nogo) + extra_nogo


def more_than(it: Tally, extra_go: int = 0, extra_nogo: int = 0) -> bool:
    go, said = share(it, extra_go, extra_nogo)
    return go > 0 and Fraction(go, said) > it.rule.threshold


def of_all(it: Tally, extra_go: int = 0, extra_nogo: int = 0) -> bool:
    go, said = share(it, extra_go, extra_nogo)
    return go > 0 and Fraction(go, said + len(it.abstain)) >= it.rule.threshold


def of_nobody(it: Tally, extra_go: int = 0, extra_nogo: int = 0) -> bool:
    go, said = share(it, extra_go, extra_nogo)
    return said == 0 or Fraction(go, said) >= it.rule.threshold


MISTAKES: dict[str, tuple[str, Callable[..., Any]]] = {
    "quorum one short": (
        "has_quorum",
        lambda it: it.spoken >= it.rule.quorum - 1 and it.people >= it.rule.people,
    ),
    "persons not counted": ("has_quorum", lambda it: it.spoken >= it.rule.quorum),
    "a recusal makes quorum": (
        "has_quorum",
        lambda it: it.spoken + len(it.recused) >= it.rule.quorum and it.people >= it.rule.people,
    ),
    "an abstention makes no quorum": ("spoken", lambda it: len(it.go) + len(it.nogo)),
    "veto forgotten": ("vetoed_by", lambda it: ()),
    "indispensable seats forgotten": ("missing_mandatory", lambda it: ()),
    "an indispensable seat must say go": (
        "missing_mandatory",
        lambda it: tuple(seat for seat in it.rule.mandatory if seat not in it.go),
    ),
    "a recused seat is no longer indispensable": (
        "missing_mandatory",
        lambda it: tuple(seat for seat in it.rule.mandatory if seat in it.silent),
    ),
    "go certain while a veto may come": (
        "go_is_certain",
        lambda it: it.has_quorum and not it.missing_mandatory and it.reaches_threshold(extra_nogo=len(it.silent)),
    ),
    "no-go certain without quorum": (
        "nogo_is_certain",
        lambda it: bool(it.vetoed_by) or not it.reaches_threshold(extra_go=len(it.silent)),
    ),
    "the threshold must be passed": ("reaches_threshold", more_than),
    "an abstention is against": ("reaches_threshold", of_all),
    "nobody for is a majority": ("reaches_threshold", of_nobody),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_count_is_seen_with_two_seats(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, mistake = MISTAKES[name]
    monkeypatch.setattr(Tally, place, mistake if place == "reaches_threshold" else property(mistake))
    assert next(all_differences(2), None)


def test_a_no_go_that_does_not_wait_for_the_session_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = gates.outcome

    def hasty(count: Tally, deadline: datetime, now: datetime, quiet_until: datetime | None = None) -> str | None:
        return right(count, deadline, now)

    monkeypatch.setattr(gates, "outcome", hasty)
    assert next(all_differences(2), None)
