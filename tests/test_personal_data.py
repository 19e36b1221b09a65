"""The page on personal data tells every table there is, and the durations that the code keeps to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.engine.schedules import PAYLOADS
from app.store.erasing import TABLES
from app.store.outbox import REMEMBERED_S
from app.store.recent_writes import KEPT
from app.store.schema import METADATA
from app.web.session import DRAFT_S, IDLE_S, LIFE_S

PAGE = (Path(__file__).parent.parent / "docs" / "donnees-personnelles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_each_table_is_told(table):
    """A table that comes later must say what it holds of people, and for how long."""
    assert f"`{table}`" in PAGE


def test_the_durations_told_are_those_kept_to():
    told = {
        "vidés trente jours après leur traitement": timedelta(days=30) == PAYLOADS,
        "| soixante jours |": timedelta(seconds=REMEMBERED_S) == timedelta(days=60),
        "| un jour |": timedelta(days=1) == KEPT,
        "une heure sans lire, huit heures au plus ; un brouillon, une heure de plus": (IDLE_S, LIFE_S, DRAFT_S)
        == (3_600, 28_800, 3_600),
    }
    assert all(sentence in PAGE and is_kept_to for sentence, is_kept_to in told.items())


def test_what_is_made_compact_exists():
    assert set(TABLES) <= set(METADATA.tables)
