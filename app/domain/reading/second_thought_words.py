"""How second thoughts are read: a decision or a lift rectified, contested, overridden; a product paused and resumed."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.reading import dates, numerals, session_minutes
from app.domain.reading.command_types import (
    Command,
    Contest,
    Doubt,
    Override,
    Pause,
    Rectify,
    RectifyLift,
    Resume,
    TakenInSession,
)
from app.domain.reading.courtesy import is_idle
from app.domain.reading.grammar import Block, Reader, explained_as, is_deferred, is_taken_back, typed
from app.domain.reading.text import normalised

WHY = re.compile(r"\s*+(?:rectification|rectificatif|erreur|correction|mistake)\s*+:(?P<text>.*)", re.IGNORECASE)
"""The line that says what was wrongly entered, apart from what the committee said."""
OF_LIFT = re.compile(
    r"(?:(?:la|the)\s++)?+(?:lev[ée]e|lift)\b(?:\s++(?:de\s++la|of\s++the|of)\b)?+(?P<rest>.*)", re.IGNORECASE
)
OF_CONDITION = re.compile(r"(?:(?:la|the)\s++)?+(?:r[ée]serve|condition)\b(?P<rest>.*)", re.IGNORECASE)
VERDICT = re.compile(r"(?P<outcome>no[ -]?go|go)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
UNTIL = re.compile(
    r"(?:jusqu['’]?\s?+(?:au|à|a|en)|until|till|au|to|d['’]ici\s++(?:au|à))\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


def rectify(block: Block) -> Command:
    """« /rectifier nogo … » with the lines of a decision and « rectification : … »; « /rectifier levée 2 : … »."""
    block = block.moved
    lifted = OF_LIFT.fullmatch(block.text)
    if lifted:
        return _numbered(block, lifted["rest"].strip(), RectifyLift)
    whys = [found for line in block.below if (found := WHY.fullmatch(line.text))]
    told = replace(block, below=tuple(line for line in block.below if not WHY.fullmatch(line.text)))
    taken = session_minutes.session(told)
    if not isinstance(taken, TakenInSession):
        return taken
    why = typed("\n".join(found["text"].strip() for found in whys), ())
    return Rectify(
        outcome=taken.outcome,
        present=taken.present,
        conditions=taken.conditions,
        reason=taken.reason,
        excused=taken.excused,
        held=taken.held,
        until=taken.until,
        why=why or taken.reason,
    )


def contest(block: Block) -> Command:
    """« /contester : les motifs », of the no-go; « /contester réserve 2 : les motifs », of a condition."""
    block = block.moved
    found = OF_CONDITION.fullmatch(block.text)
    if found and numerals.leading(found["rest"].strip()).items:
        return _numbered(block, found["rest"].strip(), Contest)
    return explained_as(block, Contest, is_lasting=True)


def override(block: Block) -> Command:
    """« /passer-outre go : la raison »."""
    block = block.moved
    found = VERDICT.match(block.text)
    if not found:
        return Override("", typed(block.raw, block.below))
    outcome = "go" if normalised(found["outcome"]) == "go" else "nogo"
    said = replace(block, text=found["rest"].lstrip(" :,;.—–-")).first_words
    is_told = not found["rest"].lstrip().startswith(":")
    if is_taken_back(said, strictly=True) or is_deferred(block.name, said, is_told=is_told):
        return block.doubt(said)
    written = VERDICT.match(block.raw)
    rest = (written or found)["rest"].lstrip(" :,;.—–-")
    return Override(outcome, typed(rest, block.below))


def pause(block: Block) -> Command:
    """« /pause jusqu’au 15/03/2027 : la raison »; without a day, until somebody resumes it."""
    block = block.moved
    said = block.first_words
    if is_taken_back(said, strictly=True):
        return block.doubt(said)
    until = UNTIL.match(block.text)
    if not until:
        return Pause("", typed(block.raw, block.below))
    head, colon, tail = until["rest"].strip().partition(":")
    days = list(dates.days_written(head))
    if len(days) != 1 or not days[0][1] or (colon and not _is_only(head, days[0][0])):
        return block.doubt(head.strip() or block.text, Doubt.UNREAD_DAY)
    rest = tail if colon else _after(head, days[0][0])
    return Pause(days[0][1], typed(rest.strip(" ,;.—–-"), block.below))


def resume(block: Block) -> Command:
    return explained_as(block, Resume, is_lasting=False)


def _is_only(head: str, day: str) -> bool:
    """Whether the words before the colon are a day, and nothing that would be lost."""
    return is_idle(normalised(head).replace(day, "", 1))


def _after(head: str, day: str) -> str:
    """What follows a day on the same line, as typed where no accent comes before it."""
    place = normalised(head).find(day) + len(day)
    return head[place:] if len(normalised(head)) == len(head) else normalised(head)[place:]


def _numbered(block: Block, rest: str, kind: type[RectifyLift | Contest]) -> Command:
    """One number, then why."""
    found = numerals.leading(rest)
    if len(found.items) != 1 or not found.items[0].isdigit():
        return block.doubt(block.text)
    said = replace(block, text=found.rest).first_words
    if is_taken_back(said, strictly=True):
        return block.doubt(said)
    return kind(typed(found.rest.lstrip(" :,;.—–-"), block.below), found.items[0])


READERS: dict[str, Reader] = {
    "rectify": rectify,
    "contest": contest,
    "override": override,
    "pause": pause,
    "resume": resume,
}
