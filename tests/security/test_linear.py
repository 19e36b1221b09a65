"""No text makes Jalon slow: every pattern and every reader of the package, found by walking it, is linear."""

from __future__ import annotations

import sys

import pytest

from app.domain.reading.commands import parse
from app.domain.reading.conditions import unread_day
from tests.security import linear

PATTERNS, READERS = {one.place: one for one in linear.patterns()}, linear.readers()
OPERATOR = {"local_github/faults.py: re.compile(fault.match)", "local_github/faults.py: re.search(rule.match, about)"}
"""What whoever starts the local GitHub gives on the command line."""
FORMS = {"app/domain/policy/document.py: re.fullmatch(pattern, node.value)"}
"""The reader of a policy: the forms it is given are found where they are given."""
CEILINGS = {
    "app.yaml_documents.": 5.0,
    "app.importing.mapping.": 5.0,
    "app.setup.forms.": 5.0,
    "local_github.pages.forms.": 5.0,
    "local_github.pages.markdown.": 5.0,
}
"""Seconds for whole languages, read by libraries that take a millisecond for some fifty characters."""
CEILING_S = 0.4
"""For readers: several patterns each, on a machine that does something else too."""


def test_all_are_found(capsys):
    with capsys.disabled():
        sys.stdout.write(f"\nlinear: {len(PATTERNS)} patterns and {len(READERS)} readers found in the package\n")
    for known in ("app.logs._TOKENS", "app.turns.wakeup.REPOSITORY", "local_github.pages.markdown.TASK"):
        assert known in PATTERNS
    assert {"app.domain.reading.commands.parse", "local_github.pages.markdown.to_html"} <= set(READERS)


def test_no_pattern_escapes_by_being_made_from_parts():
    assert set(linear.made_elsewhere()) <= OPERATOR | FORMS


@pytest.mark.parametrize("place", PATTERNS)
def test_a_pattern_has_no_repetitions_that_share_one_text(place):
    assert linear.flaws(PATTERNS[place].pattern) == []


@pytest.mark.slow
@pytest.mark.parametrize("place", PATTERNS)
def test_twice_the_text_takes_a_pattern_twice_the_time(place):
    found = PATTERNS[place]
    texts = linear.hostile(found.pattern)
    for use in sorted(found.uses):
        assert linear.slow(getattr(found.pattern, use), texts) == ""


def ceiling(place):
    return next((seconds for room, seconds in CEILINGS.items() if place.startswith(room)), CEILING_S)


@pytest.mark.slow
@pytest.mark.parametrize(
    "place",
    [pytest.param(one, marks=pytest.mark.slow) if ceiling(one) > CEILING_S else one for one in READERS],
)
def test_twice_the_text_takes_a_reader_twice_the_time(place):
    assert linear.slow(linear.told(READERS[place]), linear.texts(), ceiling(place)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("via_email", [False, True])
@pytest.mark.parametrize("before", ["", "@jalon /go sous réserve :\n- Sécurité : "])
def test_twice_the_comment_takes_its_reading_twice_the_time(before, via_email):
    """From the body to the commands, whether it was typed on the web or came by mail."""

    def reading(text: str) -> object:
        return parse.__wrapped__(before + text, via_email=via_email)

    assert linear.slow(linear.told(reading), linear.texts(), CEILING_S) == ""


def test_many_different_days_are_looked_for_in_one_reading():
    dates = (f"{day}/{month}/{year}" for year in range(2000, 2012) for month in range(1, 13) for day in range(1, 29))
    days = " ".join(f"avant le {date}" for date in dates)

    def reading(text: str) -> object:
        return unread_day(days[: len(text)])

    assert linear.slow(reading, [("", "a", "")], CEILING_S) == ""


BAD = {
    r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$": "match",
    r"^\s*[-*]\s+\[[xX]\]\s+(.+?)\s*$": "findall",
    r"(?:a+)+$": "match",
    r"(?:a|b*)*c": "match",
    r"eyJ[\w-]+\.[\w-]+": "findall",
    r"\s+$": "search",
    r"<!--.*?-->": "findall",
    r'[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"': "search",
}
GOOD = {r"\s++(?:#|$)": "match", r"[a-z0-9]++(?:-[a-z0-9]++)*+": "fullmatch", r"<!--|-->": "findall", r"\w+": "findall"}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "use"), BAD.items(), ids=BAD)
def test_patterns_known_to_be_slow_are_caught(text, use):
    """By their construction or by the clock; those that would never end, by their construction alone."""
    pattern = linear.re.compile(text, linear.re.DOTALL)
    assert linear.flaws(pattern) or linear.slow(getattr(pattern, use), linear.hostile(pattern))


@pytest.mark.parametrize(("text", "use"), GOOD.items(), ids=GOOD)
def test_patterns_known_to_be_quick_are_let_through(text, use):
    pattern = linear.re.compile(text)
    assert linear.flaws(pattern) == []
    assert linear.slow(getattr(pattern, use), linear.hostile(pattern)) == ""
