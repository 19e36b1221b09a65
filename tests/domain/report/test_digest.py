"""The digest of a week: each list, and figures that add up whatever the histories."""

from dataclasses import astuple, replace
from datetime import date, timedelta
from functools import reduce
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy.calendar import Week, midnight
from app.domain.policy.model import TIMEZONE
from app.domain.product.facts import Point
from app.domain.report.awaiting import session_to_prepare
from app.domain.report.counts import Counts, between
from app.domain.report.digest import TREND_WEEKS, digest, usual_days
from app.domain.report.missing_weeks import missing_weeks
from app.domain.report.portfolio import rows
from app.domain.session.model import Session
from tests.builders import SMALL, a_small_policy, parsed
from tests.lives import Life, at

POLICY = a_small_policy()
WEEK = Week(2026, 48)  # 23 to 29 November
NOW = at("2026-11-30")


def of(*lives, week=WEEK, now=NOW, **given):
    return digest([life.tracked for life in lives], POLICY, week, now, **given)


def test_a_week_without_anything_is_empty():
    found = of(Life(POLICY).filed("2026-11-02"))
    assert found.is_empty
    assert (found.total, found.decisions, found.moves, found.new) == (1, (), (), ())
    assert found.over
    assert found.sits
    assert [(line.name, line.products) for line in found.phases] == [("Idée", 1), ("MVP", 0), ("Arrêt", 0)]
    assert [line.usual_days for line in found.phases] == [None, None, None]


@pytest.mark.parametrize(
    ("more", "coming"),
    [
        ({}, date(2026, 12, 1)),
        ({"cancelled": True}, date(2026, 12, 8)),
        ({"day": date(2026, 12, 3)}, date(2026, 12, 3)),
    ],
)
def test_the_next_session_is_the_one_that_will_be_held(more, coming):
    """Whatever the calendar says: its issue may move it or cancel it."""
    planned = date(2026, 12, 1)
    told = replace(Session("dnum/produits", "I_9", 9, planned, planned), **more)
    assert of(Life(POLICY).filed("2026-11-02"), sessions=[told]).next_session == coming
    assert session_to_prepare((), POLICY, date(2026, 11, 30), [told]).session == coming


def test_a_go_tells_its_conditions_and_a_no_go_its_reasons():
    go = Life(POLICY, "Un", 1).filed("2026-11-02").asked("2026-11-10", "mvp")
    go.vote("2026-11-11", "technologie").decided("2026-11-24", "go", [("Relire les droits", "2026-11-25")])
    nogo = Life(POLICY, "Deux", 2).filed("2026-11-02").asked("2026-11-10", "mvp")
    nogo.vote("2026-11-11", "securite", "nogo", "Trop de risques").decided("2026-11-25", "nogo")
    plain = Life(POLICY, "Trois", 3).filed("2026-11-02").asked("2026-11-10", "mvp").decided("2026-11-26")
    held = Life(POLICY, "Quatre", 4).filed("2026-11-02").asked("2026-11-10", "mvp").vote("2026-11-11", "design")
    held.postponed("2026-11-13").postponed("2026-11-26", "Attendre le budget").postponed("2026-12-01")
    found = of(go, nogo, plain, held)
    assert [(line.product.title, line.outcome, line.reasons) for line in found.decisions] == [
        ("Un", "conditional", (Point("Technologie", "Relire les droits"),)),
        ("Deux", "nogo", (Point("Sécurité", "Trop de risques"),)),
        ("Trois", "go", ()),
        ("Quatre", "postponed", (Point("", "Attendre le budget"),)),
    ]
    assert [(line.product.title, line.origin, line.target, line.decided) for line in found.moves] == [
        ("Un", "Idée", "MVP", True),
        ("Trois", "Idée", "MVP", True),
    ]
    assert [line.product.title for line in found.overdue] == ["Un"]
    counts = found.counts
    assert (counts.go, counts.conditional, counts.nogo, counts.postponed, counts.decided) == (1, 1, 1, 1, 3)
    assert [(line.name, line.arrived, line.left) for line in found.phases] == [
        ("Idée", 0, 2),
        ("MVP", 2, 0),
        ("Arrêt", 0, 0),
    ]


