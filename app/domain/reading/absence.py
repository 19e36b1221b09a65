"""How « /absence », « /retour » and « /accord » are read: the days, the seat, who stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.reading import dates
from app.domain.reading.command_types import AgreeSubstitute, Command, DeclareAbsence, Doubt, EndAbsence
from app.domain.reading.comment_lines import UNSAID
from app.domain.reading.courtesy import THANKS, words
from app.domain.reading.grammar import Block, is_taken_back
from app.domain.reading.logins import LONGEST
from app.domain.reading.text import normalised, vocabulary

STAND_IN = re.compile(
    r"(?<![\w@-])(?:(?:rempla|represente|supple|substitut)[a-z·.⋅()]{0,14}|replaced|represented|covered|stand-?in|deputy)"
    r"(?:\s(?:par|by|est|is|sera)\s|\s?:\s?|\s(?=@))@?(?P<login>[a-z0-9][a-z0-9_-]*+)"
)
BY_MENTION = re.compile(r"\b(?:par|by)\s@(?P<login>[a-z0-9][a-z0-9_-]*+)")
WEEKDAYS = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?\s)?"
FROM_DAY = re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:er)?\s?(?:au|a|to|until|-|jusqu'au)\s?{WEEKDAYS}$")
TO_DAY = re.compile(r"\s?(?:to|-|au|until)\s?(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![/.:h])")
UP_TO = re.compile(rf"(?:jusqu'au|jusqu'a|until|till|up to)\s{WEEKDAYS}(?:the\s)?$")
OPEN_ENDED = re.compile(rf"(?:\bdu|\bfrom|\ba partir du|\ba compter du|\bdes le|\bsince|\bstarting)\s{WEEKDAYS}$")
THEN = re.compile(rf"\s?(?:au|a|to|until|-|jusqu'au|et le|and)\s?{WEEKDAYS}(?:the\s|le\s)?")
AROUND = vocabulary(
    "du au le la les de des d l en a pour par mon ma mes siege sieges seat seats for of the from to my on je j i am "
    "suis serai sera est is be will absent absente absents absence away out back present presente retour inclus "
    "included inclusive conge conges vacances formation deplacement mission leave holiday holidays vacation training "
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday "
    "jusqu until till et and e s"
)
"""Words that say nothing more than the days, the seat and the substitute do; why a person is away is not kept."""
TOKEN = re.compile(r"[^\s,;:.!()·]+(?:\.[^\s,;:.!()·]+)*")
ABSENCE_NUMBER = re.compile(r"(?:n[°º]s?\s?|#\s?)?(\d{1,4})(?![\w/.:-])")
ALSO = vocabulary("et and les the absence absences numero numeros")


@dataclass(frozen=True)
class _Days:
    """The first and the last, in ISO; `first` is empty for « jusqu’au 17 août ». `rest` are the other words."""

    first: str
    last: str
    rest: str


def absence(block: Block) -> Command:
    """« /absence du 3 au 17 août, remplacé·e par @cloud-ops »."""
    said = _said(block)
    if UNSAID in said or is_taken_back(said, strictly=True):
        return block.doubt(block.text)
    stand_in = STAND_IN.search(said) or BY_MENTION.search(said)
    rest = said[: stand_in.start()] + " , " + said[stand_in.end() :] if stand_in else said
    found = _period(rest)
    if found is None:
        return block.doubt(block.text, Doubt.UNREAD_DAY)
    login = stand_in["login"] if stand_in else ""
    seat = _left(found.rest)
    if len(login) > LONGEST or "@" in seat:  # two people are named, and one at most stands in
        return block.doubt(block.text)
    return DeclareAbsence(found.first, found.last, seat, login)


def back(block: Block) -> Command:
    """« /retour », « /retour le 10 août », « /retour secu »."""
    said = _said(block)
    if UNSAID in said or is_taken_back(said, strictly=True):
        return block.doubt(block.text)
    found = list(dates.days_written(said))
    if len(found) > 1 or any(not iso for _, iso in found):
        return block.doubt(block.text, Doubt.UNREAD_DAY)
    if not found:
        return EndAbsence("", _left(said))
    typed, iso = found[0]
    return EndAbsence(iso, _left(said.replace(typed, " ", 1)))


def agree(block: Block) -> Command:
    """« /accord 2 », « /accord 1 et 3 »."""
    block = block.moved
    said = normalised(block.text)
    numbers = tuple(dict.fromkeys(int(found) for found in ABSENCE_NUMBER.findall(said)))
    if not numbers or "?" in said or not ALSO.issuperset(words(ABSENCE_NUMBER.sub(" ", said))):
        return block.doubt(block.text)
    return AgreeSubstitute(numbers)


def _said(block: Block) -> str:
    """The words of the command's own paragraph."""
    block = block.moved
    return normalised(" ".join((block.text, *(line.text for line in block.attached))))


def _left(text: str) -> str:
    """The words that name the seat, or the person who holds it."""
    tokens = [one.strip("'’-") for one in TOKEN.findall(text.replace("'", " "))]
    said = [one for one in tokens if one.strip("@") and one not in AROUND and one not in THANKS]
    return " ".join(said).removeprefix("@")


def _period(text: str) -> _Days | None:
    """The days of an absence; None when it has none, too many, or no end."""
    found = sorted((text.find(typed), typed, iso) for typed, iso in dates.days_written(text))
    if not 1 <= len(found) <= 2 or any(not iso for _, _, iso in found):
        return None
    place, typed, iso = found[0]
    before, after = text[:place], text[place + len(typed) :]
    if len(found) == 2:
        until, last, last_iso = found[1]
        between = THEN.fullmatch(text[place + len(typed) : until])
        return _Days(iso, last_iso, before + " " + text[until + len(last) :]) if between else None
    if start := FROM_DAY.search(before):
        return _same_month(start["day"], iso, is_first=True, rest=before[: start.start()] + " " + after)
    if end := TO_DAY.match(after):
        return _same_month(end["day"], iso, is_first=False, rest=before + " " + after[end.end() :])
    if UP_TO.search(before):
        return _Days("", iso, before + " " + after)
    return None if OPEN_ENDED.search(before) else _Days(iso, iso, before + " " + after)


def _same_month(day: str, iso: str, *, is_first: bool, rest: str) -> _Days | None:
    """« du 3 au 17 août », where the month is told once; None when the days are not in order, or are no days."""
    other = f"{iso[:-2]}{int(day):02}"
    first, last = (other, iso) if is_first else (iso, other)
    try:
        date.fromisoformat(f"2000{other[1:]}" if other.startswith("--") else other)
    except ValueError:
        return None
    return _Days(first, last, rest) if first < last else None
