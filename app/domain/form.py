"""Reading the answers of an issue form back out of an issue's body, however it was edited since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain.policy import Question
from app.domain.speech import FENCE
from app.domain.words import plain

HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
EMPTY = {"", "_no response_", "none", "_aucune reponse_"}
UNTICKED = re.compile(r"^\s*[-*]\s+\[ \]\s")


def answers(body: str, questions: Iterable[Question]) -> dict[str, str]:
    """Each answered question with its answer; a heading typed inside an answer is part of that answer.

    GitHub writes « ### question », an empty line, the answer; `_No response_` when there is none. Only known headings
    start an answer, outside code fences, and the first of two equal headings wins.
    """
    ids = {plain(label): question.id for question in questions for label in question.labels}
    found: dict[str, list[str]] = {}
    current: list[str] = []
    fence = ""
    for line in _shown(body.replace("\r\n", "\n")).split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
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


def missing(given: Mapping[str, str], questions: Iterable[Question]) -> tuple[Question, ...]:
    """The required questions left without an answer."""
    return tuple(question for question in questions if question.required and question.id not in given)


def is_filed_by_form(body: str, questions: tuple[Question, ...]) -> bool:
    """Whether a body came out of the form: it holds at least half of the form's headings."""
    headings = {plain(match[1]) for line in body.splitlines() if (match := HEADING.match(line))}
    recognised = sum(any(plain(label) in headings for label in question.labels) for question in questions)
    return bool(questions) and 2 * recognised >= len(questions)
