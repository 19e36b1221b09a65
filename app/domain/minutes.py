"""How the secretariat's « /décision » is read: the outcome, then who was there, when, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain import dates
from app.domain.command_types import Command, TakenInSession
from app.domain.courtesy import is_idle, words
from app.domain.grammar import Block, typed
from app.domain.reservations import BULLET, NONE, OPENING, WITHOUT, doubtful_parts, gathered
from app.domain.speech import Line
from app.domain.words import plain

OUTCOMES = {
    **dict.fromkeys(("go", "favorable", "accorde", "accordee"), "go"),
    **dict.fromkeys(("nogo", "no-go", "no go", "defavorable", "refuse", "refusee"), "nogo"),
    **dict.fromkeys(
        ("report", "reporte", "reportee", "later", "postponed", "ajourne", "ajournee", "ajournement"), "later"
    ),
}
SUFFIX = r"(?:[.·⋅(]?e?[.·⋅)]?(?:s|es)?\)?)"
FIELDS = {
    "present": rf"pr[ée]sent{SUFFIX}|attendees|attending|participants?|membres? pr[ée]sents?|si[èe]ges? pr[ée]sents?",
    "excused": rf"excus[ée]{SUFFIX}|absent{SUFFIX}|excused|absentees|absents? excus[ée]s?",
    "held": r"s[ée]ance|session|date(?:\s+de\s+(?:la\s+)?s[ée]ance)?|r[ée]union|comit[ée]|meeting",
    "conditions": r"r[ée]serves?|conditions?|reservations?|sous\s+r[ée]serves?|with\s+conditions?",
    "reason": r"raisons?|motifs?|motivation|reasons?|pourquoi|why",
}
LABEL = re.compile(
    r"(?:^|(?<=[\s,;.(!]))(?:les\s+)?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in FIELDS.items())
    + r")\s*:",
    re.IGNORECASE,
)
SESSION = re.compile(
    r"(?:d[ée]cision\s+(?:prise\s+)?(?:en|lors\s+de\s+la)\s+)?(?:s[ée]ance|session|r[ée]union|comit[ée]|meeting)\s+"
    r"(?:du|de|of|on|held\s+on)\s+(?:the\s+)?(?P<day>.+)",
    re.IGNORECASE,
)
MANNER = re.compile(
    r"[\s,;:.!()—–-]*(?:(?:pris|prise|vot[ée]e?|accord[ée]e?|adopt[ée]e?|d[ée]cid[ée]e?)\s+)?"
    r"(?:[àa]\s+l['’]unanimit[ée](?:\s+des\s+(?:membres\s+)?pr[ée]sents)?|unanimit[ée]|[àa]\s+la\s+majorit[ée]|unanimous(?:ly)?|"
    r"by\s+(?:a\s+)?majority|par\s+consensus|by\s+consensus|du\s+comit[ée])[\s,;:.!()]*",
    re.IGNORECASE,
)
OTHER_FIELD = re.compile(r"[^\W\d_][\w ’'·.-]{1,30}:(?:\s|$)")
"""« invités : … » and its like: a field nobody here knows."""
UNTIL = re.compile(r"(?:au|a|le|jusqu'au|jusqu'a|to|until)\s")
SPLIT = re.compile(r"[,;/]|\bet\b|\band\b|&", re.IGNORECASE)


@dataclass
class _Part:
    """One piece of a line: the field it names, if any, and its words."""

    name: str
    text: str
    line: Line


@dataclass
class _Minutes:
    names: dict[str, list[str]] = field(default_factory=lambda: {"present": [], "excused": []})
    held: str = ""
    tail: str = ""
    listed: list[Line] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    current: str = "head"
    continues: bool = False
    has_conditions: bool = False
    until: str = ""


def session(block: Block) -> Command:
    """« /décision go présents : a, b », on one line or several, the fields in any order."""
    outcome, rest = _outcome(block.text)
    if not outcome:
        # Not known to be an outcome, so nothing else is: the answer says which outcomes there are.
        return TakenInSession("", (), (), typed(block.text, ()))
    minutes = _Minutes()
    for part in _parts(rest, block):
        doubt = _take(minutes, part, outcome)
        if doubt:
            return block.doubt(doubt, "unread_day" if minutes.current == "held" else "unread_minutes")
    return _built(block, outcome, minutes)


def _outcome(text: str) -> tuple[str, str]:
    """The outcome named by the first word, or the first two, and what follows."""
    for size in (2, 1):
        match = re.match(r"\S+\s*" * size, text)
        head = match[0] if match else ""
        if outcome := OUTCOMES.get(plain(head).strip(' ,;:.!«»"')):
            return outcome, text[len(head) :]
    return "", text


def _parts(rest: str, block: Block) -> Iterator[_Part]:
    """The line of the command and those below, each cut where it names a field."""
    for line, text in ((block.start, rest), *((line, line.text) for line in block.below)):
        bare = BULLET.sub("", text) if line is not block.start else text
        labels = list(LABEL.finditer(bare))
        if line.kind in {"item", "row"}:
            labels = [label for label in labels[:1] if label.start() == 0]
        starts = [label.start() for label in labels]
        if bare[: starts[0] if starts else None].strip() or line.kind == "row":
            yield _Part("", bare[: starts[0] if starts else None].strip(), line)
        for label, end in zip(labels, [*starts, len(bare)][1:], strict=True):
            yield _Part(label.lastgroup or "", bare[label.end() : end].strip(), line)


def _take(minutes: _Minutes, part: _Part, outcome: str) -> str:
    """Put a piece where it belongs; returns the words that belong nowhere."""
    if part.name:
        minutes.current = part.name
        return _field(minutes, part)
    text = part.text
    meeting = SESSION.fullmatch(text.strip(" .,;"))
    if meeting:
        minutes.current = "held"
        return _field(minutes, _Part("held", meeting["day"], part.line))
    if minutes.current in minutes.names and (minutes.continues or part.line.kind == "item"):
        return _field(minutes, _Part(minutes.current, text, part.line))
    if outcome == "go":
        return _below_go(minutes, part)
    if is_idle(text) or MANNER.fullmatch(text):
        return ""
    if outcome == "later" and UNTIL.match(plain(text)):
        minutes.until = next((iso for _, iso in dates.days(text) if iso), "")
    if minutes.current == "conditions" or (OTHER_FIELD.match(text) and not minutes.until):
        return text
    minutes.reason.append(text.lstrip(" :,;.—–-"))
    return ""


def _below_go(minutes: _Minutes, part: _Part) -> str:
    text = part.text
    opening = OPENING.match(text) if part.line.kind in {"text", "title"} else None
    if MANNER.fullmatch(text) or WITHOUT.fullmatch(text) or (is_idle(text) and part.line.kind != "row"):
        return ""
    if opening and minutes.current != "conditions":
        minutes.current, minutes.has_conditions = "conditions", True
        minutes.tail = text[opening.end() :].lstrip(" :,;—–-").strip()
        return ""
    if minutes.current == "conditions":
        minutes.listed.append(part.line)
        return ""
    if minutes.current == "reason":
        minutes.reason.append(text)
        return ""
    return text or part.line.raw


def _field(minutes: _Minutes, part: _Part) -> str:
    text = part.text
    if part.name in minutes.names:
        minutes.names[part.name] += [name for one in SPLIT.split(text) if (name := one.strip(" @.()"))]
        minutes.continues = not text or text.rstrip(" ").endswith((",", ";"))
    elif part.name == "held":
        found = [iso for _, iso in dates.days(text)]
        minutes.held = found[0] if len(found) == 1 else ""
        return "" if minutes.held else text or part.line.text
    elif part.name == "reason":
        minutes.reason.append(text)
    else:
        minutes.has_conditions = True
        minutes.tail = ", ".join(one for one in (minutes.tail, text) if one)
    return ""


def _built(block: Block, outcome: str, minutes: _Minutes) -> Command:
    tail = minutes.tail
    is_none = bool(words(tail)) and set(words(tail)) <= NONE
    found = gathered("" if is_none else tail, minutes.listed)
    if found.doubt or (minutes.has_conditions and outcome != "go" and not is_none):
        return block.doubt(found.doubt or tail, "unread_minutes")
    if minutes.has_conditions and not is_none and not found.texts:
        return block.doubt(block.text, "unlisted")
    return doubtful_parts(block, found.texts) or TakenInSession(
        outcome,
        tuple(minutes.names["present"]),
        found.texts,
        typed("\n".join(minutes.reason), ()),
        tuple(minutes.names["excused"]),
        minutes.held,
        minutes.until,
    )
