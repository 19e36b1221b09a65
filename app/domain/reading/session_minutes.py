"""How the secretariat's « /décision » is read: the outcome, then who was there, when, and under which conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.reading import conditions, dates
from app.domain.reading.command_types import Command, Doubt, TakenInSession
from app.domain.reading.comment_lines import UNSAID, CommentLine
from app.domain.reading.courtesy import is_idle
from app.domain.reading.field_lines import SUFFIX, LinePart, names, parts
from app.domain.reading.grammar import Block, is_taken_back, typed
from app.domain.reading.reservations import OPENING, WITHOUT, doubtful_parts, gathered_conditions, is_none
from app.domain.reading.text import normalised

OUTCOMES = {
    **dict.fromkeys(("go", "favorable", "accorde", "accordee"), "go"),
    **dict.fromkeys(("nogo", "no-go", "no go", "defavorable", "refuse", "refusee"), "nogo"),
    **dict.fromkeys(
        ("report", "reporte", "reportee", "later", "postponed", "ajourne", "ajournee", "ajournement"), "later"
    ),
}
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
    r"(?:du|de|of|on|held\s+on)\s++(?:the\s++)?(?P<day>.+)",
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
RESERVED = re.compile(
    r"\b(?:sous|avec|with|under) (?:\w+ )?(?:reserve|condition|reservation)"
    r"|\b(?:des|ses|une|deux|trois|\d|some|two) (?:reserve|reservation)s?\b"
)
"""A reservation told in the reason of a go."""
UNTIL = re.compile(r"(?:(?:du|from)\s.{1,30}?\s)?(?:au|a|le|jusqu'au|jusqu'a|to|until)\s")
FIRST, FIRST_TWO = re.compile(r"\S++\s*+"), re.compile(r"\S++(?:\s++\S++)?+\s*+")


@dataclass
class _Minutes:
    names: dict[str, list[str]] = field(default_factory=lambda: {"present": [], "excused": []})
    held: str = ""
    tails: list[str] = field(default_factory=list)
    opened: CommentLine | None = None
    """The line that opens the conditions."""
    listed: list[CommentLine] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    current: str = "head"
    continues: bool = False
    has_conditions: bool = False
    until: str = ""


def session(block: Block) -> Command:
    """« /décision go présents : a, b », on one line or several, the fields in any order."""
    block = block.moved
    outcome, rest = _outcome(block.text)
    if not outcome:
        # Not known to be an outcome, so nothing else is: the answer says which outcomes there are.
        return TakenInSession("", (), (), typed(block.text, ()))
    if _is_taken_back(outcome, rest, has_colon=":" in block.text[: len(block.text) - len(rest)]):
        return block.doubt(rest, Doubt.UNREAD_MINUTES)
    minutes = _Minutes()
    for part in parts(LABEL, rest, block):
        doubt = _take(minutes, part, outcome)
        if doubt:
            return block.doubt(doubt, Doubt.UNREAD_DAY if minutes.current == "held" else Doubt.UNREAD_MINUTES)
    return _built(block, outcome, minutes)


def is_outcome_alone(text: str) -> bool:
    """« : go », « : nogo, présents : a, b »: an outcome, and nothing but what goes with one."""
    outcome, rest = _outcome(text.strip(" :"))
    label = LABEL.search(rest)
    return bool(outcome) and is_idle(rest[: label.start()] if label else rest)


def _is_taken_back(outcome: str, rest: str, *, has_colon: bool) -> bool:
    """« /décision report annulé », « /décision nogo ? »; a no-go may begin with « pas », and a colon makes a reason."""
    head = rest[: label.start()] if (label := LABEL.search(rest)) else rest
    is_choice = bool(re.match(r"\W*(?:(?:ou|or)\b|\?)", head))
    return is_taken_back(head, strictly=is_choice or (outcome != "nogo" and not has_colon))


def _outcome(text: str) -> tuple[str, str]:
    """The outcome named by the first word, or the first two, and what follows."""
    for first in (FIRST_TWO, FIRST):
        match = first.match(text)
        head = match[0] if match else ""
        if outcome := OUTCOMES.get(normalised(head).strip(' ,;:.!«»"')):
            return outcome, text[len(head) :]
    return "", text


def _take(minutes: _Minutes, part: LinePart, outcome: str) -> str:
    """Put a piece where it belongs; returns the words that belong nowhere."""
    if part.name:
        return part.line.text if _is_condition(minutes, part) else _field(minutes, part)
    text = part.text
    meeting = SESSION.fullmatch(text.strip(" .,;"))
    if meeting:
        return _field(minutes, LinePart("held", meeting["day"], part.line))
    if minutes.current in minutes.names and (minutes.continues or part.line.kind == "item"):
        return _field(minutes, LinePart(minutes.current, text, part.line))
    if outcome == "go":
        return _below_go(minutes, part)
    if is_idle(text) or MANNER.fullmatch(text):
        return ""
    if outcome == "later" and (until := UNTIL.match(normalised(text))):
        days = [iso for _, iso in dates.days_written(normalised(text)[until.end() :])]
        if days and not any(days):
            return text
        minutes.until = next(filter(None, days), "")
    if minutes.current == "conditions" or (OTHER_FIELD.match(text) and not minutes.until):
        return text
    minutes.reason.append(text.lstrip(" :,;.—–-"))
    return ""


def _below_go(minutes: _Minutes, part: LinePart) -> str:
    text = part.text
    opening = OPENING.match(text) if part.line.kind in {"text", "title"} else None
    if MANNER.fullmatch(text) or WITHOUT.fullmatch(text) or (is_idle(text) and part.line.kind != "row"):
        return ""
    if opening and minutes.current != "conditions":
        minutes.current, minutes.has_conditions, minutes.opened = "conditions", True, part.line
        minutes.tails.append(text[opening.end() :].lstrip(" :,;—–-").strip())
        return ""
    if minutes.current == "conditions":
        minutes.listed.append(part.line)
        return ""
    if minutes.current == "reason":
        minutes.reason.append(text)
        return ""
    return text or part.line.raw


def _field(minutes: _Minutes, part: LinePart) -> str:
    minutes.current = part.name
    text = part.text
    if part.name in minutes.names and UNSAID in text:
        return part.line.text
    if part.name in minutes.names:
        minutes.names[part.name] += names(text)
        minutes.continues = not text or text.rstrip(" ").endswith((",", ";"))
    elif part.name == "held":
        found = [iso for _, iso in dates.days_written(text)]
        minutes.held = found[0] if len(found) == 1 and not SEVERAL.search(text) else ""
        return "" if minutes.held else text or part.line.text
    elif part.name == "reason":
        minutes.reason.append(text)
    else:
        minutes.has_conditions, minutes.opened = True, part.line
        minutes.tails.append(text)
    return ""


SEVERAL = re.compile(r"\b\d{1,2}(?:er)?\s*(?:et|and|&|ou|or|,)\s*\d{1,2}\b", re.IGNORECASE)


def _is_condition(minutes: _Minutes, part: LinePart) -> bool:
    """« - motif : revoir le budget » in the list of conditions may be one of them."""
    opened, line = minutes.opened, part.line
    if minutes.current != "conditions" or opened is None or line.kind != "item" or part.name in minutes.names:
        return False
    return opened.kind != "item" or line.depth > opened.depth


def _built(block: Block, outcome: str, minutes: _Minutes) -> Command:
    tails = [tail for tail in minutes.tails if tail.strip(" .,;")]
    tail = tails[-1] if tails else ""
    nothing = is_none(tail) and len(tails) == 1
    found = gathered_conditions("" if nothing else tail, minutes.listed)
    texts = (*(one.rstrip(" ,;") for tail in tails[:-1] for one in conditions.apart(tail)), *found.texts)
    reason = "\n".join(minutes.reason)
    if found.doubt or (minutes.has_conditions and outcome != "go" and not nothing):
        return block.doubt(found.doubt or tail, Doubt.UNREAD_MINUTES)
    if minutes.has_conditions and not nothing and not texts and not found.is_none:
        return block.doubt(block.text, Doubt.UNLISTED)
    if outcome == "go" and (OPENING.match(reason) or RESERVED.search(normalised(reason))):
        return block.doubt(reason, Doubt.UNREAD_MINUTES)  # a reservation in the reason is none, or is one
    return doubtful_parts(block, texts) or TakenInSession(
        outcome,
        tuple(minutes.names["present"]),
        texts,
        typed(reason, ()),
        tuple(minutes.names["excused"]),
        minutes.held,
        minutes.until,
    )
