"""How « /émargement » is read: who sat, who was excused, who stood in for whom, who was invited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.reading.command_types import Command, Doubt, SetAttendance
from app.domain.reading.comment_lines import UNSAID
from app.domain.reading.courtesy import is_idle
from app.domain.reading.field_lines import SUFFIX, LinePart, names, parts
from app.domain.reading.grammar import Block
from app.domain.reading.text import normalised

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
FOR = re.compile(r"→|->|=>|\s(?:par|by)\s", re.IGNORECASE)
BEFORE = ("rempla", "represent", "replaced", "est", "is", "was")
"""How the words that may stand before « par » begin: « secu est remplacée par cloud-ops »."""


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
        return block.doubt("", Doubt.UNLISTED)
    found = lists.names
    replaced = []
    for written in found.get("replaced", ()):
        pair = _pair(written)
        if not all(pair):
            return block.doubt(written)
        replaced.append(pair)
    return SetAttendance(
        _tuple(found, "present"),
        _tuple(found, "excused"),
        tuple(dict.fromkeys(replaced)) if "replaced" in found else None,
        _tuple(found, "guests"),
    )


def _pair(written: str) -> tuple[str, str]:
    """« secu par cloud-ops », « secu → cloud-ops », « secu (par cloud-ops) »: who is replaced, and who stands in."""
    head, within, inside = written.partition("(")
    if within and inside.endswith(")"):
        who, stand_in = head, re.sub(r"^\s*(?:par|by)\s", "", inside[:-1], flags=re.IGNORECASE)
    else:
        who, joined, stand_in = written, FOR.search(written), ""
        if joined:
            who, stand_in = written[: joined.start()], written[joined.end() :]
    kept = who.split()
    while len(kept) > 1 and normalised(kept[-1]).startswith(BEFORE):
        kept.pop()
    is_clear = not set("()→") & set(stand_in)
    return " ".join(kept).strip("@ "), stand_in.strip(" @") if is_clear else ""


def _tuple(found: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(found[name])) if name in found else None


def _taken(lists: _Lists, part: LinePart) -> str:
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
