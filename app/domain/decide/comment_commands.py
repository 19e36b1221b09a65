"""Reads the commands of a comment; an error of the reader affects that comment only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.decide.reasons import Reason
from app.domain.product.facts import CommandRefused, comment_id_of
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import ProductState
from app.domain.reading.command_types import (
    Adapt,
    AnswerItem,
    Command,
    Confirm,
    Contest,
    Doubt,
    Doubtful,
    Near,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Resume,
    Reuse,
    SetAside,
)
from app.domain.reading.commands import Parsed, parse
from app.domain.reading.session_table import EVERY_WORD, SESSION_TYPES
from app.domain.reading.text import normalised

UNREADABLE = Doubt.UNREADABLE
LATER: Mapping[type[Command], str] = {
    AnswerItem: "answer",
    Confirm: "confirm",
    Reuse: "reuse",
    Adapt: "adapt",
    SetAside: "aside",
    Near: "near",
    Rectify: "rectify",
    RectifyLift: "rectify",
    Contest: "contest",
    Override: "override",
    Pause: "pause",
    Resume: "resume",
    **SESSION_TYPES,
}
"""Commands that came after the first release, by their rows."""


@dataclass(frozen=True)
class Unreadable(Parsed):
    """A comment that made the reader fail, and the error, for the log."""

    error: Exception | None = field(default=None, compare=False, repr=False)


def heard(comment: Comment, ignored: frozenset[str] = frozenset()) -> tuple[Parsed, ...]:
    """The commands of a comment; if the reader fails, one question to the author, and nothing counts."""
    try:
        return parse(comment.body, via_email=comment.via_email, ignored=ignored)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told by whoever asked
        return (Unreadable(Doubtful(UNREADABLE), text_key(comment), error),)


def text_key(comment: Comment) -> str:
    """A key that depends on the text only, so that the same text is asked about once."""
    return hashlib.sha256(f"{UNREADABLE}\n{comment.body}".encode(errors="replace")).hexdigest()[:12]


def texts_unread(state: ProductState) -> frozenset[tuple[int, str]]:
    """Texts that could not be read, as their authors were told: a better reader must not obey them later."""
    return frozenset((fact.comment, _key(fact)) for fact in state.refusals if fact.reason == UNREADABLE)


def unknown_commands(state: ProductState) -> dict[tuple[int, str], datetime]:
    """The commands of today that a former version told it did not know: by comment and row, when."""
    refused = (fact for fact in state.refusals if fact.reason == Reason.UNKNOWN_COMMAND)
    rows = ((fact, EVERY_WORD.get(normalised(dict(fact.details).get("word", "")))) for fact in refused)
    return {(fact.comment, row.name): fact.at for fact, row in rows if row}


def was_unknown(command: Command, comment: Comment, known: Mapping[tuple[int, str], datetime]) -> bool:
    """Whether a comment was told so and not rewritten since: it keeps the answer that it had."""
    name = command.name if isinstance(command, Doubtful) else LATER.get(type(command), "")
    at = known.get((comment.id, name))
    return at is not None and (comment.edited_at is None or comment.edited_at <= at)


def is_answered(comment: Comment, causes: Collection[str]) -> bool:
    """Whether a comment nobody edited was read before: if the reader fails on it now, it asks nothing."""
    return comment.edited_at is None and any(comment_id_of(cause) == comment.id for cause in causes)


def unread(issue: Issue, state: ProductState) -> Iterator[int]:
    """Comments that still hold an unreadable text; all of them when the issue's comments are unknown."""
    former = state.former_comments
    bodies = {former.get(comment.id, comment.id): comment for comment in issue.comments}
    for number, key in sorted(texts_unread(state)):
        comment = bodies.get(number)
        if not bodies or (comment is not None and text_key(comment) == key):
            yield comment.id if comment else number


def _key(fact: CommandRefused) -> str:
    return [*fact.cause.split(":"), "", "", ""][2]
