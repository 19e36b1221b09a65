"""The comments of a session's issue become what they say: all are read each time, and the last word of each counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.reading import dates
from app.domain.reading.command_types import (
    AgreeSubstitute,
    BeginSession,
    Command,
    DeclareAbsence,
    DescribeSession,
    Doubt,
    Doubtful,
    EndAbsence,
    EndSession,
    Help,
    OrderItems,
    SetAttendance,
    Unknown,
)
from app.domain.reading.commands import parse
from app.domain.reading.session_table import SESSION_TYPES
from app.domain.session import absences, attending
from app.domain.session.model import Absence, EarlyReturn, Session
from app.domain.session.said import CommandAnswer, People, SessionComment, SessionPlace, Told, Unheard


@dataclass
class _Reading:
    """What is known once some of the comments were read."""

    people: People
    session: Session
    memory: dict[str, str]
    absences: list[Absence] = field(default_factory=list)
    returns: list[EarlyReturn] = field(default_factory=list)
    answers: list[CommandAnswer] = field(default_factory=list)
    asked_help: bool = False
    rank: int = 0
    """How many absences the comment that is read has said."""


def session_told(
    place: SessionPlace, comments: Iterable[SessionComment], people: People, memory: Mapping[str, str]
) -> Told:
    """What they say together, in the order in which they were last written."""
    session = Session(place.repository, place.issue, place.number, place.planned, place.planned)
    reading = _Reading(people, session, dict(memory))
    for comment in sorted(comments, key=lambda one: (one.edited_at or one.at, one.id)):
        reading.rank = 0
        for command in _commands(comment, people):
            _take(reading, comment, command)
    return Told(
        reading.session,
        tuple(reading.absences),
        tuple(reading.returns),
        tuple(reading.answers),
        reading.asked_help,
        reading.memory,
    )


def asks(comment: SessionComment, ignored: frozenset[str]) -> bool:
    """Whether a comment holds a command, or words that look like one."""
    return bool(parse(comment.body, via_email=comment.via_email, ignored=ignored, at_session=True))


def _commands(comment: SessionComment, people: People) -> Iterable[Command]:
    """Those of a comment; if the reader fails on it, one question."""
    try:
        found = parse(
            comment.body, via_email=comment.via_email, ignored=people.policy.ignored_commands, at_session=True
        )
    except Exception:  # noqa: BLE001 - whatever it is, nothing counts of a comment that cannot be read
        return (Doubtful(Doubt.UNREADABLE),)
    return (one.command for one in found)


def _take(reading: _Reading, comment: SessionComment, command: Command) -> None:
    if isinstance(command, Help):
        reading.asked_help = True
        return
    row = SESSION_TYPES.get(type(command), "")
    answer = CommandAnswer(comment.id, comment.author, row)
    if comment.edited_by_other:
        answer = replace(answer, why=Unheard.TAMPERED)
    elif isinstance(command, Doubtful):
        answer = replace(answer, row=command.name, why=Unheard.DOUBT, words=command.words or command.written)
    elif isinstance(command, Unknown):
        answer = replace(answer, why=Unheard.UNKNOWN, words=command.word, near=command.suggestion)
    elif not row:
        answer = replace(answer, why=Unheard.OF_PRODUCT, words=type(command).__name__)
    else:
        answer = HANDLERS[type(command)](reading, comment, command, answer)
    reading.answers.append(answer)


def _kept_by(reading: _Reading, comment: SessionComment) -> bool:
    return reading.people.keeps(comment.author, comment.author_id)


def _secretariat(
    change: Callable[[_Reading, SessionComment, Any, CommandAnswer], CommandAnswer],
) -> Callable[..., CommandAnswer]:
    """What the secretariat alone may say."""

    def handle(reading: _Reading, comment: SessionComment, command: Any, answer: CommandAnswer) -> CommandAnswer:
        if not _kept_by(reading, comment):
            return replace(answer, why=Unheard.NOT_SECRETARIAT)
        return change(reading, comment, command, answer)

    return handle


def _attendance(
    reading: _Reading, comment: SessionComment, command: SetAttendance, answer: CommandAnswer
) -> CommandAnswer:
    found = attending.corrected(reading.session, command, reading.people, reading.people.day(comment.at))
    if isinstance(found, str):
        return replace(answer, why=Unheard.NAME_UNKNOWN, words=found)
    reading.session = found
    return answer


def _described(
    reading: _Reading, comment: SessionComment, command: DescribeSession, answer: CommandAnswer
) -> CommandAnswer:
    session = reading.session
    if command.is_cancelled:
        reading.session = replace(session, cancelled=True)
        return answer
    day = session.day
    if command.day:
        written = dates.nearest(command.day, session.planned)
        if not written:
            return replace(answer, why=Unheard.DAY_UNFIT, words=command.day)
        day = written
    place, link = command.place or session.place, command.link or session.link
    is_over = session.cancelled and not command.day  # a day given anew calls the session again
    reading.session = replace(session, day=day, place=place, link=link, cancelled=is_over)
    return answer


def _hour(
    reading: _Reading, comment: SessionComment, command: BeginSession | EndSession, answer: CommandAnswer
) -> CommandAnswer:
    hour = command.hour or _clock(comment.at, reading.people.policy.timezone)
    name = "begun" if isinstance(command, BeginSession) else "ended"
    reading.session = replace(reading.session, **{name: hour})  # type: ignore[arg-type]
    return answer


def _clock(moment: datetime, place: str) -> str:
    return f"{moment.astimezone(ZoneInfo(place)):%H:%M}"


def _order(reading: _Reading, comment: SessionComment, command: OrderItems, answer: CommandAnswer) -> CommandAnswer:
    reading.session = replace(reading.session, items=command.numbers)
    return answer


def _absence(
    reading: _Reading, comment: SessionComment, command: DeclareAbsence, answer: CommandAnswer
) -> CommandAnswer:
    reading.rank += 1
    key = f"n {comment.id} {reading.rank}"
    said = absences.declared(command, comment, reading.people, by_secretariat=_kept_by(reading, comment))
    if isinstance(said, absences.Unfit):
        return replace(answer, why=said.why, words=said.words)
    used = [int(number) for name, number in reading.memory.items() if name.startswith("n ")]
    number = int(reading.memory.setdefault(key, str(max(used, default=0) + 1)))
    issue = reading.session.number
    reading.absences += [replace(one, number=number, issue=issue, comment=comment.id) for one in said]
    return replace(answer, near=str(number))


def _agreed(
    reading: _Reading, comment: SessionComment, command: AgreeSubstitute, answer: CommandAnswer
) -> CommandAnswer:
    known = {one.number for one in reading.absences}
    if missing := [number for number in command.numbers if number not in known]:
        return replace(answer, why=Unheard.ABSENCE_UNKNOWN, words=", ".join(map(str, missing)))
    meant = [one for one in reading.absences if one.number in command.numbers]
    if any(one.login.lower() == comment.author.lower() for one in meant):
        return replace(answer, why=Unheard.OWN_ABSENCE)
    changed = False
    for number in command.numbers:
        content = absences.agreed_content(one for one in meant if one.number == number)
        agreed_to = reading.memory.setdefault(f"a {comment.id} {number}", content)
        changed |= agreed_to != content
    if changed:
        return replace(answer, why=Unheard.ABSENCE_CHANGED)
    reading.absences = [
        replace(one, is_agreed=True) if one.number in command.numbers else one for one in reading.absences
    ]
    return answer


def _back(reading: _Reading, comment: SessionComment, command: EndAbsence, answer: CommandAnswer) -> CommandAnswer:
    said = absences.returned(command, comment, reading.people, by_secretariat=_kept_by(reading, comment))
    if isinstance(said, absences.Unfit):
        return replace(answer, why=said.why, words=said.words)
    reading.returns += said
    return answer


HANDLERS: Mapping[type[Command], Callable[..., CommandAnswer]] = {
    SetAttendance: _secretariat(_attendance),
    DescribeSession: _secretariat(_described),
    BeginSession: _secretariat(_hour),
    EndSession: _secretariat(_hour),
    OrderItems: _secretariat(_order),
    AgreeSubstitute: _secretariat(_agreed),
    DeclareAbsence: _absence,
    EndAbsence: _back,
}
