"""Seats are blamed for what they had time to say, and named once they have said nothing at three sessions."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.report.participation import SilentSeat, seat_flows, silent_seats
from app.domain.report.portfolio import rows
from tests.builders import a_small_policy
from tests.lives import Life, at

POLICY = a_small_policy()
NOW = at("2026-11-27")


def seen(*found):
    return rows([life.tracked for life in found], POLICY, NOW)


def gate(number, asked, decided, *spoke, **session):
    life = Life(POLICY, f"P{number}", number).filed("2026-01-05").asked(asked, "mvp")
    for seat in spoke:
        life.vote(asked, seat)
    return life.decided(decided, "nogo", **session)


@pytest.mark.parametrize(
    ("asked", "decided", "counts"),
    [
        ("2026-09-07", "2026-09-09", False),
        ("2026-09-07", "2026-09-10", True),
        ("2026-09-04", "2026-09-08", False),  # a week-end between
        ("2026-05-06", "2026-05-11", False),  # the 8th of May, and a week-end
        ("2026-09-07", "2026-09-30", True),
    ],
)
def test_a_gate_that_closed_at_once_blames_nobody(asked, decided, counts):
    found = {one.id: one for one in seat_flows(seen(gate(1, asked, decided, "design")), POLICY)}
    assert (found["design"].asked, found["design"].spoke) == (1, 1), "who spoke had time"
    assert found["data"].asked == counts


def test_in_session_who_was_away_is_counted_and_who_was_excused_is_not():
    session = {"present": ("design",), "reason": "Non", "excused": (POLICY.seat("data").name,)}
    found = {one.id: one for one in seat_flows(seen(gate(1, "2026-09-07", "2026-09-08", **session)), POLICY)}
    assert {seat: (one.asked, one.spoke) for seat, one in found.items()} == {
        "design": (1, 1),
        "data": (0, 0),
        **{seat.id: (1, 0) for seat in POLICY.committee.seats if seat.id not in {"design", "data"}},
    }


SESSIONS = [("2026-09-01", "2026-09-15"), ("2026-09-15", "2026-10-06"), ("2026-10-06", "2026-11-03")]


def test_a_seat_that_said_nothing_at_three_sessions_is_named():
    others = [seat.id for seat in POLICY.committee.seats if seat.id != "data"]
    lives = [gate(number, *days, *others) for number, days in enumerate(SESSIONS, start=1)]
    assert silent_seats(seen(*lives[:2]), POLICY) == ()
    assert silent_seats(seen(*lives), POLICY) == (
        SilentSeat("data", POLICY.seat("data").name, 3, date(2026, 9, 15), None),
    )
    before = gate(9, "2026-07-01", "2026-07-14", "data")
    (found,) = silent_seats(seen(before, *lives), POLICY)
    assert (found.sessions, found.spoke) == (3, date(2026, 7, 14))
    after = gate(10, "2026-11-03", "2026-11-17", "data")
    assert silent_seats(seen(*lives, after), POLICY) == ()


def test_two_gates_of_one_session_are_one_silence_and_a_recusal_is_none():
    others = [seat.id for seat in POLICY.committee.seats if seat.id != "data"]
    lives = [gate(number, "2026-09-01", "2026-09-15", *others) for number in range(1, 6)]
    for number, days in enumerate(SESSIONS, start=10):
        life = Life(POLICY, f"P{number}", number).filed("2026-01-05").asked(days[0], "mvp")
        lives.append(life.vote(days[0], "data", "recuse").decided(days[1], "nogo"))
    assert "data" not in {one.id for one in silent_seats(seen(*lives), POLICY)}


def test_open_and_withdrawn_gates_name_nobody():
    waiting = Life(POLICY, "A", 1).filed("2026-01-05").asked("2026-11-20", "mvp")
    gone = Life(POLICY, "B", 2).filed("2026-01-05").asked("2026-02-02", "mvp").withdrawn("2026-03-02")
    assert silent_seats(seen(waiting, gone), POLICY) == ()