def test_a_decision_taken_in_session_says_so():
    life = Life(POLICY).filed("2026-11-02").asked("2026-11-10", "mvp").vote("2026-11-11", "design", "nogo", "Non")
    life.postponed("2026-11-23").decided("2026-11-24", "nogo", present=("design", "securite"), reason="Trop tôt")
    put_off, refused = of(life).decisions
    assert (put_off.outcome, put_off.go, put_off.nogo, put_off.in_session, put_off.reasons) == (
        "postponed",
        0,
        1,
        True,
        (),
    )
    assert (refused.in_session, refused.reasons) == (True, (Point("Design", "Non"), Point("", "Trop tôt")))
    agreed = Life(POLICY).filed("2026-11-02").asked("2026-11-10", "mvp")
    agreed.decided("2026-11-24", "go", [("Relire", "")], present=("design",), reason="")
    assert of(agreed).decisions[0].reasons == (Point("", "Relire"),)


def test_what_waits_is_listed_oldest_first_and_conditions_by_due_day():
    late = Life(POLICY, "Tard", 1).filed("2026-11-02").asked("2026-11-20", "mvp")
    early = Life(POLICY, "Tôt", 2).filed("2026-11-02").asked("2026-11-10", "mvp")
    owing = Life(POLICY, "Doit", 3).filed("2026-01-02").asked("2026-01-05", "mvp")
    owing.decided("2026-01-20", "go", [("Sans date", ""), ("Plus tard", "2027-01-01"), ("Hier", "2026-11-01")])
    found = of(late, early, owing)
    assert [line.product.title for line in found.gates] == ["Tôt", "Tard"]
    assert [line.condition.text for line in found.conditions] == ["Hier", "Plus tard", "Sans date"]
    assert [line.condition.text for line in found.overdue] == ["Hier"]


def test_new_quiet_and_slow_products_are_named():
    quick = [
        Life(POLICY, f"Vif {number}", number).filed("2026-11-02").entered("2026-11-16", "mvp") for number in (2, 3)
    ]
    old, new = Life(POLICY, "Ancien", 1).filed("2025-01-06"), Life(POLICY, "Neuf", 9).filed("2026-11-24")
    busy = Life(POLICY, "Actif", 8).filed("2026-06-01").asked("2026-11-03", "mvp").withdrawn("2026-11-10")
    found = of(*quick, old, new, busy)
    assert [(line.product.title, line.phase, line.direction) for line in found.new] == [
        ("Neuf", "Idée", "Direction métier")
    ]
    assert [(line.product.title, line.days) for line in found.stalled] == [("Ancien", 693)]
    assert found.unseen == (), "the same product is not told twice"
    assert [(line.product.title, line.days, line.usual) for line in found.slow] == [("Actif", 182, 14)]


@pytest.mark.parametrize(
    ("stays", "usual"),
    [
        ([(10, True)], 10),
        ([(10, False)], None),
        ([(10, True), (20, True), (30, True)], 20),
        ([(10, True), (20, True)], 10),
        # Newcomers say nothing of how long the others stay.
        ([(1, False)] * 50 + [(10, True), (20, True), (30, True)], 20),
        # Those who stay on push the usual time further.
        ([(10, True), (40, False), (40, False)], None),
        ([(10, True), (30, True), (40, False), (40, False)], 30),
    ],
)
def test_the_usual_time_counts_those_who_are_still_there(stays, usual):
    lives = []
    for number, (days, left) in enumerate(stays, start=1):
        arrived = NOW - timedelta(days=days + (100 if left else 0))
        life = Life(POLICY, number=number).filed(arrived)
        lives.append(life.entered(arrived + timedelta(days=days), "mvp") if left else life)
    seen = rows([life.tracked for life in lives], POLICY, NOW)
    assert usual_days(seen, NOW, TIMEZONE).get("idee") == usual


def test_a_move_without_a_gate_is_told_as_such():
    found = of(Life(POLICY).filed("2026-11-02").entered("2026-11-24", "mvp"))
    assert [line.decided for line in found.moves] == [False]


def test_needs_are_counted_on_products_that_still_live():
    found = of(
        Life(POLICY, number=1, needs=["design", "données"]).filed("2026-11-02"),
        Life(POLICY, number=2, needs=["design"]).filed("2026-11-02"),
        Life(POLICY, number=3, needs=["design"]).filed("2026-11-02", "arret"),
    )
    assert [(line.need, line.products) for line in found.needs] == [("design", 2), ("données", 1)]


def test_a_week_under_way_stops_now_and_a_past_one_ignores_what_came_after():
    life = Life(POLICY).filed("2026-11-02").asked("2026-11-24", "mvp").decided("2026-11-26")
    under_way = of(life, now=at("2026-11-25"))
    assert (under_way.over, under_way.as_of) == (False, at("2026-11-25"))
    assert of(now=at("2026-12-02")).as_of.isoformat() == "2026-11-30T00:00:00+01:00", "as the JSON has always told it"
    assert len(under_way.gates) == 1
    assert of(life, week=Week(2026, 47)).gates == ()
    assert of(life).counts.go == 1


