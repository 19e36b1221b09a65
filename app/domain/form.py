"""Reading the answers of an issue form back out of an issue's body, however it was edited since."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.policy import Question
from app.domain.speech import Fence, code_after
from app.domain.words import plain

HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
EMPTY = {"", "_no response_", "none", "_aucune reponse_"}
TICKED = re.compile(r"^\s*[-*]\s+\[[xX]\]\s+(.+?)\s*$", re.MULTILINE)
UNTICKED = re.compile(r"^\s*[-*]\s+\[ \]\s")


def answers(body: str, questions: Iterable[Question]) -> dict[str, str]:
    """Each answered question with its answer; a heading typed inside an answer is part of that answer.

    GitHub writes « ### question », an empty line, the answer; `_No response_` when there is none. Only known headings
    start an answer, outside code fences, and the first of two equal headings wins.
    """
    ids = {plain(label): question.id for question in questions for label in question.labels}
    found: dict[str, list[str]] = {}
    current: list[str] = []
    fence: Fence | None = None
    for line in _shown(body.replace("\r\n", "\n")).split("\n"):
        fence = code_after(fence, line)
        heading = None if fence else HEADING.match(line)
        question = ids.get(plain(heading[1])) if heading else None
        if question is not None and question not in found:
            current = found[question] = []
        else:
            current.append(line)
    return {question: text for question, lines in found.items() if (text := _answer(lines))}


def _shown(body: str) -> str:
    """The body without its hidden comments; after the last that ends, there is none to look for: it stays linear."""
    hidden, end, rest = body.rpartition("-->")
    return re.sub(r"<!--.*?-->", "", hidden + end, flags=re.DOTALL) + rest


def _answer(lines: list[str]) -> str:
    """The text of an answer, or nothing when the person left it empty or ticked no box."""
    text = "\n".join(lines).strip()
    filled = [line for line in text.split("\n") if line.strip() and not UNTICKED.match(line)]
    return "" if plain(text) in EMPTY or not filled else text


def ticked(answer: str) -> tuple[str, ...]:
    """The boxes ticked in an answer, in its own words."""
    return tuple(TICKED.findall(answer))


def gaps(body: str, questions: Iterable[Question]) -> tuple[Question, ...]:
    """The required questions left without an answer; some are required only of the forms that ask them."""
    questions = tuple(questions)
    given, asked = answers(body, questions), _headings(body)
    return tuple(
        question
        for question in questions
        if question.required and question.id not in given and (not question.only_if_asked or _is_asked(question, asked))
    )


def is_filed_by_form(body: str, questions: tuple[Question, ...]) -> bool:
    """Whether a body came out of the form: it holds at least half of the headings that every form has."""
    common = [question for question in questions if question.required and not question.only_if_asked]
    asked = _headings(body)
    return bool(common) and 2 * sum(_is_asked(question, asked) for question in common) >= len(common)


def _headings(body: str) -> set[str]:
    return {plain(match[1]) for line in body.splitlines() if (match := HEADING.match(line))}


def _is_asked(question: Question, headings: set[str]) -> bool:
    return any(plain(label) in headings for label in question.labels)
