"""What a calendar shows: the sessions as they were moved or cancelled, and to each person what is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.model import Item
from app.domain.product.accounts import Account
from app.domain.product.facts import GateRequested, ItemAnswered
from app.domain.report.calendar_events import committee_events, of_person, sessions_shown
from app.domain.report.portfolio import rows
from app.domain.session.model import Session
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life, at

POLICY = a_small_policy()
TODAY = date(2026, 11, 18)


def session(number, planned, day=None, **more):
    return Session(REPOSITORY, f"I_{number}", number, planned, day or planned, **more)


def test_sessions_follow_the_calendar_and_what_their_issues_correct():
    usual = sessions_shown((), POLICY, TODAY)
    tuesdays = [one.day for one in usual]
    assert date(2026, 11, 24) in tuesdays
    assert all(one.key == f"session-{one.day}" for one in usual)
    moved = session(90, date(2026, 11, 24), date(2026, 11, 26), place="Salle 12", link="https://visio.example")
    off = session(91, date(2026, 12, 1), cancelled=True)
    long_ago = session(92, date(2020, 1, 7), cancelled=True)
    found = {one.key: one for one in sessions_shown((moved, off, long_ago), POLICY, TODAY)}
    assert len(found) == len(usual)
    assert found["session-2026-11-24"].day == date(2026, 11, 26)
    assert found["session-2026-11-24"].place == "Salle 12"
    assert found["session-2026-12-01"].is_cancelled


def test_what_a_calendar_shows_of_an_event_changes_with_its_day_its_place_and_its_fate():
    (event, *_) = sessions_shown((), POLICY, TODAY)
    changes = (
        {"day": event.day + timedelta(days=1)},
        {"place": "Salle 12"},
        {"link": "https://x"},
        {"is_cancelled": True},
    )
    others = {replace(event, **one).shown for one in changes}
    assert len(others - {event.shown}) == len(changes)
    assert replace(event, title="Autre").shown == event.shown


def test_a_session_cancelled_then_set_again_is_shown_once():
    day = date(2026, 11, 24)
    found = sessions_shown((session(90, day, cancelled=True), session(91, day)), POLICY, TODAY)
    assert [one.is_cancelled for one in found if one.day == day] == [False]


def expiring(policy):
    phase = policy.phase("mvp")
    item = Item("homologation", next(iter(policy.aspects)), "Homologation", kind="date", expires=True)
    phases = tuple(replace(one, items=(*one.items, item)) if one.id == "mvp" else one for one in policy.phases)
    assert phase in policy.phases
    return replace(policy, phases=phases)


def portfolio(policy):
    waiting = Life(policy, "Annuaire", 1).filed("2026-11-02").asked("2026-11-10", "mvp").vote("2026-11-11", "design")
    owing = Life(policy, "Carte", 2).filed("2026-09-01").asked("2026-09-02", "mvp")
    owing.decided("2026-09-03", "go", [("Chiffrer", "2026-12-01"), ("Nommer", ""), ("Relire", "2026-12-02")])
    owing.facts.append(
        ItemAnswered(
            **owing._note("2026-09-04"), item="homologation", answer="done", text="2027-01-31", day="2027-01-31"
        )
    )
    return rows([waiting.tracked, owing.tracked], policy, at("2026-11-18"))


def told(events):
    return [(one.kind, one.number, one.day.isoformat()) for one in events]


GATE_DAY = portfolio(POLICY)[0].gate.last_day.isoformat()


def test_the_committee_sees_every_day():
    policy = expiring(POLICY)
    found = told(committee_events(portfolio(policy), policy))
    assert found == sorted(
        [
            ("gate", 1, GATE_DAY),
            ("condition", 2, "2026-12-01"),
            ("condition", 2, "2026-12-02"),
            ("expiry", 2, "2027-01-31"),
        ],
        key=lambda one: one[2],
    )


def seat(seat_id):
    record = portfolio(POLICY)[0].standing.open_gate
    return next(one for one in record.request.seats if one.id == seat_id).logins[0]


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        (lambda: seat("securite"), ["ballot"]),
        (lambda: seat("design"), []),
        (lambda: "cheffe-produit", ["gate", "condition", "condition", "expiry"]),
        (lambda: "secretariat", ["gate"]),
        (lambda: "visiteur", []),
    ],
)
def test_a_person_sees_what_is_theirs(who, kinds):
    policy = expiring(POLICY)
    found = of_person(portfolio(policy), policy, Account(who(), 0))
    assert [one.kind for one in found] == kinds


def test_whoever_recused_is_not_awaited_any_more():
    life = (
        Life(POLICY, "Annuaire", 1)
        .filed("2026-11-02")
        .asked("2026-11-10", "mvp")
        .vote("2026-11-11", "securite", "recuse")
    )
    found = rows([life.tracked], POLICY, at("2026-11-18"))
    assert of_person(found, POLICY, Account(seat("securite"), 0)) == ()


def test_a_condition_that_names_its_owner_is_theirs_alone():
    (row,) = [one for one in portfolio(POLICY) if one.number == 2]
    theirs = replace(row, conditions=tuple(replace(one, owner="Dev") for one in row.conditions))
    assert [one.rank for one in of_person([theirs], POLICY, Account("dev", 0))] == [1, 3]
    assert of_person([theirs], POLICY, Account("cheffe-produit", 0)) == ()


def test_who_keeps_the_secretariat_is_known_by_the_gate_where_it_says_so():
    life = Life(POLICY, "Annuaire", 1).filed("2026-11-02").asked("2026-11-10", "mvp")
    named = {"secretariat": ("greffe",), "accounts": (Account("greffe", 77),)}
    life.facts = [replace(fact, **named) if isinstance(fact, GateRequested) else fact for fact in life.facts]
    found = rows([life.tracked], POLICY, at("2026-11-18"))
    assert [one.kind for one in of_person(found, POLICY, Account("autre-nom", 77))] == ["gate"]
    assert of_person(found, POLICY, Account("secretariat", 5)) == ()


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(-3, 3), st.booleans()), max_size=8))
def test_whatever_becomes_of_sessions_each_is_shown_once(changes):
    tuesday = date(2026, 11, 17)
    known = [
        session(90 + rank, tuesday + timedelta(weeks=week), tuesday + timedelta(weeks=week, days=days), cancelled=off)
        for rank, (week, days, off) in enumerate(changes)
    ]
    keys = [one.key for one in sessions_shown(known, POLICY, TODAY)]
    assert len(keys) == len(set(keys))
