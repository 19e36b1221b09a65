from __future__ import annotations

import pytest

from app.domain.reuse.texts import character_ngrams, folded, shared_words, stems, words_of


@pytest.mark.parametrize(
    ("text", "expected"), [("Cœur d’Été", "coeur d’ete"), ("ASCII", "ascii"), ("Nǽ", "nae"), ("", "")]
)
def test_folded(text, expected):
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rappeler les convocations aux justiciables", ["rappel", "convoc", "justici"]),
        ("Faciliter la démarche des usagers de l’État", []),
        ("Pour les demandeurs d’emploi et les chômeurs", ["demandeurs d’emploi", "demandeurs d’emploi"]),
        ("personnes en situation de handicap", ["personnes handicapées"]),
        ("personnes âgées, PMR", ["personnes âgées", "personnes handicapées"]),
        ("en situation de crise", ["situat", "cris"]),
        ("En 2026, 12 barrages", ["barrag"]),
        ("x" * 41, []),
    ],
)
def test_what_a_text_says(text, expected):
    assert stems(words_of(text)) == expected


def test_pieces_of_words_have_their_edges():
    assert character_ngrams(["le", "semis", "ab"]) == (" ab ", " sem", "emis", "mis ", "semi")
    assert character_ngrams(["ab", "ab", "ab"]) == (" ab ", " ab ")


def test_words_are_shown_as_they_are_written():
    assert shared_words("Les Cantines, la cantine et l’Été", {"cantin", "ete"}) == ("Cantines", "cantine", "Été")
