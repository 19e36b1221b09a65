"""How what may already answer a need is named: numbers of lines, « #12 », an id or a name, then a reason."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.reading import numerals
from app.domain.reading.command_types import Adapt, Command, Doubt, Near, Reuse, SetAside
from app.domain.reading.courtesy import is_idle, is_silent
from app.domain.reading.grammar import Block, Reader, is_taken_back, typed
from app.domain.reading.text import clipped, normalised

NAME_LIMIT = 200
"""Characters of a name: beyond, it is a sentence."""
LINE_WORDS = re.compile(
    r"\s*+(?:(?:(?:les?|la|the|lignes?|lines?|pistes?|leads?|num[ée]ros?|numbers?)\b|n[°º]s?)\s*+)*+", re.IGNORECASE
)
CANDIDATE = re.compile(r"(#?+\d{1,7})(?![\w%°º-]|[.,/]\d)")
JOINED = re.compile(r"\s*+(?:[,;&+]|\b(?:et|and|puis)\b)++\s*+", re.IGNORECASE)
REASON_BEGINS = re.compile(
    r"\s*+(?:$|[:.;,)(—–-]|(?:parce|car|puisque|comme|because|since|as|pour|for|with|avec|sans|without)\b)",
    re.IGNORECASE,
)
"""What follows the last number when it is one more of the list, and not what a sentence begins with."""
NAME_ENDS = re.compile(r":(?=\s)|(?<=\s):|(?<=\s)[—–](?=\s)|\n")
WRAPPED = " \t.,;!«»“”\"'`*_\u00a0\u202f"


def naming_candidates(kind: type[Reuse | Adapt | SetAside | Near]) -> Reader:
    """A command that names one or several candidates, and may say why."""

    def read(block: Block) -> Command:
        block = block.moved
        if is_silent(block.text):
            return kind()
        refs, rest, doubt = _numbers(block.text)
        if doubt:
            return block.doubt(doubt, Doubt.UNSPLIT, doubt)
        if not refs:
            return _by_name(kind, block)
        said = replace(block, text=rest).first_words
        is_told = ":" not in block.text[: len(block.text) - len(rest)]
        is_strict = kind is not SetAside and is_told
        if said and (numerals.EXCEPT.match(normalised(said)) or is_taken_back(said, strictly=is_strict)):
            return block.doubt(said)
        written, raw, _ = _numbers(block.raw)
        return kind(refs, typed(raw if written == refs else rest, block.below))

    return read


def _numbers(text: str) -> tuple[tuple[str, ...], str, str]:
    """The numbers a text begins with, what follows them, and the words that may be one number more or a sentence."""
    found: dict[str, None] = {}
    end, place, joined, doubt = 0, _past(text, 0), True, ""
    while match := CANDIDATE.match(text, place):
        ref, end = match[1] if match[1][0] == "#" else str(int(match[1])), match.end()
        if not doubt and not joined and ref[0] != "#" and not _goes_on(text, end):
            doubt = f"{next(reversed(found))} {ref}"
        found[ref] = None
        after = JOINED.match(text, end)
        joined, place = after is not None, _past(text, after.end() if after else end)
    return tuple(found), text[end:].lstrip(" :—–-,.;)"), doubt


def _past(text: str, place: int) -> int:
    found = LINE_WORDS.match(text, place)
    return found.end() if found else place


def _goes_on(text: str, end: int) -> bool:
    """Whether a number that no comma announced is surely one of the list: another follows, or a reason begins."""
    return bool(REASON_BEGINS.match(text, end) or CANDIDATE.match(text, _past(text, end)))


def _by_name(kind: type[Reuse | Adapt | SetAside | Near], block: Block) -> Command:
    """The name up to a colon, a dash or the end of the line. Without any, only those who know the names can tell."""
    if is_taken_back(block.text, strictly=True):
        return block.doubt(block.text)
    shown = NAME_ENDS.search(block.text)
    name = block.text[: shown.start()] if shown else block.text
    typed_end = NAME_ENDS.search(block.raw)
    reason = block.raw[typed_end.end() :] if typed_end and shown else ""
    name = clipped(name.strip(WRAPPED), NAME_LIMIT)
    if is_idle(name):
        return block.doubt(block.text)
    return kind((name,), typed(reason, block.below))
