"""How « /émargement » is read: who sat, who was excused, who stood in for whom, who was invited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.reading.command_types import Command, SetAttendance
from app.domain.reading.comment_lines import UNSAID
from app.domain.reading.courtesy import is_idle
from app.domain.reading.field_lines import SUFFIX, Part, names, parts
from app.domain.reading.grammar import Block

LISTS = {
    "present": rf"pr[ée]sent{SUFFIX}|attendees|attending|participants?|membres? pr[ée]sents?|si[èe]ges? pr[ée]sents?",
    "excused": rf"excus[ée]{SUFFIX}|absent{SUFFIX}|excused|absentees|absents? excus[ée]s?",
    "replaced": rf"rempla(?:c[ée]|çant){SUFFIX}|remplacements?|repr[ée]sent[ée]{SUFFIX}|suppl[ée]ances?|replaced"
    "|stand-ins?|substitutes?",
    "guests": rf"invit[ée]{SUFFIX}|guests?|invited",
}
LIST_LABEL = re.compile(
    r"(?:^|(?<=[\s,;.(!]))(?:les\s+)?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in LISTS.items())
    + r")\s*:",
    re.IGNORECASE,
)
FOR = re.compile(
    r"(?P<who>[^→()]{1,80}?)\s*(?:→|->|=>|\s(?:est\s|was\s|is\s)?(?:(?:rempla|repr[ée]sent)[\w·.⋅]{0,10}\s)?par\s"
    r"|\s(?:(?:is|was)\s)?(?:(?:replaced|represented)\s)?by\s)\s*@?(?P<stand_in>[^→()]{1,80})",
    re.IGNORECASE,
)
WITHIN = re.compile(r"(?P<who>[^()]{1,80})\(\s*(?:(?:par|by)\s+)?@?(?P<stand_in>[^()]{1,80})\)")


@dataclass
class _Lists:
    names: dict[str, list[str]] = field(default_factory=dict)
    current: str = ""
    continues: bool = False


def attendance(block: Block) -> Command:
    """« /émargement » and below « présents : a, b », « excusés : c », « remplacés : d par e », « invités : f »."""
    lists = _Lists()
    for part in parts(LIST_LABEL, block.text, block):
        if doubt := _taken(lists, part):
            return block.doubt(doubt)
    if not lists.names:
        return block.doubt("", "unlisted")
    found = lists.names
    replaced = []
    for written in found.get("replaced", ()):
        pair = FOR.fullmatch(written) or WITHIN.fullmatch(written)
        if pair is None:
            return block.doubt(written)
        replaced.append((pair["who"].strip(" @"), pair["stand_in"].strip(" @")))
    return SetAttendance(
        _tuple(found, "present"),
        _tuple(found, "excused"),
        tuple(dict.fromkeys(replaced)) if "replaced" in found else None,
        _tuple(found, "guests"),
    )


def _tuple(found: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(found[name])) if name in found else None


def _taken(lists: _Lists, part: Part) -> str:
    """Put a piece in its list; returns the words that belong to none."""
    goes_on = lists.current and (lists.continues or part.line.kind == "item")
    if not part.name and not goes_on:
        return "" if is_idle(part.text) and part.line.kind != "row" else part.text or part.line.raw
    if UNSAID in part.text:
        return part.line.text
    lists.current = part.name or lists.current
    lists.names.setdefault(lists.current, []).extend(names(part.text))
    lists.continues = not part.text or part.text.rstrip().endswith((",", ";"))
    return ""
