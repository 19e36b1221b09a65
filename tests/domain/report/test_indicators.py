"""The portfolio's flow: reached phases, time spent, outcomes, participation, and what waits for a seat."""

from hypothesis import given

from app.domain.report.indicators import AGES, conditions_of, duties, indicators
from app.domain.report.portfolio import rows
from tests.builders import a_small_policy
from tests.domain.report.test_digest import lives
from tests.lives import Life, at

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


def test_seats_are_counted_on_closed_gates_and_recusals_apart():
    found = {line.id: line for line in indicators(sample(), POLICY, NOW).seats}
    assert (found["design"].asked, found["design"].spoke, found["design"].recused) == (2, 0, 1)
    assert (found["securite"].asked, found["securite"].spoke, found["securite"].share) == (3, 2, 67)
    assert (found["data"].asked, found["data"].spoke) == (3, 1)
    assert indicators((), POLICY, NOW).seats[0].share is None


def test_a_seat_sees_what_waits_for_it_oldest_first():
    found = duties(sample(), "securite")
    assert [(duty.row.title, duty.mandatory) for duty in found] == [("Deux", True), ("Trois", True)]
    assert [duty.row.title for duty in duties(sample(), "data")] == ["Deux"]
    assert [row.title for row, _ in conditions_of(sample(), lambda _, one: one.seat == "Technologie")] == ["Un"]
    assert conditions_of(sample(), lambda _, one: one.seat == "Design") == ()


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
