"""What is news, and what is not: each kind of fact, what has just become late, the papers of sessions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.product.facts import GateDecided, GateRequested
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.report.news import FRESH, News, asked_as, event_of, news_of, overdue, paper_news
from app.domain.report.portfolio import rows
from app.domain.session.model import Session
from tests.builders import a_small_policy
from tests.lives import REPOSITORY, Life, at

POLICY = a_small_policy()


def a_life():
    return Life(POLICY, "Annuaire", 7).filed("2026-11-02").asked("2026-11-03", "mvp")


def row(life, day):
    (found,) = rows([life.tracked], POLICY, at(day))
    return found


def test_a_gate_that_opens_and_its_decision_are_news_and_nothing_else_is():
    life = a_life().vote("2026-11-04", "design").decided("2026-11-05", "go", [("Chiffrer", "")])
    told = [(type(fact), event_of(fact)) for fact in life.facts if event_of(fact)]
    assert told == [(GateRequested, ("gate_opened", 1)), (GateDecided, ("decision", 1))]


def test_a_decision_rectified_or_overridden_is_news_of_its_own_and_is_asked_for_as_decisions_are():
    given = {"at": at("2026-11-06"), "by": "secretariat", "cause": "c", "gate": 1, "was": "go", "outcome": "nogo"}
    assert event_of(DecisionRectified(**given, why="faute de frappe")) == ("rectified", 1)
    assert event_of(DecisionOverridden(**given, reason="arbitrage")) == ("decision", 1)
    asked = [asked_as(News(event, REPOSITORY, "c")) for event in ("rectified", "decision", "digest")]
    assert asked == ["decision", "decision", "digest"]


def test_news_name_the_product_and_the_phase_asked_for():
    found = news_of("gate_opened", 1, 2, row(a_life(), "2026-11-04"), POLICY)
    assert found == News("gate_opened", REPOSITORY, "fact 2", 7, "Annuaire", "MVP")
    assert news_of("gate_opened", 9, 2, row(a_life(), "2026-11-04"), POLICY) is None


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (1, 1), (2, 1), (4, 0), (100, 0)])
def test_a_gate_is_late_news_for_three_days(days, told):
    gate = row(a_life(), "2026-11-04").gate
    now = gate.deadline + timedelta(days=days, hours=-1)
    (found,) = rows([a_life().tracked], POLICY, now)
    news = list(overdue([found], POLICY, now))
    assert len(news) == told
    assert all(one.cause == f"gate 1 {gate.last_day}" and one.phase == "MVP" for one in news)


@pytest.mark.parametrize(("day", "told"), [("2026-12-01", 0), ("2026-12-02", 1), ("2026-12-04", 1), ("2026-12-05", 0)])
def test_a_condition_is_late_news_for_three_days_after_its_day(day, told):
    conditions = [("Chiffrer", "2026-12-01"), ("Sans jour", "")]
    life = a_life().decided("2026-11-05", "go", conditions)
    news = list(overdue([row(life, day)], POLICY, at(day)))
    assert [one.cause for one in news] == ["condition 1 2026-12-01"] * told


def test_the_agenda_is_news_once_its_issue_is_there_and_the_minutes_once_it_was_held():
    today = date(2026, 11, 25)
    held = Session(REPOSITORY, "I_90", 90, date(2026, 11, 24), date(2026, 11, 24))
    ahead = Session(REPOSITORY, "I_91", 91, date(2026, 12, 1), date(2026, 12, 2))
    off = Session(REPOSITORY, "I_92", 92, date(2026, 12, 8), date(2026, 12, 8), cancelled=True)
    found = list(paper_news([held, ahead, off], POLICY, REPOSITORY, today))
    assert found == [
        News("agenda", REPOSITORY, "session 2026-12-01", 91, day="2026-12-02"),
        News("minutes", REPOSITORY, "session 2026-11-24", day="2026-11-24"),
    ]
    assert timedelta(days=3) == FRESH
