"""What a product's page tells of its history has its words, in both languages."""

from __future__ import annotations

import pytest

from app.domain.product.state import standing
from app.domain.report.product_events import events
from app.web.context import words
from tests.domain.report.test_product_file import POLICY, every_kind

IN_SESSION = {f"session_{outcome}" for outcome in ("go", "nogo")}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_fact_of_the_register_has_its_sentence(language):
    history = tuple(every_kind().facts)
    found = {one.kind for one in events(history, POLICY, standing(history))}
    known = {key.removeprefix("event_") for key in words(language) if key.startswith("event_")}
    assert known == found | IN_SESSION | {"asked_entry", "entered_before", "noted"}
