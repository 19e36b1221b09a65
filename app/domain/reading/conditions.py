"""What can be read out of a condition's text: the aspect it bears on, who owns it, and when it is due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.reading import dates, logins
from app.domain.reading.dates import NAMED
from app.domain.reading.text import normalised


@dataclass(frozen=True, slots=True)
class ConditionText:
    """A condition as its author wrote it, with what could be read out of it."""

    text: str
    aspect: str = ""
    owner: str = ""
    due: str = ""


DUE = (
    r"(?:\b(?:au plus tard|a echeance|echeance|avant|pour|jusqu'a?u?|before|by|due|until|deadline|no later than)\b"
    r"|d'ici)"
    r"(?:\s*:)?\s+(?:(?:le|la|les|l'|au|a|the|on|du|de|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\s*)*"
)
"""Words after which a day is when a condition is due."""
BEGINS_DUE, ENDS_DUE = re.compile(DUE), re.compile(DUE + "$")
PAST = re.compile(r"(?:\b(?:du|de|of|from|since|depuis|dated?|date du)|\bdate)\s+(?:(?:le|the)\s+)?$")
"""Words before a day that is not when it is due: « le rapport du 3 mars 2026 »."""
VAGUE_PART = r"(?:(?:la\s+)?fin|mi|debut|courant|milieu|(?:the\s+)?end(?:\s+of)?|mid|early|late)"
VAGUE = re.compile(
    rf"(?:{VAGUE_PART}[\s-]+(?:(?:du|de|d'|l'|la|of|the)\s*)*(?:(?:{NAMED})(?:\s+\d{{4}})?|\d{{4}}|annee|mois|semaine|trimestre|semestre|ete|"
    rf"year|month|week|quarter)\b|(?:{NAMED})\b(?:\s+\d{{4}})?|\d{{1,3}}\s+(?:jours?|semaines?|mois|ans?|days?|weeks?|months?)\b|"
    r"(?:ete|printemps|automne|hiver|rentree|noel|spring|summer|autumn|winter|christmas)\b|[qt][1-4]\b|"
    r"(?:\d\w*|premier|deuxieme|troisieme|quatrieme|prochain|first|second|third|next)\s+"
    r"(?:trimestre|semestre|quarter|semaine|mois|week|month|comite)\b|"
    r"(?:semaine|mois|annee|trimestre)\s+prochaine?s?\b|demain\b|tomorrow\b|\d{4}\b(?![\w-]))"
)
ALONE = re.compile(rf"(?<![\w'])(?:fin|mi|debut|courant|end of|mid)[\s-]+(?:{NAMED})\b(?:\s+\d{{4}})?")
WITHIN = re.compile(
    r"\b(?:sous|within|in|dans)\s+(?:les\s+)?\d{1,3}\s+(?:jours?|semaines?|mois|days?|weeks?|months?)\b"
)


NEXT_DAY = re.compile(
    r"(?:\b(?:au plus tard|avant|jusqu'au?|before|by|until|no later than)\b|d'ici) (?:le |au |the |on )*+"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"(?! (?:le |the )?\d| (?:" + NAMED + r")\b)(?: (?:prochain|next))?"
    r"|(?<=le )\d{1,2}(?:er|th|st|nd|rd)?\b(?=\s*(?:$|[,;)]|\.(?!\d)))"
    rf"|(?:le |the )?(?:premier|first) (?:{NAMED})\b(?: \d{{4}})?"
    r"|(?:un|une|deux|trois|quatre|cinq|six|huit|dix|quinze|vingt|a|two|three|four|six|ten)"
    r" (?:jours?|semaines?|mois|ans?|days?|weeks?|months?|years?)\b)"
)
"""« avant lundi », « avant le 15 », « d’ici deux mois »."""
OF_PERIOD = re.compile(r"\b(?:au|en|in|fin)\s+[qt][1-4]\b(?:\s+\d{4})?|\bsemaine\s+du\s+\d{1,2}\b")


def read_condition(text: str, aspects: Mapping[str, str], since: date | None = None) -> ConditionText:
    """« Sécurité : corriger les failles, @chef-produit, avant le 31/12/2026 » read into its parts; text kept whole.

    A day without a year is the next one from `since` on.
    """
    owner = next((name for name in logins.named_logins(text) if _names(name)), "")
    return ConditionText(text, aspect_of(text, aspects), owner, _due(text, since))


def _names(word: str) -> bool:
    return logins.is_login(word) or logins.is_team(word)


def aspect_of(text: str, aspects: Mapping[str, str]) -> str:
    """The id of the aspect that a text names at its head, as in « Sécurité : … »; empty when it names none."""
    prefix = normalised(text.partition(":")[0]).strip("* _")
    return next((key for key, name in aspects.items() if prefix in {normalised(key), normalised(name)}), "")


def _due(text: str, since: date | None) -> str:
    """The day after words that announce one; else the first written in full that nothing places in the past."""
    announced, others = _days(text)
    found = next(iter((*announced, *(iso for iso in others if not iso.startswith("--")))), "")
    return dates.resolved_day(found, since)


def _days(text: str) -> tuple[list[str], list[str]]:
    """The days of a text that words announce as those when something is due, and those that nothing places before."""
    said = normalised(text)
    announced, others = [], []
    for written, iso in dates.days_written(text):
        place = said.find(written)
        before = said[max(0, place - 60) : place]
        if ENDS_DUE.search(before):
            announced.append(iso)
        elif "/" not in written or len(written) > 5:
            others += [iso] if not PAST.search(before) else []
    return announced, others


def apart(text: str) -> tuple[str, ...]:
    """« audit avant le 3 mars ; DICT avant le 5 avril »: two conditions of one line, each with its own day."""
    parts = [part.strip() for part in text.split(";") if part.strip(" .")]
    each = [_days(part)[0] for part in parts] if len(parts) > 1 else []
    return tuple(parts) if each and all(len(days) == 1 for days in each) and len(set(map(tuple, each))) > 1 else (text,)


def two_days(text: str) -> str:
    """The words of a condition that announces more than one day; nothing otherwise."""
    announced, _ = _days(text)
    return text if len(set(announced)) > 1 and "" not in announced else ""


def unread_day(text: str) -> str:
    """The words that seem to say when a condition is due without saying which day, as typed; nothing otherwise."""
    said = normalised(text)
    known = dict(dates.days_written(text))
    lengths = sorted(set(map(len, known)), reverse=True)
    for match in BEGINS_DUE.finditer(said):
        rest = (said[match.end() : match.end() + length] for length in lengths)
        day = next((written for written in rest if written in known), "")
        if day and not known[day]:
            return _as_typed(text, said, match.start(), match.end() + len(day))
        vague = VAGUE.match(said, match.end())
        if not day and vague and not (match[0].startswith(("pour", "by")) and vague[0][0].isdigit()):
            return _as_typed(text, said, match.start(), vague.end())
    if impossible := next((written for written, iso in known.items() if not iso and len(written) > 5), ""):
        return impossible
    alone = ALONE.search(said) or WITHIN.search(said) or NEXT_DAY.search(said) or OF_PERIOD.search(said)
    return _as_typed(text, said, alone.start(), alone.end()) if alone else ""


def _as_typed(text: str, said: str, start: int, end: int) -> str:
    """The same words in the text as it was typed: comparing changes letters, never how many words there are."""
    first, count = len(said[:start].split()), len(said[start:end].split())
    return " ".join(text.split()[first : first + count]).strip(",;.")


def unread_owner(text: str) -> str:
    """What follows an @ and can be no account and no team on GitHub."""
    return next((f"@{name}" for name in logins.named_logins(text) if not _names(name)), "")
