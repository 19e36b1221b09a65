"""A command as the comment that says it: what the parser reads back exactly, or the words that it would not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from app.domain.reading import conditions, session_writing
from app.domain.reading.command_types import (
    Abstain,
    Adapt,
    AnswerItem,
    Command,
    Confirm,
    Contest,
    Doubtful,
    Go,
    Lift,
    Near,
    NoGo,
    NotApplicable,
    Override,
    Pause,
    Recuse,
    RequestGate,
    Resume,
    Reuse,
    SetAside,
    TakenInSession,
    Tick,
    Untick,
    Withdraw,
)
from app.domain.reading.commands import Parsed, parse
from app.domain.reading.compose_session import session_lines
from app.domain.reading.session_table import SESSION_TYPES
from app.domain.reading.text import clipped
from app.domain.reading.visible import visible

LOST = 12
"""Words shown of those that would not be read."""
WORDS: Mapping[str, Mapping[type[Command], str]] = {
    "fr": {
        Go: "/go",
        NoGo: "/nogo",
        Abstain: "/abstention",
        Recuse: "/déport",
        Tick: "/coche",
        Untick: "/décoche",
        NotApplicable: "/sans-objet",
        AnswerItem: "/réponse",
        Confirm: "/confirme",
        RequestGate: "/demande",
        Withdraw: "/retrait",
        Lift: "/levée",
        Reuse: "/réutilise",
        Adapt: "/adapte",
        SetAside: "/écarte",
        Near: "/proche",
        TakenInSession: "/décision",
        Contest: "/contester",
        Override: "/passer-outre",
        Pause: "/pause",
        Resume: "/reprise",
    },
    "en": {
        Go: "/go",
        NoGo: "/nogo",
        Abstain: "/abstain",
        Recuse: "/recusal",
        Tick: "/check",
        Untick: "/uncheck",
        NotApplicable: "/n/a",
        AnswerItem: "/answer",
        Confirm: "/confirm",
        RequestGate: "/request",
        Withdraw: "/withdraw",
        Lift: "/lift",
        Reuse: "/reuse",
        Adapt: "/adapt",
        SetAside: "/set-aside",
        Near: "/near",
        TakenInSession: "/decision",
        Contest: "/appeal",
        Override: "/override",
        Pause: "/pause",
        Resume: "/resume",
    },
}
TEXTS = {"reason": "\n", "evidence": "\n", "text": "\n\n"}
"""The words of people among the fields of commands, and what stays between two paragraphs."""
UNDER = {"fr": "sous réserve", "en": "with conditions"}
BEFORE = {"fr": "avant le {:%d/%m/%Y}", "en": "before {:%Y-%m-%d}"}
UNTIL = {"fr": "jusqu’au {:%d/%m/%Y}", "en": "until {:%Y-%m-%d}"}
CONDITION = {"fr": "réserve", "en": "condition"}
COLON = {"fr": " : ", "en": ": "}


class UnwritableError(Exception):
    """No comment says this alone; `why` is `lost`, `several` or a reason to doubt, `words` those at fault."""

    def __init__(self, why: str, words: str) -> None:
        self.why, self.words = why, words
        super().__init__(f"{why}: {words}")


def compose(command: Command, language: str, ignored: frozenset[str] = frozenset()) -> str:
    """The text of the comment; raises UnwritableError.

    The parser is the judge: whatever a person types, what is published is read back as what they meant, or refused.
    """
    wanted = tidied(command)
    at_session = type(wanted) in SESSION_TYPES
    text = session_writing.session_command_text(wanted, language) if at_session else _written(wanted, language)
    read = parse(text, ignored=ignored, at_session=at_session)
    if len(read) == 1 and _said(read[0].command) == _said(wanted):
        return text
    raise _refusal(wanted, read)


def condition(aspect: str, text: str, owner: str, due: date | None, language: str, aspects: Mapping[str, str]) -> str:
    """One condition as a line of its list; raises UnwritableError when a part given apart would be read otherwise.

    `aspect` is one of the rules' ids, or nothing; `owner` a login or a team, with or without its @. What is not given
    apart may be told by the text itself.
    """
    said, owner = " ".join(visible(text).split()), owner.strip().removeprefix("@")
    head = f"{aspects[aspect]}{COLON[language]}" if aspect else ""
    parts = (f"{head}{said.rstrip(' ,;')}", f"@{owner}" if owner else "", BEFORE[language].format(due) if due else "")
    line = ", ".join(part for part in parts if part)
    read = conditions.read_condition(line, aspects)
    for why, wanted, found in (
        ("aspect", aspect, read.aspect),
        ("owner", owner, read.owner),
        ("due", due.isoformat() if due else "", read.due),
    ):
        if wanted and found != wanted:
            raise UnwritableError(why, found or wanted)
    return line


def tidied(command: Command) -> Command:
    """The same, its texts as the parser keeps them: without what shows nothing, paragraphs apart in answers alone."""
    if isinstance(command, RequestGate):
        return replace(command, changes=tuple((number, _tidy(text, "\n")) for number, text in command.changes))
    names = [one.name for one in fields(command) if one.name in TEXTS]
    return replace(command, **{name: _tidy(getattr(command, name), TEXTS[name]) for name in names})


def _tidy(text: str, apart: str) -> str:
    seen = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(" ".join(line.split()) for line in seen.split("\n"))
    return re.sub(r"\n{2,}", apart, lines.strip("\n")).lstrip(",; ")


def _written(command: Command, language: str) -> str:
    word, colon = WORDS[language][type(command)], COLON[language]
    match command:
        case Go(conditions=None):
            return word
        case Go(conditions=lines):
            return "\n".join((f"{word} {UNDER[language]}", *(f"- {line}" for line in lines or ())))
        case TakenInSession():
            return "\n".join(session_lines(command, word, language))
        case RequestGate(target=target, changes=changes):
            return "\n".join((f"{word} {target}".rstrip(), *(f"{number}{colon}{text}" for number, text in changes)))
        case Tick(items=items) | Untick(items=items) | Confirm(items=items):
            return f"{word} {' '.join(items)}"
        case NotApplicable(items=items, reason=text):
            word = f"{word} {' '.join(items)}"
        case (
            Reuse(what=what, reason=text)
            | Adapt(what=what, reason=text)
            | SetAside(what=what, reason=text)
            | Near(what=what, reason=text)
        ):
            word = f"{word} {', '.join(what)}"
        case Pause(until=until, reason=text):
            word = f"{word} {UNTIL[language].format(date.fromisoformat(until))}" if until else word
        case Contest(number=number, reason=text) if number:
            word = f"{word} {CONDITION[language]} {number}"
        case Override(outcome=outcome, reason=text):
            word = f"{word} {outcome}"
        case Lift(number=number, evidence=text) | AnswerItem(item=number, text=text):
            word = f"{word} {number}"
        case _:
            text = str(getattr(command, "reason", ""))
    return f"{word}{colon}{text}" if text else word


def _said(command: Command) -> tuple[object, ...]:
    """What a command says, however its words are spread over lines."""
    # What would be asked about, were no point refused, is no part of what is said.
    texts = (getattr(command, one.name) for one in fields(command) if one.compare and one.name != "doubt")
    return type(command), *(" ".join(text.split()) if isinstance(text, str) else text for text in texts)


def _refusal(wanted: Command, read: tuple[Parsed, ...]) -> UnwritableError:
    """The words that would not be read as they are meant."""
    doubt = next((one.command for one in read if isinstance(one.command, Doubtful)), None)
    if doubt is not None:
        return UnwritableError(doubt.why, doubt.words or doubt.written)
    if len(read) != 1 or type(read[0].command) is not type(wanted):
        return UnwritableError("several", "")
    return UnwritableError("lost", _lost(_text(wanted), _text(read[0].command)))


def _text(command: Command) -> list[str]:
    lines = getattr(command, "conditions", None) or ()
    return " ".join((*lines, *(str(getattr(command, name, "")) for name in (*TEXTS, "target")))).split()


def _lost(wanted: list[str], read: list[str]) -> str:
    """The first words that one has and the other has not."""
    same = next((rank for rank, pair in enumerate(zip(wanted, read, strict=False)) if pair[0] != pair[1]), len(read))
    return clipped(" ".join(wanted[same : same + LOST]), 200)
