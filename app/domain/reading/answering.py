"""How the text of an answer to an item is read: one number, then every word up to the next command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.domain.reading import numerals
from app.domain.reading.command_types import AnswerItem, Command, Confirm, Doubt, Doubtful
from app.domain.reading.comment_lines import CommentLine
from app.domain.reading.courtesy import is_idle, is_silent
from app.domain.reading.grammar import TAKEN_BACK, WORDS_LIMIT, Block, ticking
from app.domain.reading.text import clipped, normalised

MORE = re.compile(r"\s*(?:[,;&+]|\bet\b|\band\b|\bà\b|\bau\b|\bto\b)\s*(?:n[°º]\s*|#\s*)?(\d{1,3})\b", re.IGNORECASE)
"""« 3 et 5 …», « 3, 5 …»: another number of the list, or the first word of the answer."""
ADDRESSED = re.compile(r"\s*(?:(?:au|à|a|pour|sur|to|for|on|question)\s+)*", re.IGNORECASE)
BEFORE_TEXT = re.compile(r"\s*+(?:(?:[:.,;)]|[-–—](?=\s))\s*+)?")

GIVEN = re.compile(r"[/\uff0f\u2215\u2044\\] ?(?:r[ée]ponse|r[ée]pondre|answer)(?![\w-])", re.IGNORECASE)

confirm = ticking(Confirm)


def hushed(text: str) -> str:
    """A line as a question repeats it: without the words of the answer that it gives, if it gives one."""
    found = GIVEN.search(unicodedata.normalize("NFC", text))
    return f"{found[0]} …" if found else text


def answer(block: Block) -> Command:
    """« /réponse 3 texte… », the text on the line, below it, or both; nothing of it is left out."""
    block = block.moved
    number, shown = _head(block.text)
    if not number:
        return AnswerItem() if is_silent(block.text) else _doubt(block, block.text.split()[0])
    more = MORE.match(shown)
    if more:
        return _doubt(block, f"{number} {more[1]}", Doubt.UNSPLIT)
    if block.is_apart and not is_silent(shown) and ":" not in shown[:3]:  # a blank line, then « 3 personnes ont relu »
        return _doubt(block, number)
    written, raw = _head(block.raw)
    text = _whole(raw if written == number else shown, block.below)
    if normalised(text).strip(" .!") in TAKEN_BACK:
        return _doubt(block, text)
    return AnswerItem(number, text)


def _doubt(block: Block, words: str, why: Doubt = Doubt.UNREAD) -> Doubtful:
    """The words of an answer may be for a seat alone: a question never repeats them."""
    command = block.start.text.split()[0].strip("*_:")
    return Doubtful(
        why, block.name, clipped(words, WORDS_LIMIT), clipped(command, WORDS_LIMIT), clipped(words, WORDS_LIMIT)
    )


def _head(text: str) -> tuple[str, str]:
    """The number or the id a text begins with, and what follows."""
    start = ADDRESSED.match(text)
    place = start.end() if start else 0
    while (filler := numerals.FILLER.match(text, place)) and filler.end() > place:
        place = filler.end()
    found = numerals.NAME.match(text, place) or numerals.NUMBER.match(text, place)
    if not found:
        return "", text
    number = found[1] if found.re is numerals.NUMBER else found[0].lower()
    return str(int(number)) if number.isdigit() else number, text[found.end() :]


def _whole(first: str, below: tuple[CommentLine, ...]) -> str:
    """The lines of an answer as typed, nothing when there is no word among them."""
    lines = [BEFORE_TEXT.sub("", first, count=1), *_typed(below)]
    text = "\n".join(lines).strip("\n")
    return "" if is_idle(text) else text


def _typed(below: tuple[CommentLine, ...]) -> Iterator[str]:
    """The lines below, those of another paragraph apart from the former ones."""
    last = below[0].block if below else 0
    for line in below:
        if line.block != last and not line.item:
            yield ""
        last = line.block
        yield line.raw.rstrip()
