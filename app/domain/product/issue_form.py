"""Reading the answers of an issue form back out of an issue's body, however it was edited since."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from app.domain.policy.model import Question
from app.domain.reading.comment_lines import PARSER
from app.domain.reading.text import normalised

EMPTY = {"", "_no response_", "none", "_aucune reponse_"}
UNTICKED = re.compile(r"[ \t]*[-*+][ \t]+\[ \][ \t]")
BOX = re.compile(r"\[([ xX])\][ \t]+(\S.*)")
_comparable = lru_cache(maxsize=1024)(normalised)
"""Of the labels of questions: they are few, and compared at each reading of each issue."""
Sections = tuple[tuple[str, tuple[str, ...]], ...]


def _sections(body: str) -> Sections:
    found = _read(body)
    return () if isinstance(found, Exception) else found


def failure(body: str) -> Exception | None:
    """What the reader failed on, if it did: the body then answers nothing, and all else goes on."""
    found = _read(body)
    return found if isinstance(found, Exception) else None


@lru_cache(maxsize=256)
def _read(body: str) -> Sections | Exception:
    try:
        return _titled(body)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told by whoever asked
        return error


def _titled(body: str) -> Sections:
    """Each title of a body, as compared, with the lines below it up to the next; titles in code or hidden are none."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    lines, tokens = text.split("\n"), PARSER.parse(text)
    found: list[tuple[str, int, int]] = []
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map and opening.markup.startswith("#"):
            found.append((normalised(content.content), opening.map[0], opening.map[1]))
    ends = [*(first for _, first, _ in found), len(lines)][1:]
    return tuple((title, tuple(lines[first:end])) for (title, first, _), end in zip(found, ends, strict=True))


def answers(body: str, questions: Iterable[Question]) -> dict[str, str]:
    """Each answered question with its answer; a heading typed inside an answer is part of that answer.

    GitHub writes « ### question », an empty line, the answer; `_No response_` when there is none. Only known headings
    start an answer, outside code fences, and the first of two equal headings wins.
    """
    ids = {_comparable(label): question.id for question in questions for label in question.labels}
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for title, lines in _sections(body):
        question = ids.get(title)
        if question is not None and question not in found:
            current = found[question] = [*lines[1:]]
        else:
            current.extend(lines)
    return {question: text for question, lines in found.items() if (text := _answer(lines))}


def _shown(text: str) -> str:
    """The text without its hidden comments; behind one that never ends, there is none to look for."""
    parts, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[place:start])
        place = end + 3
    return "".join((*parts, text[place:]))


def _answer(lines: list[str]) -> str:
    """The text of an answer, or nothing when the person left it empty; boxes left unticked do answer."""
    text = _shown("\n".join(lines)).strip()
    return "" if normalised(text) in EMPTY else text


def ticked(answer: str) -> tuple[str, ...]:
    """The boxes ticked in an answer, in its own words."""
    return tuple(text for is_ticked, text in _boxes(answer) if is_ticked)


@lru_cache(maxsize=256)
def _boxes(answer: str) -> tuple[tuple[bool, str], ...]:
    """The boxes of the lists of an answer, in order: whether each is ticked, and its words; none that fails."""
    try:
        tokens = PARSER.parse(answer)
    except Exception:  # noqa: BLE001 - an answer that nobody can read has no box
        return ()
    heads = [
        content.content.partition("\n")[0]
        for item, _, content in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if item.type == "list_item_open" and content.type == "inline"
    ]
    return tuple((match[1] != " ", match[2].rstrip()) for head in heads if (match := BOX.match(head)))


def gaps(body: str, questions: Iterable[Question]) -> tuple[Question, ...]:
    """The required questions left without an answer; some are required only of the forms that ask them."""
    questions = tuple(questions)
    given, asked = answers(body, questions), _headings(body)
    return tuple(
        question
        for question in questions
        if question.required
        and not _is_filled(given.get(question.id, ""))
        and (not question.only_if_asked or _is_asked(question, asked))
    )


def _is_filled(answer: str) -> bool:
    """Boxes left unticked answer « none », which a required question does not take."""
    boxes = _boxes(answer)
    return bool(answer) and (not boxes or any(is_ticked for is_ticked, _ in boxes) or _has_words(answer))


def _has_words(answer: str) -> bool:
    """Whether something is written beside the boxes."""
    return any(line.strip() and not UNTICKED.match(line) for line in answer.split("\n"))


def is_filed_by_form(body: str, questions: tuple[Question, ...]) -> bool:
    """Whether a body came out of the form: it holds at least half of the headings that every form has."""
    common = [question for question in questions if question.required and not question.only_if_asked]
    asked = _headings(body)
    return bool(common) and 2 * sum(_is_asked(question, asked) for question in common) >= len(common)


def _headings(body: str) -> set[str]:
    return {title for title, _ in _sections(body)}


def _is_asked(question: Question, headings: set[str]) -> bool:
    return any(_comparable(label) in headings for label in question.labels)
