"""The five ways that RADAR looks at, read in a person's own text: what is said of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from app.domain.reading.courtesy import is_silent

WAYS = ("reuse", "adapt", "develop", "buy", "reframe")
"""In the order of the letters R, A, D, A, R."""
LETTERS = {"R": ("reuse", "reframe"), "A": ("adapt", "buy"), "D": ("develop",)}
"""What a letter alone may stand for: the first of them, then, once it or what comes after is told, the second."""
NAMES = (
    r"(?P<reuse>r[ée]utilis(?:er|ation|e)|reus(?:e|ing))|(?P<adapt>adapt(?:er|ation|ing|e)?)"
    r"|(?P<develop>d[ée]velopp?(?:er|ement|ment|ing|e)?|build)|(?P<buy>ach(?:eter|at|ète)|buy(?:ing)?)"
    r"|(?P<reframe>reformul(?:er|ation|ate|e)|refram(?:e|ing))"
)
OPENING = re.compile(
    r"[\s>#•·–—*+_-]*+(?:\d{1,2}[.)]\s*+)?(?P<bold>[*_]*+)"
    rf"(?:(?:{NAMES})(?![\w'’])|(?P<letter>[RAD])(?![\w'’.]))(?P<close>[*_]*+)\s*+(?P<colon>[:=→)]|[–—-]++>?)?",
    re.IGNORECASE,
)
"""A way at the beginning of a line."""
AMID_LINE = re.compile(rf"(?<=[;|/•·.,])\s*+[*_]*+(?:{NAMES}|(?P<letter>[RAD]))[*_]*+\s*+:", re.IGNORECASE)
"""Another one further on the same line: behind what ends a sentence, and with its colon."""
CAPITAL = re.compile(r"(?<=\s)[*_]*+(?P<word>[RAD]|[RADB][\wé]++)[*_]*+\s*+:")
"""Or behind a space alone, with a capital."""
WORD_ALONE = re.compile(NAMES, re.IGNORECASE)


def read_radar(text: str) -> Mapping[str, str]:
    """What a text says of each way, in the order of the letters; ways of which it says nothing are not there."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in unicodedata.normalize("NFC", text).split("\n"):
        for way, said in _parts(line, found):
            last = way or last
            if last:
                found.setdefault(last, []).append(said)
    whole = {way: " ".join(" ".join(found[way]).split()).strip(" ;|/,") for way in WAYS if way in found}
    return {way: said for way, said in whole.items() if not is_silent(said)}


def missing_ways(text: str) -> tuple[str, ...]:
    """The ways of which a text says nothing, in their order."""
    said = read_radar(text)
    return tuple(way for way in WAYS if way not in said)


def _parts(line: str, known: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The pieces of a line: each with the way that begins it, none for words that go on with the former one."""
    told = [*known]
    starts: list[tuple[int, int, str]] = []
    opening = OPENING.match(line)
    if opening and (way := _way(opening, told)) and _opens(opening, line, way, told):
        starts.append((opening.start(), opening.end(), way))
        told.append(way)
    for found in _further(line, starts[0][1] if starts else 0):
        if way := _way(found, told):
            starts.append((found.start(), found.end(), way))
            told.append(way)
    if not starts:
        yield "", line
        return
    if starts[0][0] > 0:
        yield "", line[: starts[0][0]]
    ends = [*(start for start, _, _ in starts), len(line)][1:]
    for (_, begin, way), end in zip(starts, ends, strict=True):
        yield way, line[begin:end].lstrip("*_ ")


def _further(line: str, after: int) -> Iterator[re.Match[str]]:
    found = {match.end(): match for match in AMID_LINE.finditer(line, after)}
    for match in CAPITAL.finditer(line, after):
        found.setdefault(match.end(), match)
    yield from (found[end] for end in sorted(found))


def _way(found: re.Match[str], told: list[str]) -> str:
    """The way that a word or a letter names; nothing for a capital that names none."""
    named = found.groupdict()
    word = named.get("word") or ""
    if len(word) > 1:
        inner = WORD_ALONE.fullmatch(word)
        return inner.lastgroup or "" if inner else ""
    letter = (word or named.get("letter") or "").upper()
    if not letter:
        return next(way for way in WAYS if named.get(way))
    first, *second = LETTERS[letter]
    is_past = any(WAYS.index(way) >= WAYS.index(first) for way in told)
    return second[0] if second and is_past else first


def _opens(found: re.Match[str], line: str, way: str, told: list[str]) -> bool:
    """Whether a line begun so is about that way: a colon or bold says it, or the word alone, or its turn has come.

    « Adapter » may begin a sentence of the way before: without a sign, it is read with a capital only, in the
    order of the letters.
    """
    if found["letter"]:
        return bool(found["colon"]) and (found["letter"].isupper())
    is_alone = is_silent(line[found.end() :])
    is_next = WAYS[: WAYS.index(way)] == tuple(told) and line[found.start(way)].isupper()
    return bool(found["colon"] or (found["bold"] and found["close"]) or is_alone or is_next)
