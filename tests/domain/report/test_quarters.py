"""Quarters with something to count: decisions, how long they took, what was refused, what entered each phase."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from app.domain.product import imported
from app.domain.product.facts import PastPhase
from app.domain.product.imported import ImportedProduct
from app.domain.report.digest import phase_ids
from app.domain.report.indicators import indicators
from app.domain.report.listing import ListingQuery, listed_rows
from app.domain.report.portfolio import Tracked, rows
from app.domain.report.quarters import DECISIONS, entries, quarter_address, quarter_label, quarterly
from app.domain.report.reuse_figures import Quarter
from tests.builders import a_small_policy
from tests.domain.report.test_digest import lives
from tests.lives import REPOSITORY, Life, at

POLICY = a_small_policy()
NOW = at("2026-11-27")


def seen(*found):
    return rows([life.tracked for life in found], POLICY, NOW)


def flows(*found):
    made = seen(*found)
    return quarterly(made, POLICY, phase_ids(made, POLICY))


def sample():
    first = Life(POLICY, "Un", 1).filed("2026-01-05").asked("2026-01-12", "mvp").decided("2026-01-22")
    second = Life(POLICY, "Deux", 2).filed("2026-02-02").asked("2026-02-09", "mvp")
    second.vote("2026-02-10", "securite", "nogo", "Non").decided("2026-02-13", "nogo")
    second.asked("2026-09-01", "mvp").decided("2026-10-01", "go", [("Relire", "2026-12-01")])
    return first, second


def test_a_quarter_tells_what_was_decided_and_how_long_it_took():
    found = flows(*sample())
    assert [(quarter_label(one.quarter), one.go, one.conditional, one.nogo, one.points) for one in found.quarters] == [
        ("2026-1", 1, 0, 1, 1),
        ("2026-4", 0, 1, 0, 0),
    ]
    assert [(one.decided, one.wait_days, one.waits) for one in found.quarters] == [(2, 7, (7,)), (1, 30, (30,))]
    assert found.targets == (("mvp", "MVP"),)
    assert found.decisive == found.quarters


def test_a_quarter_without_anything_is_absent_and_one_may_have_entries_alone():
    found = flows(Life(POLICY).filed("2024-12-31").entered("2026-03-31", "mvp"))
    assert [(quarter_label(one.quarter), one.entered, one.wait_days) for one in found.quarters] == [
        ("2024-4", (1, 0, 0), None),
        ("2026-1", (0, 1, 0), None),
    ]
    assert (found.decisive, found.targets) == ((), ())
    assert flows().quarters == ()


def test_what_the_former_follow_up_told_counts_in_its_own_quarters():
    past = (PastPhase("a", "idee", "2019-02-01", "2019-07-01"), PastPhase("b", "mvp", "2019-07-01", ""))
    history = imported.facts(ImportedProduct("cle", "SISAC", past), POLICY, at("2026-11-16"), "jalon")
    (row,) = rows([Tracked(REPOSITORY, 1, "SISAC", history)], POLICY, NOW)
    assert list(entries(row, POLICY.timezone)) == [("idee", date(2019, 2, 1)), ("mvp", date(2019, 7, 1))]
    assert [quarter_label(one.quarter) for one in quarterly([row], POLICY, ("idee", "mvp")).quarters] == [
        "2019-1",
        "2019-3",
    ]


def test_a_phase_that_the_rules_have_dropped_keeps_its_gates():
    life = Life(POLICY).filed("2026-01-05").asked("2026-01-12", "mvp").decided("2026-01-22", "nogo")
    assert quarterly(seen(life), POLICY, ("idee",)).targets == (("mvp", "MVP"),)


def test_quarters_begin_with_january_april_july_and_october():
    days = [date(2026, month, 1) for month in range(1, 13)]
    assert [quarter_address(day)[-1] for day in days] == list("111222333444")
    assert quarter_label(Quarter.of(date(2026, 6, 30))) == "2026-2"


@given(lives())
def test_quarters_add_up_to_the_whole_and_each_opens_its_list(found):
    made = rows([life.tracked for life in found], POLICY, NOW)
    whole = indicators(made, POLICY, NOW)
    quarters = whole.quarterly.quarters
    for outcome in DECISIONS:
        assert sum(getattr(one, outcome) for one in quarters) == sum(getattr(gate, outcome) for gate in whole.gates)
    for one in quarters:
        assert one.decided or any(one.entered)
        for outcome in DECISIONS:
            shown = listed_rows(made, ListingQuery(quarter=quarter_label(one.quarter), outcome=outcome), POLICY, None)
            assert bool(shown) == bool(getattr(one, outcome))
            assert len(shown) <= getattr(one, outcome)
        for (phase, _), count in zip(whole.quarterly.phases, one.entered, strict=True):
            shown = listed_rows(made, ListingQuery(quarter=quarter_label(one.quarter), reached=phase), POLICY, None)
            assert bool(shown) == bool(count)
            assert len(shown) <= count