def test_a_week_off_says_so():
    policy = parsed(SMALL.replace("  secretariat:", "  weeks_off: [2026-W48]\n  secretariat:"))
    assert not digest([], policy, WEEK, NOW).sits
    assert digest([], policy, WEEK.plus(1), NOW).sits


def test_what_the_caller_knows_is_kept():
    found = of(parked=3, missing=(Week(2026, 47),))
    assert (found.parked, found.missing) == (3, (Week(2026, 47),))


@pytest.mark.parametrize(
    ("published", "missing"),
    [
        ([], []),
        (["2026-W47"], []),
        (["2026-W44", "2026-W47"], ["2026-W45", "2026-W46"]),
        (["2026-W46"], ["2026-W47"]),
        (["2020-W01"], [str(Week(2026, 36).plus(ahead)) for ahead in range(12)]),
    ],
)
def test_missing_weeks_are_those_over_for_a_day_and_left_without_a_digest(published, missing):
    found = missing_weeks(map(Week.parse, published), at("2026-11-24"), TIMEZONE)
    assert [str(week) for week in found] == missing


STEPS = st.sampled_from(["postponed", "go", "nogo", "conditional", "withdrawn", "entered", "asked", "wait"])


@st.composite
def lives(draw):
    found = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        moment = at("2026-08-03") + timedelta(hours=draw(st.integers(0, 24 * 110)))
        life = Life(POLICY, number=number).filed(moment, draw(st.sampled_from(["idee", "mvp", "arret", "ancienne"])))
        for step in draw(st.lists(STEPS, max_size=6)):
            moment += timedelta(hours=draw(st.integers(1, 24 * 20)))
            _play(life, step, moment)
        found.append(life)
    return found


def _play(life, step, moment):
    origin = life._origin
    exits = POLICY.exits(origin)
    is_open = bool(life.tracked.history) and rows([life.tracked], POLICY, moment + timedelta(days=1))[0].gate
    if step == "entered":
        life.entered(moment, "mvp" if origin == "idee" else "idee")
    elif step == "asked" and exits and not is_open:
        life.asked(moment, exits[0].to)
    elif step in {"go", "nogo", "conditional"} and is_open:
        conditions = [("Relire", "2026-11-20")] if step == "conditional" else []
        life.decided(moment, "nogo" if step == "nogo" else "go", conditions)
    elif step == "postponed" and is_open:
        life.postponed(moment)
    elif step == "withdrawn" and is_open:
        life.withdrawn(moment)


@settings(deadline=None, max_examples=40)
@given(lives())
def test_figures_add_up(found):
    products = [life.tracked for life in found]
    shown = digest(products, POLICY, WEEK, NOW)
    seen = rows(products, POLICY, min(WEEK.end(TIMEZONE), NOW))
    states = [row.standing for row in seen]
    # Each product is in exactly one phase.
    assert sum(line.products for line in shown.phases) == shown.total == len(seen)
    # The week is the sum of its days.
    days = [between(states, midnight(day, TIMEZONE), midnight(day + timedelta(days=1), TIMEZONE)) for day in WEEK.days]
    assert reduce(add, days, Counts()) == shown.counts == between(states, WEEK.start(TIMEZONE), WEEK.end(TIMEZONE))
    # The lists hold what the figures count.
    counts = shown.counts
    assert len(shown.decisions) == counts.decided + counts.postponed
    assert (len(shown.moves), len(shown.new)) == (counts.moved, counts.new)
    assert sum(line.arrived for line in shown.phases) == counts.new + counts.moved
    assert sum(line.left for line in shown.phases) == counts.moved
    assert len(shown.gates) == sum(row.gate is not None for row in seen)
    assert len(shown.overdue) <= len(shown.conditions) == sum(len(row.conditions) for row in seen)
    # The trend tells the same story week after week.
    assert len(shown.trend) == TREND_WEEKS
    assert shown.trend[-1].phases == tuple(line.products for line in shown.phases)
    for before, after in zip(shown.trend, shown.trend[1:], strict=False):
        assert after.total - before.total == after.counts.new
        again = digest(products, POLICY, after.week, NOW)
        assert (again.total, again.counts) == (after.total, after.counts)
    assert all(number >= 0 for number in astuple(counts))


@settings(deadline=None, max_examples=40)
@given(lives(), st.randoms())
def test_the_order_of_products_changes_nothing(found, random):
    products = [life.tracked for life in found]
    shown = digest(products, POLICY, WEEK, NOW)
    random.shuffle(products)
    assert digest(products, POLICY, WEEK, NOW) == shown
