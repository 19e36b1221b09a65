"""The days on which the committee sits, as the issues of its sessions correct its calendar; absences cut by returns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.session import held
from app.domain.session.model import Absence, EarlyReturn, Session
from tests.builders import a_policy

COMMITTEE = a_policy().committee
TUESDAY, NEXT = date(2026, 11, 24), date(2026, 12, 1)


def session(planned: date, **more: object) -> Session:
    return replace(Session("dnum/produits", f"I_{planned}", 40, planned, planned), **more)


MOVED = session(TUESDAY, day=date(2026, 11, 26))
CANCELLED = session(TUESDAY, cancelled=True)
EXTRA = session(date(2026, 11, 27), number=44)


@pytest.mark.parametrize(
    ("known", "today", "last", "coming"),
    [
        ((), date(2026, 11, 28), TUESDAY, NEXT),
        ((), TUESDAY, TUESDAY, TUESDAY),
        ((MOVED,), date(2026, 11, 25), date(2026, 11, 17), date(2026, 11, 26)),
        ((MOVED,), date(2026, 11, 28), date(2026, 11, 26), NEXT),
        ((CANCELLED,), date(2026, 11, 28), date(2026, 11, 17), NEXT),
        ((CANCELLED,), date(2026, 11, 23), date(2026, 11, 17), NEXT),
        ((EXTRA,), date(2026, 11, 28), date(2026, 11, 27), NEXT),
        ((CANCELLED, session(TUESDAY, number=43)), date(2026, 11, 28), TUESDAY, NEXT),
    ],
)
def test_the_calendar_is_corrected_by_the_sessions_issues(known, today, last, coming):
    assert held.last_held(known, COMMITTEE, today) == last
    assert held.next_held(known, COMMITTEE, today) == coming


def test_a_committee_that_sits_no_more_has_no_session():
    weeks = tuple(f"{year}-W{week:02}" for year in (2025, 2026, 2027, 2028) for week in range(1, 54))
    off = replace(COMMITTEE, weeks_off=weeks)
    assert held.last_held((), off, TUESDAY) is None
    assert held.next_held((), off, TUESDAY) is None


def test_of_two_issues_for_one_day_the_older_is_the_session():
    first, second = session(TUESDAY), session(TUESDAY, number=50)
    assert held.by_day((second, first)) == (first,)
    assert held.session_on((second, first), TUESDAY) == first


def test_a_session_is_found_by_the_day_it_moved_to_and_by_that_of_its_agenda():
    assert held.session_on((MOVED,), date(2026, 11, 26)) == held.session_on((MOVED,), TUESDAY) == MOVED
    assert held.session_on((MOVED,), NEXT) is None


AWAY = Absence("securite", "Secu", date(2026, 8, 3), date(2026, 8, 17), comment=10)


@pytest.mark.parametrize(
    ("back", "left"),
    [
        (EarlyReturn("secu", date(2026, 8, 10), comment=11), AWAY.ended(date(2026, 8, 9))),
        (EarlyReturn("secu", date(2026, 8, 3), comment=11), None),
        (EarlyReturn("secu", date(2026, 8, 10), seat="design", comment=11), AWAY),
        (EarlyReturn("secu", date(2026, 8, 10), seat="securite", comment=11), AWAY.ended(date(2026, 8, 9))),
        (EarlyReturn("design", date(2026, 8, 10), comment=11), AWAY),
        (EarlyReturn("secu", date(2026, 8, 18), comment=11), AWAY),
        (EarlyReturn("secu", date(2026, 8, 10), comment=9), AWAY),
    ],
)
def test_a_return_ends_the_absences_it_falls_in(back, left):
    assert held.standing_absences((AWAY,), (back,)) == ((left,) if left else ())


def test_a_second_return_finds_what_the_first_one_left():
    first, second = EarlyReturn("secu", date(2026, 8, 3), comment=11), EarlyReturn("secu", date(2026, 8, 4), comment=12)
    assert held.standing_absences((AWAY,), (first, second)) == ()


def test_what_an_absence_and_a_session_tell():
    assert AWAY.covers(date(2026, 8, 3))
    assert AWAY.covers(date(2026, 8, 17))
    assert not AWAY.covers(date(2026, 8, 18))
    assert AWAY.overlaps(date(2026, 8, 17), date(2026, 8, 20))
    assert not AWAY.overlaps(date(2026, 7, 1), date(2026, 8, 2))
    waiting = replace(AWAY, substitute="cloud-ops", is_agreed=False)
    assert waiting.stand_in == ""
    assert replace(waiting, is_agreed=True).stand_in == "cloud-ops"
    assert session(TUESDAY).has_attendance is False
    assert session(TUESDAY).seats == session(TUESDAY).replaced == ()
