"""The commands of a session's issue, in one table like those of products; and which words are heard where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.reading import absence, attendance, session_lines
from app.domain.reading.command_table import FIRST, SAFE, WORDS, CommandRow
from app.domain.reading.command_types import (
    AgreeSubstitute,
    BeginSession,
    Command,
    DeclareAbsence,
    DescribeSession,
    EndAbsence,
    EndSession,
    OrderItems,
    SetAttendance,
)
from app.domain.reading.suggestions import MEANINGS

SESSION_COMMANDS: tuple[CommandRow, ...] = (
    CommandRow("attendance", ("emargement", "emarger", "attendance"), "secretariat", attendance.attendance),
    CommandRow("meeting", ("seance", "session", "meeting"), "secretariat", session_lines.describe),
    CommandRow("begin", ("debut", "begin", "start"), "secretariat", session_lines.hour(BeginSession)),
    CommandRow("end", ("fin", "end"), "secretariat", session_lines.hour(EndSession)),
    CommandRow("order", ("ordre", "order"), "secretariat", session_lines.order),
    CommandRow("agree", ("accord", "agree"), "secretariat", absence.agree),
    CommandRow("absence", ("absence", "absent", "absente", "away"), "seat", absence.absence),
    CommandRow("back", ("retour", "back"), "seat", absence.back),
)
SESSION_TYPES: Mapping[type[Command], str] = {
    SetAttendance: "attendance",
    DescribeSession: "meeting",
    BeginSession: "begin",
    EndSession: "end",
    OrderItems: "order",
    AgreeSubstitute: "agree",
    DeclareAbsence: "absence",
    EndAbsence: "back",
}
"""The row of each."""
SESSION_WORDS = {word: row for row in SESSION_COMMANDS for word in row.words}
EVERY_WORD: Mapping[str, CommandRow] = WORDS | SESSION_WORDS


@dataclass(frozen=True)
class CommandTable:
    """`words` begin a command where this is the table, `own` those that belong there; the others are answered too."""

    words: Mapping[str, CommandRow]
    own: Mapping[str, CommandRow]
    safe: frozenset[str]
    first: tuple[str, ...]
    """What an unknown word may be taken for."""
    takes_bare: bool
    """Whether a command that lacks its slash alone is asked about."""


OF_PRODUCT = CommandTable(
    {**WORDS, **{word: row for word, row in SESSION_WORDS.items() if word not in MEANINGS}},
    WORDS,
    SAFE,
    FIRST,
    takes_bare=True,
)
"""« /accord » on a product means a vote, and is asked about."""
OF_SESSION = CommandTable(
    EVERY_WORD,
    SESSION_WORDS,
    frozenset(SESSION_WORDS),
    tuple(row.words[0] for row in SESSION_COMMANDS),
    takes_bare=False,
)
