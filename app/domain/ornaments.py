"""A command as phones and text editors dress it up: in bold, in a list, behind a wide slash or a hard space."""

from __future__ import annotations

import re
from dataclasses import dataclass

BLANK = "[ \u00a0\u2007\u202f\u200b\u2060\ufeff]"
"""The ordinary space, the hard ones that French typography calls for, and those that show nothing."""
START = re.compile(
    rf"^{BLANK}{{0,3}}(?P<bullet>(?:[-*+•–]|\d{{1,2}}[.)]){BLANK}{{1,4}})?(?P<mark>\*{{1,3}}|_{{1,3}})?[/\uff0f]"
)
BLANKS = re.compile(f"{BLANK}+")


@dataclass(frozen=True)
class Undressed:
    """`is_dressed` by marks that a person may also use to quote a command: a list, bold or italics."""

    line: str
    is_dressed: bool = False


def undressed(line: str) -> Undressed:
    """The line as the person would have typed it plainly; the line itself when it is no dressed command."""
    start = START.match(line)
    if not start:
        return Undressed(line)
    rest, mark = line[start.end() :], start["mark"]
    if mark:
        word, closing, after = rest.partition(mark)
        if not closing or mark[0] in word + after:
            return Undressed(line)
        rest = word + after
    plain = "/" + BLANKS.sub(" ", rest).rstrip()
    return Undressed(plain, bool(start["bullet"] or mark))
