"""Figures in words, beside those of the week before, and tables in which every line and column says something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages import Safe
from app.messages.figures import compared_with_before, table


@pytest.mark.parametrize(
    ("now", "before", "fr", "en"),
    [
        (5, 2, "3 produits de plus que la semaine précédente", "3 more products than the week before"),
        (2, 3, "1 produit de moins que la semaine précédente", "1 fewer product than the week before"),
        (4, 4, "autant de produits que la semaine précédente", "as many products as the week before"),
        (0, 0, "autant de produits que la semaine précédente", "as many products as the week before"),
    ],
)
def test_a_figure_is_told_beside_that_of_the_week_before(now: int, before: int, fr: str, en: str) -> None:
    assert compared_with_before(now, before, "produit", "produits", "fr") == fr
    assert compared_with_before(now, before, "product", "products", "en") == en


def test_a_table_has_neither_a_line_nor_a_column_of_nothing():
    told = table(
        ["Phase", "Ici", "Partis", "Durée"], [("Idée", 3, 0, None), ("POC", 0, 0, Safe("2 mois")), ("MVP", 1, 0, None)]
    )
    assert told == "| Phase | Ici |\n| --- | ---: |\n| Idée | 3 |\n| MVP | 1 |"
    assert table(["Phase", "Ici"], [("Idée", 0)]) == ""
    assert table(["Phase", "Ici"], []) == ""


CELL = st.one_of(st.none(), st.integers(0, 3))


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_every_figure_that_is_not_nought_is_shown_once(rows):
    told = table(["x", "a", "b", "c"], [(Safe("r"), *row) for row in rows])
    shown = sorted(
        int(cell) for line in told.split("\n")[2:] for cell in line.split("|")[2:-1] if cell.strip() not in {"–", "0"}
    )
    assert shown == sorted(cell for row in rows for cell in row if cell)
    for line in told.split("\n")[2:]:
        assert any(cell.strip() not in {"0", "–", "r", ""} for cell in line.split("|"))
