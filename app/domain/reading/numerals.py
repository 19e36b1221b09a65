"""Numbers of a list as people write them: « 1 à 5 », « 1-5 », « 1, 2 et 4 », « n° 3 », « les points 2 et 7 »."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.reading.text import normalised, vocabulary

SPAN = re.compile(
    r"(?:n[°ºo]\s*|#\s*)?(\d{1,3})(?:\s*(?:\bà\b|\bau?\b|\bto\b|\bthrough\b|…|\.{2,3})\s*|[-–—‐‑])(\d{1,3})(?![\w%-])"
    r"(?![/.,]\d)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:n[°ºo]s?\s*|#\s*)?(\d{1,3})(?![\w°º%-])(?![/.]\d)", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+(?![\w])", re.IGNORECASE)
JOIN = re.compile(r"\s*+(?:[,;&+]|\b(?:et|and|puis|ainsi que)\b)++\s*+", re.IGNORECASE)
FILLER = re.compile(
    r"\s*(?:\b(?:les?|la|des?|du|from|the|points?|items?|cases?|num[ée]ros?|numbers?|r[ée]serves?|conditions?|"
    r"reservations?)\b|l['’]|n[°º]s?(?=\s*\d))\s*",
    re.IGNORECASE,
)
COUNTED = re.compile(r"\s+([^\W\d_]{4,}[sx])\b", re.IGNORECASE)
"""« et 12 pages »: a number that may count what follows it."""
NOT_COUNTED = vocabulary(
    "sans nous vous elles dans tous toutes tres hors vers puis alors mais leurs plus apres depuis jamais parmi does "
    "this pass unless always was"
)
EXCEPT = re.compile(
    r"[\s,;(]*(?:ou|or|sauf|except|hors|hormis|mais pas|but not|pas|jusqu'a|a l'exception d[eu])\s++"
    r"(?:les?\s++|the\s++|n°?\s*+|points?\s++)*+\d"
)
"""What takes back some of the numbers that came before, or leaves a choice."""
BLANK = re.compile(r"[\s.]+")
WIDEST = 200


@dataclass(frozen=True)
class LeadingNumbers:
    """The numbers and ids a text begins with, and what follows them.

    `doubt` is set when a number follows without a comma, and may as well begin the sentence: « 4 5 agents ».
    """

    items: tuple[str, ...]
    rest: str
    doubt: str = ""


def listed_numbers(text: str) -> LeadingNumbers:
    """Read where nothing but numbers and ids is expected."""
    return _Scan(text).run(in_prose=False)


def leading(text: str) -> LeadingNumbers:
    """Read where a sentence follows; a colon tells for certain where the numbers end."""
    head, colon, tail = text.partition(":")
    before = listed_numbers(head)
    if colon and before.items and not before.rest.strip(" .,)"):
        return LeadingNumbers(before.items, tail.strip())
    return _Scan(text).run(in_prose=True)


def _counts(rest: str) -> bool:
    """Whether the words after a number may be what it counts: « 12 pages de preuves »."""
    match = COUNTED.match(rest)
    return bool(match) and match is not None and normalised(match[1]) not in NOT_COUNTED


class _Scan:
    """Reads from left to right; each character once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items: dict[str, None] = {}
        self.last_alone = ""
        self.place = self.end = 0

    def run(self, *, in_prose: bool) -> LeadingNumbers:
        doubt = ""
        while True:
            joined = self._skip()
            if in_prose and self.items and not joined:
                doubt = self._next_number()
                break
            if not self._take(names=not (in_prose and self.items)):
                break
        rest = self.text[self.end :]
        if in_prose and not doubt and len(self.items) > 1 and self.last_alone and _counts(rest):
            del self.items[self.last_alone]
            doubt, rest = self.last_alone, f"{self.last_alone}{rest}"
        return LeadingNumbers(tuple(self.items), rest.lstrip(" :—–-,.;)"), doubt)

    def _skip(self) -> bool:
        """Past commas and small words; whether there was a comma or its like."""
        joined = not self.items
        while True:
            comma = JOIN.match(self.text, self.place)
            found = comma or FILLER.match(self.text, self.place) or BLANK.match(self.text, self.place)
            if not found or found.end() == self.place:
                return joined
            joined, self.place = joined or bool(comma), found.end()

    def _next_number(self) -> str:
        """A number higher than the last one, which may be one more or the first word of the sentence."""
        number, last = NUMBER.match(self.text, self.place), list(self.items)[-1]
        return number[1] if number and last.isdigit() and int(number[1]) > int(last) else ""

    def _take(self, *, names: bool) -> bool:
        span = SPAN.match(self.text, self.place)
        number = NUMBER.match(self.text, self.place)
        name = NAME.match(self.text, self.place) if names else None
        match = span or number or name
        if match is None:
            return False
        if span:
            first, last = int(span[1]), int(span[2])
            if not first < last <= first + WIDEST:
                return False
            found = [str(one) for one in range(first, last + 1)]
            self.last_alone = ""
        else:
            found = [str(int(number[1]))] if number else [match[0].lower()]
            self.last_alone = found[0] if number and found[0] not in self.items else ""
        self.items |= dict.fromkeys(found)
        self.place = self.end = match.end()
        return True
