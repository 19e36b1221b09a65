"""The weeks of a trend that are worth a line."""

from __future__ import annotations

from datetime import timedelta

from app.domain.policy.calendar import Week
from app.domain.policy.model import TIMEZONE
from app.domain.report.digest import digest
from tests.builders import a_policy
from tests.lives import Life


def test_only_weeks_in_which_something_happened_are_lively() -> None:
    policy, week = a_policy(), Week(2026, 48)
    after = week.end(TIMEZONE) + timedelta(hours=1)
    new = Life(policy, "Nouveau", 1).filed("2026-11-03")
    moved = Life(policy, "Promu", 2).filed("2024-01-08").asked("2026-11-17", "poc").decided("2026-11-24")
    assert digest([], policy, week, after).lively == ()
    found = digest([new.tracked, moved.tracked], policy, week, after)
    assert [one.week for one in found.lively] == [Week(2026, 45), Week(2026, 48)]


def test_a_week_is_told_beside_the_one_before_and_a_decided_move_once() -> None:
    policy, week = a_policy(), Week(2026, 48)
    decided = Life(policy, "Promu", 1).filed("2026-11-17").asked("2026-11-18", "poc").decided("2026-11-24")
    imported = Life(policy, "Repris", 2).filed("2026-11-17").entered("2026-11-25", "mvp")
    found = digest([decided.tracked, imported.tracked], policy, week, week.end(TIMEZONE) + timedelta(hours=1))
    assert (found.before.week, found.before.total, found.before.counts.new) == (Week(2026, 47), 2, 2)
    assert (found.decided, found.decided_lately) == (1, 1)
    assert [line.product.title for line in found.moves] == ["Promu", "Repris"]
    assert [line.product.title for line in found.undecided] == ["Repris"]
