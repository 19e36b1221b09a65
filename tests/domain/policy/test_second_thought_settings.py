"""Second thoughts and stopped clocks in the rules: optional, strict, and without effect where they are silent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.calendar import LAST, is_stopped, is_working_day, session_after, term, working_term
from app.domain.policy.model import Committee, Policy
from app.domain.policy.second_thought_settings import Freeze, SecondThoughts
from app.yaml_documents import read_policy
from tests.builders import SMALL, a_policy, a_small_policy, parsed

FROZEN = Freeze(date(2027, 3, 1), date(2027, 3, 14), "réserve électorale")


def with_committee(text: str) -> str:
    return SMALL.replace("  seats:\n", f"  {text}\n  seats:\n", 1)


def test_silent_rules_change_nothing():
    for policy in (a_small_policy(), a_policy()):
        assert policy.second_thoughts == SecondThoughts(15, 10, ())
        assert (policy.committee.freezes, policy.committee.nogo_after_session) == ((), False)


def test_each_key_is_read():
    found = parsed(SMALL + "second_thoughts: {rectify_days: 0, contest_days: 5, direction: [directrice]}")
    assert found.second_thoughts == SecondThoughts(0, 5, ("directrice",))
    told = "freezes: [{from: 2027-03-01, until: 2027-03-14, reason: réserve électorale}]\n  nogo_after_session: true"
    committee = parsed(with_committee(told)).committee
    assert committee.freezes == (FROZEN,)
    assert committee.nogo_after_session


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        (SMALL + "second_thoughts: []", "expected", "second_thoughts"),
        (SMALL + "second_thoughts: {days: 3}", "unknown_key", "second_thoughts"),
        (SMALL + "second_thoughts: {rectify_days: 9999}", "number_too_great", "second_thoughts.rectify_days"),
        (SMALL + "second_thoughts: {contest_days: -1}", "expected_number", "second_thoughts.contest_days"),
        (SMALL + "second_thoughts: {direction: ['@x']}", "not_an_account", "second_thoughts.direction[1]"),
        (with_committee("freezes: [{from: 2027-03-01}]"), "missing_key", "committee.freezes[1]"),
        (with_committee("freezes: [{from: mars, until: 2027-03-14}]"), "bad_date", "committee.freezes[1].from"),
        (
            with_committee("freezes: [{from: 2027-03-14, until: 2027-03-01}]"),
            "bad_date",
            "committee.freezes[1].until",
        ),
        (
            with_committee("freezes: [{from: 2027-03-14, until: 2029-03-01}]"),
            "bad_date",
            "committee.freezes[1].until",
        ),
        (with_committee("nogo_after_session: oui"), "expected", "committee.nogo_after_session"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, kind, path):
    found = read_policy(text)
    assert not isinstance(found, Policy)
    assert [(problem.kind, problem.path) for problem in found] == [(kind, path)]


COMMITTEE = Committee("comite-produit", (), weeks_off=("2026-W33", "2026-W53"), freezes=(FROZEN,))


@pytest.mark.parametrize(
    ("opened", "days", "last"),
    [
        ("2026-11-26", 14, "2026-12-10"),  # nothing in the way: the fourteenth day
        ("2026-11-29", 14, "2026-12-14"),  # a Sunday becomes the Monday
        ("2026-12-11", 14, "2027-01-04"),  # Christmas Day, then a week-end, then a week off
        ("2026-12-18", 14, "2027-01-08"),  # the week off does not count
        ("2026-07-31", 14, "2026-08-21"),  # neither does August's
        ("2027-02-25", 14, "2027-03-25"),  # fourteen days of freeze are added
        ("2026-12-24", 0, "2026-12-24"),
        ("2026-12-25", 0, "2027-01-04"),
    ],
)
def test_a_delay_ends_on_a_working_day_and_stops_with_the_committee(opened, days, last):
    assert term(date.fromisoformat(opened), days, COMMITTEE) == date.fromisoformat(last)


def test_an_appeal_counts_working_days():
    assert working_term(date(2026, 11, 24), 10, COMMITTEE) == date(2026, 12, 8)
    assert working_term(date(2026, 12, 21), 10, COMMITTEE) == date(2027, 1, 12)
    assert working_term(date(2026, 12, 21), 0, COMMITTEE) == date(2026, 12, 21)


def test_a_committee_that_never_sits_stops_a_delay_at_the_end_of_time():
    for_ever = Committee("comite-produit", (), freezes=(Freeze(date(2026, 1, 1), date.max),))
    assert term(date(2026, 11, 24), 14, for_ever) == working_term(date(2026, 11, 24), 14, for_ever) == LAST


def test_a_request_is_for_the_first_session_it_is_in_time_for():
    policy = a_small_policy()  # on Tuesdays, requests until the end of the Monday
    assert session_after(datetime(2026, 11, 30, 12, tzinfo=UTC), policy) == date(2026, 12, 1)
    assert session_after(datetime(2026, 12, 1, 8, tzinfo=UTC), policy) == date(2026, 12, 8)


days = st.dates(date(2026, 1, 1), date(2028, 1, 1))


@given(days, st.integers(0, 60), st.lists(st.tuples(days, st.integers(0, 40)), max_size=3))
def test_a_delay_never_ends_sooner_and_always_on_a_day_of_the_committee(start, count, freezes):
    frozen = tuple(Freeze(day, day + timedelta(days=length)) for day, length in freezes)
    committee = Committee("comite-produit", (), weeks_off=("2027-W01",), freezes=frozen)
    end = term(start, count, committee)
    assert end >= start + timedelta(days=count)
    assert is_working_day(end)
    assert not is_stopped(end, committee)
    passed = (start + timedelta(days=one) for one in range(1, (end - start).days + 1))
    assert sum(not is_stopped(day, committee) for day in passed) >= count
