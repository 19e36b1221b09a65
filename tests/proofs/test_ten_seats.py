"""The ten seats of the rules that travel with Jalon, up to the exchange of seats that a rule does not tell apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from app.domain.policy.model import Rule
from app.domain.report.rule_proof import laws, prove
from tests.builders import a_policy
from tests.proofs.counting import THRESHOLDS
from verifier.rules_spec import closing

SEATS = tuple(seat.id for seat in a_policy().committee.seats)
PATTERNS = (
    ((), ()),
    (SEATS[:1], ()),
    ((), SEATS[:1]),
    (SEATS[:2], ()),
    (SEATS[:1], SEATS[:1]),
    (SEATS[:1], SEATS[1:2]),
)
PEOPLE = 2


@pytest.mark.proofs
def test_every_vote_under_the_shipped_rules() -> None:
    proof = prove(a_policy(), closing)
    assert (len(proof.laws), proof.votes, proof.faults, proof.too_many) == (5, 5 * 5**10, (), False)


@pytest.mark.nightly_proofs
@pytest.mark.parametrize(("quorum", "threshold"), list(product(range(1, 11), THRESHOLDS)))
def test_every_vote_of_ten_seats_under_other_rules(quorum: int, threshold: Fraction) -> None:
    gate = a_policy().gates[0]
    rules = [Rule(quorum, threshold, mandatory, veto, people=PEOPLE) for mandatory, veto in PATTERNS]
    policy = replace(a_policy(), gates=tuple(replace(gate, rule=rule) for rule in rules))
    assert len(laws(policy)) == len(PATTERNS)
    proof = prove(policy, closing)
    assert (proof.faults, proof.too_many) == ((), False)
