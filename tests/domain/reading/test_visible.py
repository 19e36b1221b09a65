"""What nobody sees is left out of what people typed; what they see stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reading.visible import blank_start, visible

KEPT = ("Café « déjà\xa0vu »", "👩\u200d💻 au travail", "🏳️\u200d🌈", "naïve", "日本", "deux\nlignes", "")


@pytest.mark.parametrize("text", KEPT)
def test_what_is_seen_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b", "\u3164", "\U000e0041"]
)
def test_what_hides_or_reverses_goes(hidden):
    assert visible(f"SI{hidden}LAV") == "SILAV"
    assert visible(f"{hidden}") == ""


@given(st.text())
def test_nothing_hidden_is_left_and_nothing_is_added(text):
    shown = visible(text)
    assert visible(shown) == shown
    assert not any(unicodedata.category(char) in {"Cc", "Cf"} for char in shown if char not in "\n\t\r\u200d")


@pytest.mark.parametrize(("text", "blank"), [("", 0), ("a", 0), ("\u200b \u3000=1", 3), ("\x00", 1)])
def test_where_something_begins_to_show(text, blank):
    assert blank_start(text) == blank
