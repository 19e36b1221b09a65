"""A number and its noun agree wherever they are said: never « 1 issues », never “1 seats”."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.messages import environment
from app.messages.counting import counted

APP = Path(__file__).parents[2] / "app"
SPOKEN = ("cli", "doctor", "importing", "messages", "setup")
SPACE = "[ \u00a0]"
IN_CODE = re.compile(rf"(?<!\{{)\{{([^{{}}\"]*)\}}{SPACE}([^\W\d_]+[sx])\b")
IN_TEMPLATE = re.compile(rf"\{{\{{([^}}]*)\}}\}}\**{SPACE}([^\W\d_]+[sx])\b")
ALIKE = {
    "avis",
    "des",
    "fois",
    "is",
    "was",
    "has",
    "pas",
    "sans",
    "sous",
    "depuis",
    "inclus",
    "https",
    "dans",
    "plus",
    "mois",
    "alors",
    "does",
    "stays",
    "speaks",
    "replaces",
    "goes",
    "asks",
    "signs",
    "as",
    "dès",
    "Grounds",
    "Motifs",
}
"""Written so whatever the number, or no noun."""
SEVERAL = {
    "d.length": "too long a text: dozens of characters, at the least",
    "d.found": "too long a list",
    "d.people": "more persons than one can be",
    "d.most": "a limit of Jalon's own",
    "d.least": "a limit of Jalon's own",
    "d.words": "a count is doubted from two on",
    "d.near": "a limit of Jalon's own, or what was read after it",
    "notice.people": "under a condition that tells one from several",
    "notice.required_left": "under a condition that tells one from several",
    "len(what) - 3": "under a condition: two at the least",
    "count": "the doctor has a sentence for one",
    "w.needed": "where one person is needed, one who spoke is enough",
    '"n’est exigée que des" if d.after else "est exigée de tous les"': "no number: one of two beginnings",
    "number(p.states)|raw": "one seat has five votes already",
    "n.people": "where one person is needed, one who holds a seat is enough",
    "KEY_LIMIT": "a limit of Jalon's own",
    "TITLE_LIMIT": "a limit of Jalon's own",
    "TEXT_LIMIT": "a limit of Jalon's own",
}


def _said() -> list[tuple[str, str, str]]:
    """Each number followed by a plural: where, the number, the noun."""
    found = []
    for room in SPOKEN:
        for path in sorted((APP / room).rglob("*")):
            pattern = {".py": IN_CODE, ".j2": IN_TEMPLATE}.get(path.suffix)
            if pattern:
                text = path.read_text(encoding="utf-8")
                found += [(str(path.relative_to(APP)), one[1].strip(), one[2]) for one in pattern.finditer(text)]
    return found


def test_a_plural_never_follows_a_number_that_may_be_one() -> None:
    wrong = [one for one in _said() if one[2] not in ALIKE and one[1] not in SEVERAL]
    assert wrong == []


def test_each_exception_is_still_met() -> None:
    assert {number for _, number, noun in _said() if noun not in ALIKE} == SEVERAL.keys()


@pytest.mark.parametrize(
    ("language", "told"),
    [("fr", ["0 siège", "1 siège", "2 sièges"]), ("en", ["0 seats", "1 seat", "2 seats"])],
)
def test_none_is_one_in_french_and_several_in_english(language: str, told: list[str]) -> None:
    nouns = ("siège", "sièges") if language == "fr" else ("seat", "seats")
    assert [counted(number, *nouns, language) for number in range(3)] == told
    filtered = environment(language).filters["counted"]
    assert [filtered(number, *nouns) for number in ("0", "1", "2")] == told
