"""The next sessions with what they will take, conditions overdue by whoever lifts them, answers that expire."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.policy.calendar import day_of
from app.domain.product.facts import ItemAnswered
from app.domain.report.ahead import SESSIONS, LifterLine, ahead, session_taking
from app.domain.report.portfolio import rows
from app.domain.session.model import Session
from tests.builders import a_policy
from tests.lives import REPOSITORY, Life, at

POLICY = a_policy()
NOW = at("2026-11-27")
TODAY = day_of(NOW, POLICY.timezone)
DAYS = (date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 22))


def seen(*found):
    return rows([life.tracked for life in found], POLICY, NOW)


def of(*found, sessions=()):
    return ahead(seen(*found), POLICY, TODAY, sessions)


def waiting(number, day):
    return Life(POLICY, f"P{number}", number).filed("2026-09-01").asked(day, "poc")


def test_an_empty_portfolio_has_its_sessions_and_nothing_else():
    found = of()
    assert tuple(one.day for one in found.sessions) == DAYS
    assert len(found.sessions) == SESSIONS
    assert {(one.gates, one.due, one.minutes) for one in found.sessions} == {((), (), 0)}
    assert (found.lifters, found.expiries, found.silent) == ((), (), ())


def test_a_gate_is_taken_by_the_first_session_whose_cut_off_it_met():
    found = of(waiting(1, "2026-11-25"), waiting(2, "2026-11-20"), waiting(3, "2026-12-01"))
    assert [[row.number for row in one.gates] for one in found.sessions] == [[2, 1], [], [], []]
    late = rows([waiting(3, "2026-12-01").tracked], POLICY, at("2026-12-01", 12))
    assert [len(one.gates) for one in ahead(late, POLICY, date(2026, 12, 1)).sessions] == [0, 1, 0, 0]
    assert found.sessions[0].minutes == 2 * POLICY.follow_up.minutes_per_gate


def test_a_gate_put_off_waits_for_the_last_session_before_its_new_deadline():
    life = waiting(1, "2026-11-10").postponed("2026-11-24", "Coût inconnu")
    (row,) = seen(life)
    session = session_taking(row, POLICY, DAYS)
    assert session == date(2026, 12, 8)
    assert [[row.number for row in one.put_off] for one in of(life).sessions] == [[], [1], [], []]
    assert session_taking(row, POLICY, DAYS[2:]) == DAYS[2], "past its deadline, the next one takes it"
    assert session_taking(row, POLICY, ()) is None
    (other,) = seen(Life(POLICY).filed("2026-11-02"))
    assert session_taking(other, POLICY, DAYS) is None


def test_a_cancelled_session_takes_nothing_and_a_moved_one_takes_its_gates():
    gone = Session(REPOSITORY, "I", 90, DAYS[0], DAYS[0], cancelled=True)
    moved = Session(REPOSITORY, "J", 91, DAYS[1], date(2026, 12, 10))
    found = of(waiting(1, "2026-11-25"), sessions=(gone, moved))
    assert [one.day for one in found.sessions][:2] == [date(2026, 12, 10), DAYS[2]]
    assert len(found.sessions[0].gates) == 1


def owing(number, *conditions, **session):
    life = Life(POLICY, f"P{number}", number).filed("2026-06-01").asked("2026-06-08", "poc")
    return life.decided("2026-06-22", "go", conditions, **session)


def test_conditions_are_due_at_a_session_and_overdue_by_whoever_lifts_them():
    found = of(
        owing(1, ("Chiffrer", "2026-12-03"), ("Relire", "2026-10-01"), ("Un jour", "")),
        owing(2, ("Écrire", "2026-09-01"), present=("data",), reason=""),
        owing(3, ("Plus tard", "2028-01-01")),
    )
    assert [[(row.number, condition.number) for row, condition in one.due] for one in found.sessions] == [
        [],
        [(1, 1)],
        [],
        [],
    ]
    assert found.lifters == (
        LifterLine("", "", 1, 1, "2026-09-01"),
        LifterLine("Technologie", "technologie", 1, 4, "2026-10-01"),
    )


def test_a_seat_that_the_rules_have_dropped_still_owes():
    gone = tuple(seat for seat in POLICY.committee.seats if seat.id != "technologie")
    policy = replace(POLICY, committee=replace(POLICY.committee, seats=gone))
    (found,) = ahead(seen(owing(1, ("Relire", "2026-10-01"))), policy, TODAY).lifters
    assert (found.seat, found.id) == ("Technologie", "")


def test_answers_that_expire_within_half_a_year_are_listed_the_nearest_first():
    (phase, item), *_ = [(phase, item) for phase in POLICY.phases for item in phase.items if item.expires]

    def dated(number, day, active=True):
        life = Life(POLICY, f"P{number}", number).filed("2026-06-01", phase.id)
        answer = {"item": item.id, "answer": "done", "text": day, "day": day}
        life.facts.append(ItemAnswered(**life._note("2026-06-02"), **answer))
        return life if active else life.entered("2026-07-01", "arret")

    found = of(dated(1, "2027-03-01"), dated(2, "2026-11-01"), dated(3, "2027-12-01"), dated(4, "2026-11-01", False))
    assert [(line.row.number, line.day.isoformat(), line.past) for line in found.expiries] == [
        (2, "2026-11-01", True),
        (1, "2027-03-01", False),
    ]
    assert {line.item.id for line in found.expiries} == {item.id}
    assert POLICY.checklist(phase.id)[found.expiries[0].number - 1] == item
