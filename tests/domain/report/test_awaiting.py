"""What waits for the secretariat, and for the seats that were asked for support."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.policy.calendar import Week
from app.domain.policy.model import Seat
from app.domain.report.awaiting import HELPING, is_asked_of, session_to_prepare, supports
from app.domain.report.portfolio import rows
from app.shipped_files import default_policy
from tests.builders import a_small_policy
from tests.lives import Life, at

POLICY = a_small_policy()
NOW = at("2026-11-25")
SEATS = (Seat("design", "Design", "design"), Seat("technologie", "Technologie", "techno"))


def found():
    first = Life(POLICY, "Tôt", 1, ["design", "technique"]).filed("2026-08-05").asked("2026-11-20", "mvp")
    put_off = (
        Life(POLICY, "Reporté", 2, ["données"]).filed("2026-11-01").asked("2026-11-18", "mvp").postponed("2026-11-24")
    )
    last = Life(POLICY, "Tard", 3, ["Design"]).filed("2026-11-01").asked("2026-12-02", "mvp")
    rest = Life(POLICY, "Calme", 4).filed("2026-11-01")
    return rows([life.tracked for life in (first, put_off, last, rest)], POLICY, at("2026-12-03"))


def test_the_desk_holds_the_next_session_and_what_came_too_late_for_it():
    told = session_to_prepare(found(), POLICY, date(2026, 11, 25))
    assert told.session == date(2026, 12, 1)
    assert [(one.product.number, one.postponed) for one in told.items] == [(2, 1), (1, 0)]
    assert [one.product.number for one in told.later] == [3]


def test_a_committee_that_sits_no_more_has_no_session():
    weeks = tuple(str(Week(2026, 1).plus(ahead)) for ahead in range(200))
    policy = replace(POLICY, committee=replace(POLICY.committee, weeks_off=weeks))
    assert session_to_prepare(found(), policy, date(2026, 11, 25)).session is None


@pytest.mark.parametrize(
    ("need", "asked"),
    [("design", True), ("Recherche utilisateur", True), ("technique", True), ("Technologie", True), ("données", False)],
)
def test_support_is_asked_of_the_seat_that_gives_it(need, asked):
    assert is_asked_of(need, SEATS) is asked


def test_the_products_that_ask_for_support_are_told_with_what_they_ask():
    assert [(row.number, needs) for row, needs in supports(found(), SEATS)] == [
        (3, ("Design",)),
        (1, ("design", "technique")),
    ]
    assert supports(found(), ()) == ()


def test_every_support_of_the_shipped_form_has_a_seat_of_the_shipped_rules():
    assert set(HELPING.values()) <= {seat.id for seat in default_policy("fr").committee.seats}
