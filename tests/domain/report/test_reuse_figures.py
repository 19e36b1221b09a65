"""What looking for what exists was worth: counted from people's answers alone, silent while they are few."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.report.indicators import indicators
from app.domain.report.portfolio import rows
from app.domain.report.reuse_figures import (
    Coverage,
    DoorFlow,
    Quarter,
    Reused,
    ReuseWeek,
    rejected,
    reuse_flow,
    reuse_week,
    to_review,
)
from app.domain.report.reuse_told import ReuseTold
from app.domain.reuse.catalogue import Catalogue, Common
from tests.builders import a_small_policy
from tests.lives import Life, at, candidate

POLICY = a_small_policy()
PLACE = POLICY.timezone
NOW = at("2026-11-30")
WEEK = at("2026-11-23", 0), at("2026-11-30", 0)


def seen(*lives, moment=NOW):
    return rows([life.tracked for life in lives], POLICY, moment)


def a_life(number=1, day="2026-11-16"):
    return Life(POLICY, f"Besoin {number}", number).filed(day)


def test_each_candidate_is_told_with_the_answer_that_holds():
    life = a_life().shown("2026-11-16", candidate(1, "commun:a", "A", "name"), candidate(2, "commun:b", "B"))
    life.shown("2026-11-17", candidate(3, "commun:c", "C"), dropped=[2])
    life.answered("2026-11-18", "commun:a", "aside", "A", 1).answered("2026-11-19", "commun:a", "adapt", "A", 1)
    life.answered("2026-11-20", "produit:I_9", "reuse", "SISAC")
    (row,) = seen(life)
    assert row.standing.reuse == (
        ReuseTold("commun:a", "A", "name", at("2026-11-16"), False, "adapt", at("2026-11-19")),
        ReuseTold("commun:b", "B", "near", at("2026-11-16")),
        ReuseTold("commun:c", "C", "near", at("2026-11-17"), True),
        ReuseTold("produit:I_9", "SISAC", "person", None, False, "reuse", at("2026-11-20")),
    )


@pytest.mark.parametrize(
    ("lives", "expected"),
    [
        ([a_life()], None),
        ([a_life().shown("2026-11-21", candidate(1, "commun:a"))], ReuseWeek(0, 0, 0, 1, 9)),
        ([a_life().shown("2026-11-21", candidate(1, "commun:a")).entered("2026-11-22", "arret")], None),
        ([a_life().answered("2026-11-24", "a").answered("2026-11-25", "b")], ReuseWeek(1, 0, 0, 0, 0)),
        ([a_life().answered("2026-11-24", "a", "adapt")], ReuseWeek(0, 1, 0, 0, 0)),
        ([a_life().answered("2026-11-24", "a").answered("2026-11-25", "b", "adapt")], ReuseWeek(1, 0, 0, 0, 0)),
        (
            [a_life().answered("2026-11-24", "a", "aside").answered("2026-11-25", "b", "aside")],
            ReuseWeek(0, 0, 2, 0, 0),
        ),
        ([a_life().answered("2026-11-20", "a")], None),
        ([a_life().answered("2026-11-24", "a").answered("2026-11-24", "a", "aside")], ReuseWeek(0, 0, 1, 0, 0)),
    ],
    ids=[
        "nothing",
        "waits",
        "ended",
        "covered once",
        "adapted",
        "covered and adapted",
        "set aside",
        "before",
        "taken back",
    ],
)
def test_the_week_counts_needs_by_peoples_word(lives, expected):
    assert reuse_week(seen(*lives), WEEK, NOW, PLACE) == expected


def test_a_share_is_silent_under_thirty_answers():
    assert DoorFlow(Quarter(2026, 4), "near", 29, 20).share is None
    assert DoorFlow(Quarter(2026, 4), "near", 30, 20).share == 67


def test_quarters_begin_in_the_committees_place():
    assert [Quarter.of(date(2026, month, 1)).number for month in (1, 3, 4, 6, 7, 9, 10, 12)] == [1, 1, 2, 2, 3, 3, 4, 4]
    last = at("2026-09-30", 23)
    life = a_life(day="2026-09-01").shown("2026-09-01", candidate(1, "commun:a")).answered(last, "commun:a", number=1)
    assert reuse_flow(seen(life), PLACE).doors[0].quarter == Quarter(2026, 4)


def test_doors_coverage_and_what_is_reused_most():
    lives = [
        a_life(n)
        .shown("2026-11-16", candidate(1, "commun:tchap", "Tchap", "name"))
        .answered("2026-11-20", "commun:tchap", "reuse", "Tchap", 1)
        for n in (1, 2)
    ]
    lives.append(a_life(3, "2026-09-30").answered("2026-09-30", "commun:grist", "reuse", "Grist"))
    lives.append(a_life(4).shown("2026-11-16", candidate(1, "commun:a")).answered("2026-11-20", "commun:a", "aside"))
    lives[0].shown("2026-11-21", candidate(2, "commun:b"))
    flow = reuse_flow(seen(*lives), PLACE)
    assert flow.doors == (
        DoorFlow(Quarter(2026, 4), "name", 2, 2),
        DoorFlow(Quarter(2026, 4), "near", 1, 0),
        DoorFlow(Quarter(2026, 3), "person", 1, 1),
    )
    assert flow.coverage == (Coverage(Quarter(2026, 4), 3, 2), Coverage(Quarter(2026, 3), 1, 1))
    assert flow.top == (Reused("commun:tchap", "Tchap", 2), Reused("commun:grist", "Grist", 1))
    assert not flow.is_empty
    assert indicators(seen(*lives), POLICY, NOW).reuse == flow
    assert reuse_flow(seen(a_life()), PLACE).is_empty


def entry(id_, seen_on, **more):
    return Common(id_, id_.upper(), "Une phrase", seen_on=seen_on, **more)


def test_entries_not_looked_at_for_a_year_are_to_be_looked_at_again():
    today = date(2026, 11, 29)
    entries = (
        entry("fresh", today - timedelta(days=365)),
        entry("old", today - timedelta(days=366)),
        entry("older", today - timedelta(days=900)),
        entry("never", None),
        entry("imported", None, is_curated=False),
    )
    assert [one.id for one in to_review(Catalogue(entries), today)] == ["never", "older", "old"]


def test_entries_always_set_aside_are_told():
    catalogue = Catalogue((entry("a", None), entry("b", None), entry("c", None), entry("d", None)))
    lives = [
        a_life(n).answered("2026-11-20", "commun:a", "aside").answered("2026-11-20", "commun:b", "aside")
        for n in range(1, 6)
    ]
    lives.append(a_life(6).answered("2026-11-20", "commun:b", "adapt").answered("2026-11-20", "commun:a", "aside"))
    lives += [a_life(n).answered("2026-11-20", "commun:c", "aside") for n in range(7, 11)]
    lives.append(a_life(11).answered("2026-11-20", "produit:I_1", "aside"))
    assert [(one.common.id, one.times) for one in rejected(seen(*lives), catalogue)] == [("a", 6)]
