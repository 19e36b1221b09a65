"""The commands of a session's issue as the comments that say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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

NAMED: Mapping[str, Mapping[type[Command], str]] = {
    "fr": {
        SetAttendance: "/émargement",
        DescribeSession: "/séance",
        BeginSession: "/début",
        EndSession: "/fin",
        OrderItems: "/ordre",
        AgreeSubstitute: "/accord",
        DeclareAbsence: "/absence",
        EndAbsence: "/retour",
    },
    "en": {
        SetAttendance: "/attendance",
        DescribeSession: "/session",
        BeginSession: "/begin",
        EndSession: "/end",
        OrderItems: "/order",
        AgreeSubstitute: "/agree",
        DeclareAbsence: "/absence",
        EndAbsence: "/back",
    },
}
LABELS = {
    "fr": {
        "present": "présents : ",
        "excused": "excusés : ",
        "replaced": "remplacés : ",
        "guests": "invités : ",
        "place": "lieu : ",
        "link": "lien : ",
        "day": "date : ",
    },
    "en": {
        "present": "present: ",
        "excused": "excused: ",
        "replaced": "replaced: ",
        "guests": "guests: ",
        "place": "place: ",
        "link": "link: ",
        "day": "date: ",
    },
}
NOBODY, BY = {"fr": "aucun", "en": "none"}, {"fr": "par", "en": "by"}
CANCELLED = {"fr": "annulée", "en": "cancelled"}
PERIODS = {
    "fr": ("du {0} au {1}", "le {0}", "jusqu’au {1}", ", remplacé·e par @{0}"),
    "en": ("from {0} to {1}", "on {0}", "until {1}", ", replaced by @{0}"),
}


def session_command_text(command: Command, language: str) -> str:
    """Word for word; the parser judges whether it is read as it is meant."""
    word, labels = NAMED[language].get(type(command), ""), LABELS[language]
    match command:
        case SetAttendance():
            return "\n".join((word, *_lists(command, language)))
        case DescribeSession(is_cancelled=True):
            return f"{word} {CANCELLED[language]}"
        case DescribeSession():
            said = ((name, getattr(command, name)) for name in ("place", "link", "day"))
            return "\n".join((word, *(f"{labels[name]}{text}" for name, text in said if text)))
        case BeginSession(hour=text) | EndSession(hour=text):
            return f"{word} {text}".rstrip()
        case OrderItems(numbers=numbers) | AgreeSubstitute(numbers=numbers):
            return f"{word} {' '.join(map(str, numbers))}"
        case DeclareAbsence():
            return _absence(command, word, language)
        case EndAbsence(day=day, seat=seat):
            on = PERIODS[language][1].format(day) if day else ""
            return " ".join(part for part in (word, seat, on) if part)
        case _:
            raise TypeError(f"no command of a session: {command!r}")


def _lists(command: SetAttendance, language: str) -> Iterable[str]:
    labels = LABELS[language]
    pairs = None if command.replaced is None else tuple(f"{one} {BY[language]} {by}" for one, by in command.replaced)
    lists = (
        ("present", command.present),
        ("excused", command.excused),
        ("replaced", pairs),
        ("guests", command.guests),
    )
    return (f"{labels[name]}{', '.join(names) or NOBODY[language]}" for name, names in lists if names is not None)


def _absence(command: DeclareAbsence, word: str, language: str) -> str:
    between, on, until, by = PERIODS[language]
    shape = until if not command.first else on if command.first == command.last else between
    said = " ".join(part for part in (word, command.seat, shape.format(command.first, command.last)) if part)
    return f"{said}{by.format(command.substitute)}" if command.substitute else said
