"""How a session is described on its issue: its place, its link, its day, its hours, the order of its items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.reading import dates
from app.domain.reading.command_types import BeginSession, Command, DescribeSession, Doubt, EndSession, OrderItems
from app.domain.reading.comment_lines import UNSAID
from app.domain.reading.courtesy import is_idle, is_silent, words
from app.domain.reading.field_lines import LinePart, parts
from app.domain.reading.grammar import Block, Reader, is_taken_back
from app.domain.reading.text import normalised, vocabulary

PLACE_LIMIT = 200
"""Characters of a place."""
DESCRIBED = {
    "place": r"lieu|salle|adresse|place|room|where",
    "link": r"liens?|visio(?:conf[ée]rence)?|link|url|video",
    "day": r"date|jour|d[ée]plac[ée]e?\s+au|day|moved\s+to",
}
DESCRIBED_LABEL = re.compile(
    r"(?:^|(?<=[\s,;(]))(?:" + "|".join(f"(?P<{name}>{text})" for name, text in DESCRIBED.items()) + r")\s*:",
    re.IGNORECASE,
)
MOVED = re.compile(
    r"(?:est |is )?(?:deplacee?|reportee?|avancee?|decalee?|moved|postponed|put off|brought forward)"
    r" (?:au|a|le|to|on)\b(?P<day>.{1,60})"
)
CANCELLED = vocabulary("annule annulee annulees supprimee cancelled canceled")
ALONE = vocabulary("seance est la the session is meeting cette this a ete has been date")
SECURE = re.compile(r"https://[^\s<>\"'`()]{4,500}")
HOUR = re.compile(r"(?P<hour>\d{1,2})\s?(?:h|:|heures?)\s?(?P<minute>\d{2})?(?!\d)(?:\s?(?P<half>[ap])\.?m\.?)?")
HALF = re.compile(r"(?P<hour>\d{1,2})\s?(?P<half>[ap])\.?m\.?")
AT = vocabulary("a at la seance the session est is ouverte opened levee ended close commence begins began")
ORDERED = re.compile(r"(?:n[°º]s? ?|# ?)?(\d{1,9})(?![\w/.:-])")
BETWEEN = vocabulary("et and puis then les points dossiers numero numeros items the")


@dataclass
class _Told:
    place: str = ""
    link: str = ""
    day: str = ""
    is_cancelled: bool = False


def describe(block: Block) -> Command:
    """« /séance » and « lieu : Salle 3 », « lien : https://… », « date : 26/11 » or « annulée »."""
    told = _Told()
    for part in parts(DESCRIBED_LABEL, block.text, block):
        if part.line.kind == "row" or UNSAID in part.text or not _taken(told, part):
            return block.doubt(part.text or part.line.raw, Doubt.UNREAD_DAY if part.name == "day" else Doubt.UNREAD)
    if told == _Told():
        return block.doubt("", Doubt.UNLISTED)
    if told.is_cancelled and told.day:
        return block.doubt(block.text, Doubt.TWO_DAYS)
    return DescribeSession(told.place, told.link, told.day, told.is_cancelled)


def _taken(told: _Told, part: LinePart) -> bool:
    """Whether a piece was understood, and then is told."""
    text = part.text.strip(" ,;(")
    if part.name == "place":
        told.place = text.rstrip(".")
        return bool(words(text)) and len(text) <= PLACE_LIMIT
    if part.name == "link":
        found = SECURE.fullmatch(text.rstrip(".)"))
        told.link = found[0] if found else ""
        return bool(found)
    said = normalised(text)
    if CANCELLED.intersection(words(said)) and CANCELLED.union(ALONE).issuperset(words(said)):
        told.is_cancelled = "?" not in said
        return told.is_cancelled
    if not part.name and is_idle(text):
        return True
    moved = MOVED.fullmatch(said)
    if not part.name and moved is None:
        return False
    told.day = _only_day(moved["day"] if moved else said)
    return bool(told.day)


def _only_day(text: str) -> str:
    found = [iso for _, iso in dates.days_written(text)]
    return found[0] if len(found) == 1 and not is_taken_back(text, strictly=True) else ""


def hour(kind: type[BeginSession | EndSession]) -> Reader:
    """« /début 9h30 », « /fin à 11 h », « /début » for now."""

    def read(block: Block) -> Command:
        said = normalised(block.text)
        found = HOUR.search(said) or HALF.search(said)
        rest = said[: found.start()] + said[found.end() :] if found else said
        if not AT.issuperset(words(rest)) and not is_idle(rest):
            return block.doubt(block.text)
        if found is None:
            return kind() if is_silent(said) else block.doubt(block.text)
        written = _written(found)
        return kind(written) if written else block.doubt(block.text)

    return read


def _written(found: re.Match[str]) -> str:
    """« 09:30 »; nothing when there is no such hour."""
    parts_of = found.groupdict()
    hours, minutes, half = int(parts_of["hour"]), int(parts_of.get("minute") or 0), parts_of.get("half")
    if half:
        hours = hours % 12 + (12 if half == "p" else 0) if 1 <= hours <= 12 else 24
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else ""


def order(block: Block) -> Command:
    """« /ordre 12, #15 et 9 »."""
    block = block.moved
    said = normalised(block.text)
    numbers = [int(found) for found in ORDERED.findall(said)]
    if not numbers or not BETWEEN.issuperset(words(ORDERED.sub(" ", said))) or "?" in said:
        return block.doubt(block.text)
    if len(set(numbers)) < len(numbers):
        return block.doubt(block.text, Doubt.MISCOUNTED)
    return OrderItems(tuple(numbers))
