"""What a list shows, and in which order."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.report.indicators import AGES
from app.domain.report.listing import SORTS, ListingQuery, in_french_order, listed_rows, slice_of
from app.domain.report.portfolio import rows
from tests.builders import a_small_policy
from tests.domain.report.test_present import NOW, lives
from tests.lives import Life

POLICY = a_small_policy()


def found():
    """A product that waits, one refused, one moved on under a condition, one in a phase that the rules dropped."""
    waiting = Life(POLICY, "Écoles", 1).filed("2026-08-05", direction="DGT").asked("2026-11-20", "mvp")
    refused = Life(POLICY, "Annuaire", 2).filed("2026-11-01").asked("2026-11-05", "mvp").decided("2026-11-10", "nogo")
    moved = Life(POLICY, "Zones", 3).filed("2026-01-05").asked("2026-02-01", "mvp")
    moved.decided("2026-02-05", "go", [("Relire", "")])
    former = Life(POLICY, "Carte", 4).filed("2025-01-05", "disparue")
    return rows([life.tracked for life in (waiting, refused, moved, former)], POLICY, NOW)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (ListingQuery(), [2, 1, 3, 4]),
        (ListingQuery(phase="mvp"), [3]),
        (ListingQuery(direction="DGT"), [1]),
        (ListingQuery(state="refused"), [2]),
        (ListingQuery(words="ecoles"), [1]),
        (ListingQuery(words="#3"), [3]),
        (ListingQuery(words="ailleurs"), [4]),
        (ListingQuery(reached="idee"), [2, 1, 3]),
        (ListingQuery(age="0"), [2]),
        (ListingQuery(target="mvp"), [2, 1, 3]),
        (ListingQuery(target="mvp", outcome="decided"), [2, 3]),
        (ListingQuery(target="mvp", outcome="waiting"), [1]),
        (ListingQuery(target="mvp", outcome="conditional"), [3]),
        (ListingQuery(target="poc"), []),
        (ListingQuery(sort="titre"), [2, 4, 1, 3]),
        (ListingQuery(sort="-titre"), [3, 1, 4, 2]),
        (ListingQuery(sort="depuis"), [4, 3, 1, 2]),
        (ListingQuery(sort="-activite"), [1, 2, 3, 4]),
        (ListingQuery(sort="--titre"), [2, 1, 3, 4]),
    ],
)
def test_a_list_holds_what_is_asked_in_the_order_asked(asked, numbers):
    assert [
        row.number for row in listed_rows(found(), asked, POLICY, {4} if asked.words == "ailleurs" else None)
    ] == numbers


@pytest.mark.parametrize(
    ("asked", "shows"),
    [
        (ListingQuery(), False),
        (ListingQuery(direction="DGT"), False),
        (ListingQuery(ended="oui"), True),
        (ListingQuery(words="a"), True),
    ]
    + [(ListingQuery(**{name: "x"}), True) for name in ("phase", "state", "reached", "age", "target")],
)
def test_what_has_ended_is_shown_to_whoever_looks_for_something(asked, shows):
    assert asked.shows_ended is shows


@pytest.mark.parametrize(("days", "rank"), [(0, 0), (AGES[0] - 1, 0), (AGES[0], 1), (AGES[-1], len(AGES))])
def test_a_number_of_days_falls_in_one_slice(days, rank):
    assert slice_of(days) == rank


@settings(deadline=None, max_examples=30)
@given(st.lists(lives(), max_size=4), st.sampled_from([f"{way}{name}" for name in SORTS for way in ("", "-")]))
def test_sorting_loses_nothing_and_the_other_way_round_is_the_reverse(drawn, sort):
    shown = rows([life.tracked for life in drawn], POLICY, NOW + timedelta(days=400))
    asked = ListingQuery(sort=sort)
    ordered = listed_rows(shown, asked, POLICY, None)
    assert sorted(map(id, ordered)) == sorted(map(id, shown))
    keys = [SORTS[asked.order](row, POLICY) for row in ordered]
    assert keys == sorted(keys, reverse=asked.is_backwards)


def test_names_are_in_french_order():
    assert in_french_order(["mtes", "Élysée", "DGT", "élan", "DGT"]) == ("DGT", "élan", "Élysée", "mtes")
