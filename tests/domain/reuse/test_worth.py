"""The figures of `python -m benchmarks.reuse`, on the filings judged by hand, where they are at hand."""

from __future__ import annotations

import pytest

from app.domain.policy.model import ReuseSettings
from benchmarks import reuse

pytestmark = pytest.mark.skipif(
    not (reuse.DATA / "depots.csv").exists(), reason="the filings judged by hand are not beside the repository"
)


@pytest.fixture(scope="module")
def known():
    return reuse.truth(reuse.DATA)


def test_filings_drawn_at_random_are_seldom_spoken_to_and_well(known):
    filings = reuse.judged(known)
    at_random = reuse.worth([one for one in filings if one.is_random], ReuseSettings().least)
    every = reuse.worth(filings, ReuseSettings().least)
    assert at_random.spoken * 3 <= at_random.filings
    assert at_random.wrong * 60 <= 4 * at_random.filings
    assert at_random.good >= 0.7 * at_random.lines
    assert every.good >= 0.7 * every.lines
    assert every.found >= 0.24 * every.duplicates


def test_named_products_are_linked_and_ordinary_words_are_not(known):
    linked, told, _, false = reuse.named(known, reuse.commons())
    assert linked >= 0.9 * told
    assert false == 0


def test_needs_that_nothing_answers_are_left_alone(known):
    catalogue = reuse.commons()
    spoken, _, _ = reuse.answered(known, catalogue, reuse.shipped(reuse.DATA, catalogue))
    assert sum(spoken) * 29 <= 3 * len(spoken)


def test_thirty_filings_that_share_a_paragraph_suggest_nothing():
    assert reuse.trapped() == 0
