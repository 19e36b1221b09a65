"""What is told of a policy file, state by state; and the rules in force in a few words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.document import Problem
from app.domain.publish.policy_file import PolicyStatus, RulesState, amends, complaint
from app.shipped_files import default_policy

POLICY = default_policy()
PROBLEM = Problem(3, 1, "", "empty")


@pytest.mark.parametrize(
    ("reading", "told", "has_rules"),
    [
        (PolicyStatus(RulesState.GOOD, POLICY), None, False),
        (PolicyStatus(RulesState.FLAWED, POLICY, (PROBLEM,)), "flawed", True),
        (PolicyStatus(RulesState.FLAWED, POLICY.distrusted(), (PROBLEM,)), "flawed", False),
        (PolicyStatus(RulesState.ABSENT, POLICY), "absent", True),
        (PolicyStatus(RulesState.ABSENT, POLICY.distrusted()), None, False),
        (PolicyStatus(RulesState.UNREADABLE, POLICY), None, False),
        (PolicyStatus(RulesState.UNREADABLE, POLICY.distrusted()), None, False),
    ],
)
def test_what_is_told(reading, told, has_rules):
    notice = complaint(reading, "there")
    assert (notice.state if notice else None) == told
    assert bool(notice and notice.rules) == has_rules
    if notice:
        assert (notice.problems, notice.address) == (reading.problems, "there")


def test_the_rules_in_force_are_shown_once_each():
    shown = amends(PolicyStatus(RulesState.GOOD, POLICY)).rules
    assert shown.version == POLICY.version
    assert shown.phases == tuple(phase.name for phase in POLICY.phases)
    assert (shown.team, shown.seats) == (POLICY.committee.team, len(POLICY.committee.seats))
    assert len({(rule.quorum, rule.threshold) for rule in shown.rules}) == len(shown.rules)
    assert {name for rule in shown.rules for name in rule.phases} == {
        POLICY.phase(gate.to).name for gate in POLICY.gates
    }


def test_another_mistake_or_other_rules_make_another_message():
    first = complaint(PolicyStatus(RulesState.FLAWED, POLICY, (PROBLEM,)), "there")
    others = (
        PolicyStatus(RulesState.FLAWED, POLICY, (replace(PROBLEM, line=4),)),
        PolicyStatus(RulesState.FLAWED, replace(POLICY, version="other"), (PROBLEM,)),
        PolicyStatus(RulesState.ABSENT, POLICY),
    )
    assert first.fingerprint == complaint(PolicyStatus(RulesState.FLAWED, POLICY, (PROBLEM,)), "there").fingerprint
    assert first.fingerprint not in {complaint(reading, "there").fingerprint for reading in others}
