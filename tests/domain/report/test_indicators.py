"""The portfolio's flow: reached phases, time spent, outcomes, participation, and what waits for a seat."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from app.domain.report.indicators import AGES, duties, indicators, open_conditions_of
from app.domain.report.portfolio import Tracked, rows
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, played, says, voting
from tests.domain.report.test_digest import lives
from tests.lives import REPOSITORY, Life, at

POLICY = a_small_policy()
NOW = at("2026-11-27")


def seen(*found):
    return rows([life.tracked for life in found], POLICY, NOW)


def sample():
    first = Life(POLICY, "Un", 1).filed("2026-09-01").asked("2026-09-07", "mvp")
    first.vote("2026-09-08", "technologie").vote("2026-09-08", "design", "recuse").vote("2026-09-08", "securite")
    first.decided("2026-09-17", "go", [("Relire", "2026-10-01")])
    second = (
        Life(POLICY, "Deux", 2)
        .filed("2025-09-01")
        .asked("2026-10-01", "mvp")
        .vote("2026-10-02", "securite", "nogo", "Non")
    )
    second.decided("2026-10-05", "nogo", present=("data",), reason="Non").asked("2026-11-20", "mvp")
    third = Life(POLICY, "Trois", 3).filed("2026-11-20").asked("2026-11-21", "arret").withdrawn("2026-11-22")
    third.asked("2026-11-23", "mvp").vote("2026-11-24", "data")
    return seen(first, second, third)


def test_phases_tell_who_reached_them_and_for_how_long():
    found = indicators(sample(), POLICY, NOW)
    assert found.total == 3
    assert [(line.id, line.reached, line.now, line.ages) for line in found.phases] == [
        ("idee", 3, 2, (1, 0, 0, 0, 1)),
        ("mvp", 1, 1, (0, 1, 0, 0, 0)),
        ("arret", 0, 0, (0, 0, 0, 0, 0)),
    ]


def test_gates_tell_how_they_ended_and_how_long_it_took():
    found = {line.target: line for line in indicators(sample(), POLICY, NOW).gates}
    mvp = found["mvp"]
    assert (mvp.asked, mvp.go, mvp.conditional, mvp.nogo, mvp.withdrawn, mvp.waiting) == (4, 0, 1, 1, 0, 2)
    assert (mvp.decided, mvp.go_share, mvp.wait_days, mvp.longest_wait) == (2, 50, 7, 7)
    arret = found["arret"]
    assert (arret.withdrawn, arret.go_share, arret.wait_days, arret.longest_wait) == (1, None, None, 0)


def test_seats_are_counted_on_closed_gates_where_they_had_time_and_recusals_apart():
    """The gate asked on Saturday and withdrawn on Sunday blames nobody."""
    found = {line.id: line for line in indicators(sample(), POLICY, NOW).seats}
    assert (found["design"].asked, found["design"].spoke, found["design"].recused) == (1, 0, 1)
    assert (found["securite"].asked, found["securite"].spoke, found["securite"].share) == (2, 2, 100)
    assert (found["data"].asked, found["data"].spoke) == (2, 1)
    assert indicators((), POLICY, NOW).seats[0].share is None


@pytest.mark.parametrize("word", ["/go", "/nogo non", "/abstention", "/déport"])
def test_a_vote_that_came_too_late_is_no_absence(word):
    """Decided at once by four votes, or at its deadline; what is said next weighs neither way at that gate."""
    early = voting(at_gate(POLICY), POLICY, dict.fromkeys(("secu", "techno", "design"), "/go"))
    assert early.standing.open_gate is None
    over = at_gate(POLICY).standing.open_gate.deadline + timedelta(hours=1)
    for product, now in ((early, T0), (voting(at_gate(POLICY), POLICY, {"secu": "/go", "techno": "/go"}), over)):
        told = played(_said(product, "data", word, now), POLICY, now)
        found = {line.id: line for line in indicators(_rows_of(told), POLICY, NOW).seats}
        assert (found["data"].asked, found["data"].spoke, found["data"].late, found["data"].share) == (1, 0, 1, None)
        assert (found["securite"].late, found["securite"].share) == (0, 100)


def test_a_voice_for_the_next_gate_is_not_late_at_the_one_before():
    product = voting(at_gate(POLICY), POLICY, dict.fromkeys(("secu", "techno"), "/nogo non"))
    assert product.standing.open_gate is None
    later = T0 + timedelta(days=1)
    product = played(says(product, AUTHOR, "/demande mvp\n1 : c’est fait\n2 : aussi"), POLICY, later)
    product = voting(product, POLICY, dict.fromkeys(("secu", "techno", "design"), "/go"), later)
    product = played(says(product, "data", "/go"), POLICY, later + timedelta(hours=1))
    assert [gate.voices.count("l") for gate in _rows_of(product)[0].standing.gates] == [0, 1]


def _said(product, login, text, moment):
    product = says(product, login, text)
    *others, last = product.issue.comments
    return replace(product, issue=replace(product.issue, comments=(*others, replace(last, at=moment))))


def _rows_of(product):
    return rows([Tracked(REPOSITORY, 1, "SISAC", product.history)], POLICY, NOW)


def test_a_seat_sees_what_waits_for_it_oldest_first():
    found = duties(sample(), "securite")
    assert [(duty.row.title, duty.mandatory) for duty in found] == [("Deux", True), ("Trois", True)]
    assert [duty.row.title for duty in duties(sample(), "data")] == ["Deux"]
    assert [row.title for row, _ in open_conditions_of(sample(), lambda _, one: one.seat == "Technologie")] == ["Un"]
    assert open_conditions_of(sample(), lambda _, one: one.seat == "Design") == ()


@given(lives())
def test_figures_add_up(found):
    seen_rows = rows([life.tracked for life in found], POLICY, NOW)
    told = indicators(seen_rows, POLICY, NOW)
    assert sum(line.now for line in told.phases) == told.total
    assert all(sum(line.ages) == line.now <= line.reached for line in told.phases)
    assert all(len(line.ages) == len(AGES) + 1 for line in told.phases)
    for line in told.gates:
        assert line.asked == line.decided + line.withdrawn + line.waiting
    assert sum(line.waiting for line in told.gates) == sum(row.gate is not None for row in seen_rows)
    assert all(line.spoke <= line.asked for line in told.seats)
