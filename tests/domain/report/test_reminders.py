"""Reminders: who, of what, and never twice in a week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.policy.calendar import is_working_day
from app.domain.policy.model import Reminding
from app.domain.product.facts import BallotCast, ItemAnswered, ProductDescribed
from app.domain.report.portfolio import rows
from app.domain.report.reminders import Sent, is_time, reminders
from app.domain.session.model import Absence
from tests.builders import SMALL, a_small_policy, parsed
from tests.lives import Life, at

POLICY = a_small_policy()


def ruled(**changes):
    return replace(POLICY, follow_up=replace(POLICY.follow_up, reminders=Reminding(**changes)))


def due(day, *lives, policy=POLICY, sent=(), bots=(), began=date.min):
    """{person: [kind of each duty and its stage]}"""
    now = at(day)
    found = reminders(rows([life.tracked for life in lives], policy, now), policy, sent, now, bots, began)
    return {one.person: [(duty.kind, duty.late) for duty in one.duties] for one in found}


def waiting(number=1):
    """Asked on 1 June, answers awaited until the 15th."""
    return Life(POLICY, number=number).filed("2026-05-04").asked("2026-06-01", "mvp")


BALLOT, CLOSING = ("ballot", False), ("closing", True)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-06-11", {}),
        ("2026-06-12", {"techno": [BALLOT], "secu": [BALLOT], "data": [BALLOT]}),
        ("2026-06-15", {"secretariat": [CLOSING]}),
    ],
)
def test_the_seats_that_have_not_spoken_are_told_when_the_day_comes(day, told):
    assert due(day, waiting().vote("2026-06-02", "design")) == told


AWAY = Absence("securite", "secu", date(2026, 6, 8), date(2026, 6, 20))


@pytest.mark.parametrize(
    ("absence", "told"),
    [
        (AWAY, {"techno", "data"}),
        (replace(AWAY, substitute="design"), {"techno", "data"}),
        (replace(AWAY, until=date(2026, 6, 11)), {"techno", "secu", "data"}),
        (replace(AWAY, seat="technologie", login="techno"), {"techno-suppleance", "secu", "data"}),
    ],
)
def test_who_is_away_is_not_reminded_of_a_seats_ballot(absence, told):
    """Whoever stands in without having been there at the opening is not asked either: their word would not count."""
    now, life = at("2026-06-12"), waiting().vote("2026-06-02", "design")
    found = reminders(rows([life.tracked], POLICY, now), POLICY, (), now, absences=(absence,))
    assert {one.person for one in found} == told


def test_what_comes_before_the_next_mention_is_told_with_the_rest():
    soon, later, far = waiting(1), waiting(2), waiting(3)
    later.facts[-1] = replace(later.facts[-1], deadline=at("2026-06-21"))
    far.facts[-1] = replace(far.facts[-1], deadline=at("2026-06-22"))
    assert due("2026-06-12", later) == {}
    assert due("2026-06-12", soon, later, far)["secu"] == [BALLOT, BALLOT]


def test_a_holder_away_or_recused_leaves_the_word_to_the_substitute():
    seat = POLICY.committee.seats[0]
    away = replace(seat, until=date(2026, 6, 5))
    gone = replace(POLICY, committee=replace(POLICY.committee, seats=(away, *POLICY.committee.seats[1:])))
    told = due("2026-06-12", waiting(), policy=gone)
    assert "techno" not in told
    assert told["techno-suppleance"] == [BALLOT]
    recused = waiting()
    recused.facts.append(
        BallotCast(**recused._note("2026-06-02", "Techno"), gate=1, seats=("technologie",), choice="recuse")
    )
    assert set(due("2026-06-12", recused)) == {"techno-suppleance", "secu", "design", "data"}


def test_a_seat_that_was_abolished_waits_for_nobody():
    fewer = replace(POLICY, committee=replace(POLICY.committee, seats=POLICY.committee.seats[1:]))
    assert set(due("2026-06-12", waiting(), policy=fewer)) == {"secu", "design", "data"}


@pytest.mark.parametrize(
    ("began", "day", "is_told"),
    [
        ("2026-06-12", "2026-06-12", True),
        ("2026-06-13", "2026-06-14", False),
        ("2026-06-13", "2026-06-15", True),
        ("2026-06-16", "2026-06-16", False),
        ("2026-06-16", "2026-07-12", False),
        ("2026-06-16", "2026-07-13", True),
    ],
)
def test_what_was_due_before_reminders_began_is_no_reason_to_speak_before_its_next_stage(began, day, is_told):
    assert bool(due(day, waiting(), began=date.fromisoformat(began))) == is_told


def test_a_gate_opened_since_is_news_even_when_its_day_was_near_at_once():
    short = waiting()
    short.facts[-1] = replace(short.facts[-1], deadline=at("2026-06-03"))
    assert "techno" in due("2026-06-02", short, began=date(2026, 6, 1))
    assert "techno" not in due("2026-06-02", short, began=date(2026, 6, 2))


@pytest.mark.parametrize(("began", "is_told"), [("2026-03-30", True), ("2026-03-31", False)])
def test_a_team_asleep_before_reminders_began_is_left_in_peace(began, is_told):
    asleep = Life(POLICY).filed("2026-01-05")
    assert bool(due("2026-03-31", asleep, began=date.fromisoformat(began))) == is_told


def with_condition(due_day):
    life = Life(POLICY).filed("2026-05-04").asked("2026-06-01", "mvp")
    return life.decided("2026-06-02", conditions=[("corriger", due_day)])


@pytest.mark.parametrize(
    ("due_day", "day", "told"),
    [
        ("2026-06-30", "2026-06-26", []),
        ("2026-06-30", "2026-06-27", [("condition", False)]),
        ("2026-06-30", "2026-07-01", [("condition", True)]),
        ("", "2026-06-29", []),
        ("", "2026-06-30", [("condition", True)]),
    ],
)
def test_a_condition_is_told_to_its_owner(due_day, day, told):
    assert due(day, with_condition(due_day)).get("cheffe-produit", []) == told


def test_a_condition_of_nobody_is_the_teams():
    life = with_condition("2026-06-30")
    fact = life.facts[-2]
    life.facts[-2] = replace(fact, condition=replace(fact.condition, owner=""))
    life.facts.append(ProductDescribed(**life._note("2026-06-03"), title="SISAC", people=("jalon", "chef-produit")))
    assert due("2026-07-01", life, bots=("jalon",)) == {"chef-produit": [("condition", True)]}


def test_a_product_whose_next_step_is_its_teams_is_told_when_it_sleeps():
    life = Life(POLICY).filed("2026-01-05")
    assert due("2026-03-27", life) == {}
    assert due("2026-03-30", life) == {"cheffe-produit": [("team", True)]}
    assert due("2026-03-30", life, bots=("cheffe-produit",)) == {}
    assert due("2026-03-30", life, policy=ruled(never=("Cheffe-Produit",))) == {}


EXPIRING = parsed(
    SMALL.replace("required: true, until: mvp}", "required: true, until: mvp, kind: date, expires: true}", 1)
)


def valid_until(day, life=None, on="2026-01-05"):
    life = life or Life(EXPIRING).filed("2026-01-05")
    life.facts.append(ItemAnswered(**life._note(on), item="idee-dict", answer="done", text=f"le {day}", day=day))
    return life


def expiries(day, life, sent=(), policy=EXPIRING):
    now = at(day)
    found = reminders(rows([life.tracked], policy, now), policy, sent, now)
    return [duty for one in found for duty in one.duties if duty.kind == "expiry"]


@pytest.mark.parametrize(
    ("day", "late"),
    [("2026-04-15", []), ("2026-04-16", [False]), ("2026-06-15", [False]), ("2026-06-16", [True])],
)
def test_what_expires_is_told_before_and_after(day, late):
    found = expiries(day, valid_until("2026-06-15"))
    assert [(duty.late, duty.item, duty.due) for duty in found] == [(one, 3, date(2026, 6, 15)) for one in late]


def test_what_expires_is_told_once_before_and_once_after_and_again_for_a_new_day():
    life = valid_until("2026-06-15")
    before, after = (expiries(day, life)[0].key for day in ("2026-04-16", "2026-06-16"))
    sent = [Sent("cheffe-produit", "2026-W16", (before,)), Sent("cheffe-produit", "2026-W25", (after,))]

    assert {duty.key for duty in expiries("2026-12-01", life, sent)} <= {after}
    mention = reminders(rows([life.tracked], EXPIRING, at("2026-06-23")), EXPIRING, sent, at("2026-06-23"))
    assert not [
        duty for one in mention for duty in one.duties if duty.kind == "expiry" and duty.key not in {before, after}
    ]
    renewed = valid_until("2027-06-15", life, "2026-06-20")
    assert expiries("2026-12-01", renewed) == []
    assert expiries("2027-04-16", renewed)[0].key not in {before, after}


def test_rules_in_which_nothing_expires_remind_of_no_day():
    assert expiries("2026-06-16", valid_until("2026-06-15"), policy=POLICY) == []


def test_a_week_has_one_mention_whatever_the_products():
    first, second = waiting(), waiting(2).vote("2026-06-03", "securite")
    told = reminders(rows([first.tracked, second.tracked], POLICY, at("2026-06-12")), POLICY, (), at("2026-06-12"))
    assert {one.person: [duty.product.number for duty in one.duties] for one in told} == {
        "techno": [1, 2],
        "secu": [1],
        "design": [1, 2],
        "data": [1, 2],
    }
    sent = [Sent(one.person.lower(), "2026-W24", tuple(duty.key for duty in one.duties)) for one in told]
    third = waiting(3)
    assert due("2026-06-12", first, second, third, sent=sent) == {}
    # The next week: the day has passed, and the gate is to be closed.
    assert set(due("2026-06-16", first, sent=sent)) == {"secretariat"}


def test_what_was_told_is_not_told_again_until_it_falls_due_again():
    life = Life(POLICY).filed("2026-01-05")
    now = at("2026-03-30")
    (one,) = reminders(rows([life.tracked], POLICY, now), POLICY, (), now)
    sent = [Sent("cheffe-produit", "2026-W14", (one.duties[0].key,))]
    assert due("2026-04-06", life, sent=sent) == {}
    assert due("2026-06-21", life, sent=sent) == {}
    assert set(due("2026-06-22", life, sent=sent)) == {"cheffe-produit"}


@pytest.mark.parametrize(
    ("moment", "policy", "is_due"),
    [
        (datetime(2026, 6, 12, 6, 59, tzinfo=UTC), POLICY, False),
        (datetime(2026, 6, 12, 7, 0, tzinfo=UTC), POLICY, True),
        (datetime(2026, 6, 12, 16, 59, tzinfo=UTC), POLICY, True),
        (datetime(2026, 6, 12, 17, 0, tzinfo=UTC), POLICY, False),
        (datetime(2026, 6, 13, 9, 0, tzinfo=UTC), POLICY, False),
        (datetime(2026, 7, 14, 9, 0, tzinfo=UTC), POLICY, False),
        (datetime(2026, 6, 12, 9, 0, tzinfo=UTC), ruled(enabled=False), False),
        (datetime(2026, 6, 12, 9, 0, tzinfo=UTC), ruled(hour=12), False),
        (
            datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
            replace(POLICY, committee=replace(POLICY.committee, weeks_off=("2026-W24",))),
            False,
        ),
    ],
)
def test_people_are_left_alone_at_night_on_holidays_and_in_weeks_off(moment, policy, is_due):
    assert is_time(policy, moment) == is_due


@pytest.mark.parametrize(
    "holiday",
    ["2026-04-06", "2026-05-14", "2026-05-25", "2027-03-29", "2038-04-26", "2025-06-09", "2027-01-01", "2026-11-11"],
)
def test_a_public_holiday_is_no_working_day(holiday):
    day = date.fromisoformat(holiday)
    assert not is_working_day(day)
    assert day.weekday() < 5
    assert any(is_working_day(day + timedelta(days=shift)) for shift in (1, 2, 3))


def kept_by(life, *logins):
    """The same gate, opened once the accounts that may close it were known."""
    life.facts[-1] = replace(life.facts[-1], secretariat=logins)
    return life


def test_each_member_of_the_team_that_keeps_the_secretariat_is_told_to_close():
    team = replace(POLICY, committee=replace(POLICY.committee, secretariat=(), secretariat_team="secretariat"))
    told = due("2026-06-16", kept_by(waiting(), "greffe", "greffe-adjoint"), policy=team)
    assert told == {"greffe": [CLOSING], "greffe-adjoint": [CLOSING]}
    assert due("2026-06-16", kept_by(waiting()), policy=team) == {}, "GitHub could not tell who they are"
    assert due("2026-06-16", kept_by(waiting(), "ancien")) == {"secretariat": [CLOSING]}, "those listed today"


@pytest.mark.parametrize(
    ("asked", "days_before", "first"),
    [
        ("2026-06-01", 3, "2026-06-12"),  # Monday 15: Friday comes before the session of Tuesday 16
        ("2026-06-04", 3, "2026-06-15"),  # Thursday 18: Monday comes before the session of Tuesday
        ("2026-06-05", 3, "2026-06-15"),  # Friday 19: three days before is the session's own day
        ("2026-06-02", 0, "2026-06-15"),  # Tuesday 16: the day of the deadline is that of the session
        ("2026-06-06", 3, "2026-06-17"),  # Saturday 20: no session from Wednesday on
    ],
)
def test_seats_are_asked_before_the_session_that_comes_before_the_deadline(asked, days_before, first):
    rules = ruled(days_before=days_before)
    life = Life(POLICY).filed("2026-05-04").asked(asked, "mvp")
    days = [day for day in range(1, 31) if "secu" in due(f"2026-06-{day:02}", life, policy=rules)]
    assert days[0] == int(first[-2:])
    assert days[-1] < int(asked[-2:]) + 15
