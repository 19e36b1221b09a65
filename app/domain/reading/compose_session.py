"""A decision of the session as the comment that says it, its fields one to a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from app.domain.reading.command_types import TakenInSession

OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "fr": {"go": "go", "nogo": "nogo", "later": "report"},
    "en": {"go": "go", "nogo": "nogo", "later": "postponed"},
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "held": "séance : ",
        "present": "présents : ",
        "excused": "excusés : ",
        "reason": "raison : ",
        "conditions": "réserves :",
    },
    "en": {
        "held": "session: ",
        "present": "present: ",
        "excused": "excused: ",
        "reason": "reason: ",
        "conditions": "conditions:",
    },
}
DAYS = {"fr": "{:%d/%m/%Y}", "en": "{:%Y-%m-%d}"}
TO_A_DAY = {"fr": "au {:%d/%m/%Y}", "en": "to {:%Y-%m-%d}"}


def put_off(until: str, reason: str, language: str) -> str:
    """The reason of a postponement as its comment is read: the day it names, then why."""
    day = TO_A_DAY[language].format(date.fromisoformat(until)) if until else ""
    return "\n".join(part for part in (day, reason) if part)


def session_lines(command: TakenInSession, word: str, language: str) -> Iterator[str]:
    """The lines of the comment, nothing where nothing is said."""
    told, reason = FIELDS[language], command.reason
    day = ""
    if command.until:
        day, _, reason = reason.partition("\n")
    yield f"{word} {OUTCOMES[language].get(command.outcome, command.outcome)} {day}".rstrip()
    if command.held:
        yield told["held"] + DAYS[language].format(date.fromisoformat(command.held))
    if command.present:
        yield told["present"] + ", ".join(command.present)
    if command.excused:
        yield told["excused"] + ", ".join(command.excused)
    if reason:
        yield told["reason"] + reason
    if command.conditions:
        yield told["conditions"]
        yield from (f"- {line}" for line in command.conditions)
