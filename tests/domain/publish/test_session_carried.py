"""A session carried by a comment is the one that was told, and no other words make one."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.publish.session_carried import LARGEST, carried_session, read_carried_session
from app.domain.session.model import Attending, Session

DAY = date(2026, 11, 24)
SESSION = Session("dnum/produits", "I_40", 40, DAY, DAY)
words = st.text(max_size=30)


@given(
    place=words,
    guests=st.lists(words, max_size=3),
    seats=st.lists(words, max_size=3),
    cancelled=st.booleans(),
    items=st.lists(st.integers(1, 10**9), max_size=3),
)
def test_what_is_told_is_read_back(place, guests, seats, cancelled, items) -> None:
    present = tuple(Attending(seat, "secu", stands_in=cancelled) for seat in seats)
    told = replace(SESSION, place=place, guests=tuple(guests), present=present, cancelled=cancelled, items=tuple(items))
    word = carried_session(told)
    assert word.isascii()
    assert " " not in word
    assert read_carried_session(word) == told


def test_one_too_long_is_told_in_words_alone() -> None:
    assert carried_session(replace(SESSION, place="a" * LARGEST)) == ""


@pytest.mark.parametrize(
    "word",
    ["", "é", "abc", "W10=", *(base64.urlsafe_b64encode(text).decode() for text in (b"{}", b"3", b'{"day": 3}'))],
)
def test_other_words_are_no_session(word: str) -> None:
    assert read_carried_session(word) is None
