"""The page of integrity names every adversary, once, and tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.integrity import (  # noqa: F401 - each fills the table
    against_the_log,
    in_the_database,
    on_github,
    on_the_server,
    with_an_archive,
)
from tests.integrity.page import has_words, rows
from tests.integrity.scene import PLAYED

TESTS = Path(__file__).parent.parent
PLAYS = "test_each_adversary_ends_as_the_page_says"
NAMED = re.compile(r"(?:tests/([\w/]+\.py)::)?(test_\w+)(?:\[(\S+?)\])?`")


@cache
def every_name():
    """The tests of each file."""
    return {
        str(path.relative_to(TESTS)): {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for path in TESTS.rglob("test_*.py")
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
    }


def test_each_adversary_has_its_row():
    assert sorted(rows()) == sorted(PLAYED)


@pytest.mark.parametrize("number", sorted(PLAYED))
def test_a_row_is_full_and_names_tests_that_exist(number):
    row = rows()[number]
    assert row.done
    assert row.sightings
    named = NAMED.findall(row.proof)
    assert ("", PLAYS, number) in named
    for file, name, _ in named:
        assert any(name in names for path, names in every_name().items() if not file or path == file), (file, name)


@pytest.mark.parametrize(
    ("said", "sentence", "holds"),
    [
        ("le fait n° 12 manque", "le fait n° … manque", True),
        ("le\u00a0fait n° 12 manque", "le fait n° … manque", True),
        ("le fait n° 12\nmanque", "le fait n° … manque", False),
        ("le fait n° 12 revient", "le fait n° … manque", False),
        ("a (b) c", "(b)", True),
    ],
)
def test_a_sentence_of_the_page_is_found_word_for_word(said, sentence, holds):
    assert has_words(said, sentence) is holds
