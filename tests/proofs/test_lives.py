"""Every life of a gate of three seats, for nine rules, and each night for eighty-one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from app.domain.policy.model import Rule
from tests.proofs.lives import SEATS, Lives

SOME = ((), SEATS[:1], SEATS[:2])
BARRED = ((), SEATS[:1], SEATS[1:])
THRESHOLDS = (Fraction(1, 2), Fraction(2, 3), Fraction(1))
EVERY = [
    (Rule(quorum, threshold, mandatory, veto, people=quorum // 2 + 1), (quorum + index) % 2 == 0)
    for index, (quorum, threshold, mandatory, veto) in enumerate(product((1, 2, 3), THRESHOLDS, SOME, BARRED))
]
NINE = EVERY[::10]
"""Each value of each part of a rule, with others each time."""


def lived(rule: Rule, *, is_quiet: bool) -> None:
    lives = Lives(rule, is_quiet=is_quiet)
    moments = lives.explored()
    assert moments > 100
    assert lives.closings > 100
    assert lives.transitions > 1000


@pytest.mark.proofs
@pytest.mark.parametrize(("rule", "is_quiet"), NINE)
def test_every_life_of_a_gate(rule: Rule, is_quiet: bool) -> None:
    lived(rule, is_quiet=is_quiet)


@pytest.mark.nightly_proofs
@pytest.mark.parametrize(("rule", "is_quiet"), [one for one in EVERY if one not in NINE])
def test_every_life_of_a_gate_of_other_rules(rule: Rule, is_quiet: bool) -> None:
    lived(rule, is_quiet=is_quiet)
