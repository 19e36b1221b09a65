"""Whatever numbers the rules hold, once they are accepted no turn and no report comes to the end of the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.publish.issue_summary import next_moment
from app.domain.report.agenda import agenda
from app.domain.report.digest import digest
from app.domain.report.explanation import explain
from app.domain.report.indicators import indicators
from app.domain.report.minutes import minutes
from app.domain.report.portfolio import rows
from app.domain.report.reminders import is_time, reminders
from app.yaml_documents import read_policy
from tests.builders import SMALL, T0, ready, says, turn
from tests.lives import Life, at

NUMBERS = (
    *("quorum", "people", "deadline_days", "unseen_months", "cut_off_days"),
    *("minutes_per_gate", "stalled_weeks", "days_before", "hour", "agenda_days"),
)
ENDS = (0, 1, 2, 7, 18, 60, 100, 120, 366, 520, 1_000, 1_440, 3_660, 10_000, 36_500, 3_000_000, 9_999_999_999, 10**40)
number = st.sampled_from(ENDS) | st.integers(-1, 4_000)


def written(quorum: int, people: int, deadline_days: int, **rest: int) -> str:
    follow_up = (
        "follow_up: {{unseen_months: {unseen_months}, cut_off_days: {cut_off_days}, minutes_per_gate: "
        "{minutes_per_gate}, stalled_weeks: {{idee: {stalled_weeks}, mvp: {stalled_weeks}}}, reminders: "
        "{{days_before: {days_before}, hour: {hour}}}}}\n"
    ).format(**rest)
    gate = f"quorum: {quorum}, people: {people}, threshold: 2/3"
    return (
        SMALL.replace("quorum: 2, threshold: 2/3", gate)
        .replace("deadline_days: 14", f"deadline_days: {deadline_days}")
        .replace("  secretariat:", f"  agenda_days: {rest['agenda_days']}\n  secretariat:")
        + follow_up
    )


def everything(policy: Policy) -> None:
    """Each thing that Jalon does of a product, while its gate is open and once its deadline has passed."""
    asked = turn(says(ready(policy), "cheffe-produit", "/demande mvp"), policy)
    wakes = next_moment(asked, T0)
    for now in (T0, T0 + timedelta(days=400), *([wakes] if wakes else [])):
        asked = turn(asked, policy, now)
        explain(asked, policy, now)
    life = Life(policy).filed("2026-01-05").asked("2026-01-12", "mvp").tracked
    for day in ("2026-01-13", "2026-11-24"):
        now = at(day)
        found = rows([life], policy, now)
        digest([life], policy, Week.of(now.date()), now)
        agenda(found, policy, now.date())
        minutes(found, policy, now.date())
        indicators(found, policy, now)
        is_time(policy, now)
        reminders(found, policy, (), now)


@settings(max_examples=60)
@given(st.fixed_dictionaries(dict.fromkeys(NUMBERS, number)), st.booleans())
@example(dict.fromkeys(NUMBERS, 10**40) | {"quorum": 2, "people": 1, "hour": 9, "agenda_days": 5}, True)
@example(
    {"quorum": 4, "people": 1_000, "deadline_days": 3_660, "unseen_months": 120, "cut_off_days": 366}
    | {"minutes_per_gate": 1_440, "stalled_weeks": 520, "days_before": 366, "hour": 18, "agenda_days": 60},
    False,
)
@example(dict.fromkeys(NUMBERS, 1) | {"cut_off_days": 0, "days_before": 0, "hour": 7, "agenda_days": 0}, False)
def test_no_number_accepted_breaks_a_turn_or_a_report(numbers: dict[str, int], former: bool) -> None:
    policy = read_policy(written(**numbers), former=former)
    event("accepted" if isinstance(policy, Policy) else "refused")
    if isinstance(policy, Policy):
        everything(policy)


@pytest.mark.slow
def test_each_end_of_each_number_is_either_refused_or_harmless() -> None:
    """One number at its end, the others as usual: most files drawn by chance are refused."""
    usual = {"quorum": 2, "people": 1, "deadline_days": 14, "unseen_months": 12, "cut_off_days": 1}
    usual |= {"minutes_per_gate": 15, "stalled_weeks": 12, "days_before": 3, "hour": 9, "agenda_days": 5}
    greatest = dict.fromkeys(NUMBERS, 0)
    for name in NUMBERS:
        for end in ENDS:
            for former in (False, True):
                policy = read_policy(written(**usual | {name: end}), former=former)
                if isinstance(policy, Policy):
                    greatest[name] = max(greatest[name], 0 if former else end)
                    everything(policy)
    assert greatest == {
        "quorum": 2,
        "people": 1_000,
        "deadline_days": 3_660,
        "unseen_months": 120,
        "cut_off_days": 366,
        "minutes_per_gate": 1_440,
        "stalled_weeks": 520,
        "days_before": 366,
        "hour": 18,
        "agenda_days": 60,
    }
