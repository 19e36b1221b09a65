"""The imported file as text: what is read of it is what was written."""

from __future__ import annotations

from datetime import date

from app.domain.reuse.catalogue import Common
from app.domain.reuse.catalogue_file import IMPORTED
from app.domain.reuse.catalogue_text import HEADER, catalogue_yaml
from app.yaml_documents import read_catalogue_bytes

FULL = Common(
    *("grist", "Grist: « 1 »", 'Des "tableaux"', ("partager",), ("Excel",), "service", "DINUM"),
    *("https://example.org", "MIT"),
    seen_on=date(2026, 11, 3),
    source=(("sill", "7"),),
    is_curated=False,
)
BARE = Common("ara", "Ara", "Auditer", is_proposed=False, is_curated=False)


def test_what_is_written_is_read_again_in_order():
    assert read_catalogue_bytes(IMPORTED, catalogue_yaml([FULL, BARE]).encode()).commons == (BARE, FULL)


def test_nothing_is_an_empty_list():
    assert catalogue_yaml([]) == f"{HEADER}[]\n"
    assert read_catalogue_bytes(IMPORTED, catalogue_yaml([]).encode()).commons == ()
