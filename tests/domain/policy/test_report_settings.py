"""The policy's section on follow-up: optional, strict, each problem in its place."""

import pytest

from app.domain.policy.model import FollowUp, Policy, Reminding
from app.yaml_documents import read_policy
from tests.builders import SMALL, a_policy, a_small_policy, parsed


def test_a_silent_policy_has_defaults():
    assert a_small_policy().follow_up == FollowUp()
    assert a_small_policy().follow_up.weeks("mvp") == 12


def test_the_policy_that_travels_names_a_delay_for_each_phase_that_can_stall():
    policy = a_policy()
    assert set(policy.follow_up.stalled_weeks) == {phase.id for phase in policy.phases if policy.exits(phase.id)}


def test_no_weeks_at_all_are_said_where_products_are_in_service():
    assert parsed(SMALL + "follow_up: {stalled_weeks: {mvp: 0}}").follow_up.weeks("mvp") == 0
    assert a_policy().follow_up.weeks("generalisation") == 0


def test_each_key_is_read():
    text = "follow_up: {stalled_weeks: {mvp: 3}, unseen_months: 6, cut_off_days: 0, minutes_per_gate: 20, public_pages: true}"
    found = parsed(SMALL + text).follow_up
    assert found == FollowUp({"mvp": 3}, 12, 6, 0, 20, public_pages=True)
    assert (found.weeks("mvp"), found.weeks("idee")) == (3, 12)


def test_reminders_are_on_unless_the_rules_say_otherwise():
    assert a_policy().follow_up.reminders == Reminding()
    text = "follow_up: {reminders: {enabled: false, hour: 14, days_before: 0, never: [secu]}}"
    assert parsed(SMALL + text).follow_up.reminders == Reminding(False, 14, 0, ("secu",))
    assert parsed(SMALL + "follow_up: {reminders: {}}").follow_up.reminders == Reminding()


@pytest.mark.parametrize(
    ("section", "kind", "path"),
    [
        ("follow_up: []", "expected", "follow_up"),
        ("follow_up: {unseen_month: 3}", "unknown_key", "follow_up"),
        ("follow_up: {stalled_weeks: {beta: 3}}", "unknown_key", "follow_up.stalled_weeks"),
        ("follow_up: {stalled_weeks: {mvp: -1}}", "expected_number", "follow_up.stalled_weeks.mvp"),
        ("follow_up: {unseen_months: beaucoup}", "expected_number", "follow_up.unseen_months"),
        ("follow_up: {unseen_months: 99999}", "number_too_great", "follow_up.unseen_months"),
        ("follow_up: {cut_off_days: 9999999999}", "number_too_great", "follow_up.cut_off_days"),
        ("follow_up: {minutes_per_gate: 99999}", "number_too_great", "follow_up.minutes_per_gate"),
        ("follow_up: {stalled_weeks: {mvp: 99999}}", "number_too_great", "follow_up.stalled_weeks.mvp"),
        ("follow_up: {reminders: {days_before: 99999}}", "number_too_great", "follow_up.reminders.days_before"),
        ("follow_up: {public_pages: oui}", "expected", "follow_up.public_pages"),
        ("follow_up: {reminders: non}", "expected", "follow_up.reminders"),
        ("follow_up: {reminders: {hours: 9}}", "unknown_key", "follow_up.reminders"),
        ("follow_up: {reminders: {hour: 22}}", "not_one_of", "follow_up.reminders.hour"),
        ("follow_up: {reminders: {hour: 6}}", "expected_number", "follow_up.reminders.hour"),
        ("follow_up: {reminders: {days_before: -1}}", "expected_number", "follow_up.reminders.days_before"),
        ("follow_up: {reminders: {never: ['@secu']}}", "not_an_account", "follow_up.reminders.never[1]"),
    ],
)
def test_a_mistake_is_told_with_its_place(section, kind, path):
    found = read_policy(SMALL + section)
    assert not isinstance(found, Policy)
    assert [(problem.kind, problem.path) for problem in found] == [(kind, path)]
    assert found[0].line == SMALL.count("\n") + 1
    assert found[0].column > 1
