"""What a title hides or reverses is shown nowhere: pages, files taken away, reports and comments."""

from __future__ import annotations

import pytest

from app.messages import neutral
from app.reports.csv_export import csv_lines
from tests.builders import a_small_policy
from tests.lives import Life, at
from tests.web.conftest import Pages

HIDDEN = "\u202e\u200b\u2066\ufeff\x1b"
TITLE = f"SI{HIDDEN}LAV"
PLACES = (
    "/",
    "/portefeuille.csv",
    "/portefeuille.json",
    "/produit/dnum/produits/1",
    "/produit/dnum/produits/1.csv",
    "/bilan/2026-W45",
)


@pytest.fixture
def pages(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/jalon.db")
    found.holds([Life(a_small_policy(), TITLE, 1).filed(at("2026-11-02")).tracked])
    yield found
    found.database.dispose()


@pytest.mark.parametrize("path", PLACES)
def test_a_page_or_a_file_shows_a_title_without_what_it_hides(pages, path):
    text = pages.text(path).removeprefix("\ufeff")  # what a spreadsheet wants first
    assert "SILAV" in text
    assert not set(HIDDEN) & set(text)


def test_a_comment_and_a_sheet_show_it_so_too():
    assert neutral(TITLE) == "SILAV"
    assert "SILAV" in "".join(csv_lines(("a",), [(TITLE,)]))
