"""ISO weeks in Paris, and the committee's sessions."""

from datetime import UTC, date, datetime

import pytest

from app.domain.policy.calendar import Week, day_of, midnight, next_session, session_of
from app.domain.policy.model import TIMEZONE, Committee


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027W01", date(2027, 1, 4)),
        (" 2026-w01 ", date(2025, 12, 29)),
    ],
)
def test_a_week_is_read_as_people_write_it(text, monday):
    week = Week.parse(text)
    assert week.monday == monday
    assert Week.of(week.sunday) == week
    assert Week.parse(str(week)) == week


@pytest.mark.parametrize("text", ["2026-48", "2025-W53", "W48", "2026-W00", "", "2026-W480"])
def test_a_week_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match="week"):
        Week.parse(text)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 4, 22, 59, tzinfo=UTC), date(2026, 1, 4)),
        (datetime(2026, 1, 4, 23, 0, tzinfo=UTC), date(2026, 1, 5)),
        (datetime(2026, 7, 5, 22, 0, tzinfo=UTC), date(2026, 7, 6)),
    ],
)
def test_a_day_is_a_day_of_paris(moment, day):
    assert day_of(moment, TIMEZONE) == day


def test_weeks_follow_one_another_without_a_gap_across_clock_changes_and_years():
    week = Week(2025, 40)
    for _ in range(120):
        assert week.end(TIMEZONE) == week.plus(1).start(TIMEZONE)
        assert week.days == tuple(sorted(week.days))
        assert week.plus(1).plus(-1) == week
        week = week.plus(1)
    assert midnight(date(2026, 7, 6), TIMEZONE).utcoffset() != midnight(date(2026, 1, 5), TIMEZONE).utcoffset()


def test_sessions_skip_the_weeks_off():
    committee = Committee("c", (), day="tuesday", weeks_off=("2026-W33", "2026-W34"))
    assert session_of(Week(2026, 32), committee) == date(2026, 8, 4)
    assert session_of(Week(2026, 33), committee) is None
    assert next_session(committee, date(2026, 8, 4)) == date(2026, 8, 4)
    assert next_session(committee, date(2026, 8, 5)) == date(2026, 8, 25)


def test_a_committee_that_never_sits_again_has_no_session():
    weeks = tuple(str(Week(2026, 1).plus(ahead)) for ahead in range(70))
    assert next_session(Committee("c", (), weeks_off=weeks), date(2026, 1, 1)) is None
