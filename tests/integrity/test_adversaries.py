"""Each adversary is played, and what those who look say afterwards is what the page of integrity says they do."""

from __future__ import annotations

import pytest

from tests.integrity import (  # noqa: F401 - each fills the table
    against_the_log,
    in_the_database,
    on_github,
    on_the_server,
    with_an_archive,
)
from tests.integrity.page import has_words, rows
from tests.integrity.scene import NOBODY, PLAYED, SEALED, scene

pytestmark = pytest.mark.slow  # a life each: `make long`


@pytest.mark.parametrize("number", PLAYED)
def test_each_adversary_ends_as_the_page_says(number, tmp_path):
    with scene(tmp_path, sealed=number in SEALED) as play:
        seen = PLAYED[number](play)
    told = rows()[number].sightings
    assert set(told) <= set(seen), "the page names somebody who was not asked"
    for who, sentence in told.items():
        said = who == NOBODY or has_words(seen[who], sentence)
        assert said, f"{who} does not say « {sentence} », but:\n{_visible(seen[who])}"


def _visible(said):
    """The last lines that people see."""
    return "\n".join(line for line in said.splitlines() if line and not line.startswith("<!--"))[-3000:]
