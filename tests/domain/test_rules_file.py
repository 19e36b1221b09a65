"""What is told of a policy file, state by state; and the rules in force in a few words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.assets import default_policy
from app.domain.document import Problem
from app.domain.rules_file import Reading, amends, complaint

POLICY = default_policy()
PROBLEM = Problem(3, 1, "", "empty")


@pytest.mark.parametrize(
    ("reading", "told", "has_rules"),
    [
        (Reading("good", POLICY), None, False),
        (Reading("flawed", POLICY, (PROBLEM,)), "flawed", True),
        (Reading("flawed", POLICY.distrusted(), (PROBLEM,)), "flawed", False),
        (Reading("absent", POLICY), "absent", True),
        (Reading("absent", POLICY.distrusted()), None, False),
        (Reading("unreadable", POLICY), None, False),
        (Reading("unreadable", POLICY.distrusted()), None, False),
    ],
)
def test_what_is_told(reading, told, has_rules):
    notice = complaint(reading, "there")
    assert (notice.state if notice else None) == told
    assert bool(notice and notice.rules) == has_rules
    if notice:
        assert (notice.problems, notice.address) == (reading.problems, "there")


def test_the_rules_in_force_are_shown_once_each():
    shown = amends(Reading("good", POLICY)).rules
    assert shown.version == POLICY.version
    assert shown.phases == tuple(phase.name for phase in POLICY.phases)
    assert (shown.team, shown.seats) == (POLICY.committee.team, len(POLICY.committee.seats))
    assert len({(rule.quorum, rule.threshold) for rule in shown.rules}) == len(shown.rules)
    assert {name for rule in shown.rules for name in rule.phases} == {
        POLICY.phase(gate.to).name for gate in POLICY.gates
    }


def test_another_mistake_or_other_rules_make_another_message():
    first = complaint(Reading("flawed", POLICY, (PROBLEM,)), "there")
    others = (
        Reading("flawed", POLICY, (replace(PROBLEM, line=4),)),
        Reading("flawed", replace(POLICY, version="other"), (PROBLEM,)),
        Reading("absent", POLICY),
    )
    assert first.fingerprint == complaint(Reading("flawed", POLICY, (PROBLEM,)), "there").fingerprint
    assert first.fingerprint not in {complaint(reading, "there").fingerprint for reading in others}
