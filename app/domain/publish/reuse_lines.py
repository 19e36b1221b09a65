"""What may already answer a need, line by line, as the first comment shows it: to be answered, or answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.product.reuse import ReuseCandidate
from app.domain.product.reuse_facts import Suggestion
from app.domain.product.state import ProductState
from app.domain.reading.text import clipped
from app.domain.reuse.catalogue import COMMON

SHOWN_REASON = 300


@dataclass(frozen=True)
class ReuseLine:
    """`number` is what a person types; 0 for what its people named by themselves. `words` are those to be seen first.

    `issue` is the number of a product's issue, `ended` the day it came to its end.
    """

    number: int
    name: str
    link: str = ""
    is_common: bool = False
    owner: str = ""
    issue: int = 0
    line: str = ""
    words: tuple[str, ...] = ()
    door: str = ""
    by: str = ""
    why: str = ""
    ended: date | None = None
    answer: str = ""
    reason: str = ""


def suggestion_lines(state: ProductState) -> tuple[ReuseLine, ...]:
    """In the order of their numbers, then those that people named; a line dropped is shown no longer."""
    found = (_line(one) for one in state.reuse.candidates.values() if one.answers or one.awaits)
    return tuple(sorted(found, key=lambda one: one.number or state.reuse.last + 1))


def _line(one: ReuseCandidate) -> ReuseLine:
    shown = one.shown
    line = ReuseLine(shown.number if shown else 0, one.name, is_common=one.ref.startswith(COMMON))
    if shown:
        line = _told(line, shown)
    if answer := one.answer:
        link = line.link or answer.link
        reason = clipped(answer.reason, SHOWN_REASON)
        return replace(line, link=link, answer=answer.answer, reason=reason, line="", words=(), why="")
    return line


def _told(line: ReuseLine, shown: Suggestion) -> ReuseLine:
    return replace(
        line,
        link=shown.link,
        owner=shown.owner,
        issue=_issue(shown),
        line=shown.line,
        words=shown.words,
        door=shown.door,
        by=shown.by,
        why=shown.why,
        ended=date.fromisoformat(shown.ended) if shown.ended else None,
    )


def _issue(shown: Suggestion) -> int:
    _, found, number = shown.link.rpartition("/issues/")
    return int(number) if found and number.isdecimal() and not shown.ref.startswith(COMMON) else 0
