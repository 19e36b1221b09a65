"""Whatever the order in which three seats speak, a gate ends the same way: as its votes decide at the deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.decide.decide import decide
from app.domain.decide.request import Request, Review
from app.domain.policy.model import Rule
from app.domain.product.facts import CommandRefused
from tests.proofs.lives import DAYS, LATE, LOGINS, POLICY, SEATS, VOTES, Lives, Moment
from tests.proofs.test_lives import EVERY
from verifier import rules_spec

RULES = [rule for rule, _ in EVERY][::3]


def spoken(moment: Moment) -> Iterator[Moment]:
    """After every vote of every seat that has not spoken; what comes once the gate is closed is refused."""
    for seat in (seat for seat in range(len(SEATS)) if moment.said[seat] == "silent"):
        for word, vote in VOTES.items():
            number = 900 + len(moment.product.history)
            asked = Request(vote, LOGINS[seat], f"comment:{number}:x", number, said_at=moment.now)
            facts = decide(asked, moment.product, POLICY, moment.now)
            said = (*moment.said[:seat], word, *moment.said[seat + 1 :])
            assert isinstance(facts[0], CommandRefused) == (moment.product.standing.gates[1].outcome != "")
            yield replace(moment, product=moment.product.with_facts(facts), said=said)


def orders(rule: Rule) -> dict[tuple[str, ...], set[str]]:
    """The outcomes of each vote, by every order that leads to it."""
    moments = [Lives(rule, is_quiet=False).opened()]
    for _ in SEATS:
        moments = [one for moment in moments for one in spoken(moment)]
    found: dict[tuple[str, ...], set[str]] = {}
    for moment in moments:
        facts = decide(Request(Review(), "", "deadline:1"), moment.product, POLICY, DAYS[LATE])
        found.setdefault(moment.said, set()).add(moment.product.with_facts(facts).standing.gates[1].outcome)
    assert len(moments) == 6 * len(found)
    return found


@pytest.mark.proofs
@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_the_votes_changes_nothing(rule: Rule) -> None:
    written = Lives(rule, is_quiet=False).written
    for said, outcomes in orders(rule).items():
        assert outcomes == {rules_spec.closing(written, Moment(None, said).counted)}, said  # type: ignore[arg-type]
