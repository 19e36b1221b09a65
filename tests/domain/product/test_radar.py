"""What a text says of each of the five ways of RADAR, however people lay it out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.product import radar
from app.domain.product.radar import WAYS, read_radar

ALL = dict(zip(WAYS, "abcde", strict=True))
READINGS = {
    "words": ("Réutiliser : a\nAdapter : b\nDévelopper : c\nAcheter : d\nReformuler : e", ALL),
    "English": ("Reuse: a\nAdapt: b\nDevelop: c\nBuy: d\nReframe: e", ALL),
    "letters": ("R : a\nA : b\nD : c\nA : d\nR : e", ALL),
    "one line": ("R : a ; A : b ; D : c ; A : d ; R : e", ALL),
    "one line, nothing between": ("R: a A: b D: c A: d R: e", ALL),
    "words on one line": ("Réutiliser : a ; Adapter : b, Développer : c / Acheter : d | reformuler : e", ALL),
    "capitals behind a space": ("Réutiliser : a Adapter : b Développer : c Acheter : d Reformuler : e", ALL),
    "bullets and bold": (
        "- **Réutiliser** : a\n* **Adapter** b\n• Developper - c\n4. Acheter : d\n5) Reformuler\n  e",
        ALL,
    ),
    "no accent": ("reutiliser : a\nadapter : b\ndevelopper : c\nacheter : d\nreformuler : e", ALL),
    "nouns": ("Réutilisation : a\nAdaptation : b\nDéveloppement : c\nAchat : d\nReformulation : e", ALL),
    "the order, without a sign": ("Réutiliser a\nAdapter b\nDévelopper c\nAcheter d\nReformuler e", ALL),
    "in any order": ("Reformuler : e\nAcheter : d\nRéutiliser : a", {"reuse": "a", "buy": "d", "reframe": "e"}),
    "the second letters": ("D : c\nA : d\nR : e", {"develop": "c", "buy": "d", "reframe": "e"}),
    "on several lines": (
        "Réutiliser :\n- un outil\n- deux outils\nAdapter : b",
        {"reuse": "- un outil - deux outils", "adapt": "b"},
    ),
    "said twice": ("Réutiliser : a\nRéutiliser : encore", {"reuse": "a encore"}),
    "amid another": (
        "Réutiliser : nous pourrions adapter ou acheter : non\nadapter coûterait",
        {"reuse": "nous pourrions adapter ou acheter : non adapter coûterait"},
    ),
    "before the first": ("Rien à réutiliser, R : oui", {"reuse": "oui"}),
    "another capital": ("Réutiliser : a Rien : b", {"reuse": "a Rien : b"}),
    "nothing said": ("Réutiliser :\nAdapter : …", {}),
    "none of it": ("Nous avons tout regardé.", {}),
    "a name": ("A. Martin a regardé\nRadar : oui", {}),
    "a small letter": ("a : oui", {}),
}


@pytest.mark.parametrize(("text", "said"), READINGS.values(), ids=READINGS)
def test_a_text_is_read_way_by_way(text, said):
    assert read_radar(text) == said
    assert radar.missing_ways(text) == tuple(way for way in WAYS if way not in said)


NAMES = ("Réutiliser", "Adapter", "Développer", "Acheter", "Reformuler")
TEXTS = st.text("abcdefghi é,'0123456789", min_size=1, max_size=30).filter(lambda text: any(map(str.isalpha, text)))


@given(st.lists(TEXTS, min_size=5, max_size=5), st.permutations(range(5)))
def test_what_is_told_behind_each_word_is_found_in_whatever_order(texts, order):
    text = "\n".join(f"{NAMES[rank]} : {texts[rank]}" for rank in order)
    assert [*read_radar(text)] == [*WAYS]
