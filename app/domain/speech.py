"""What a person says in their own name in a comment: neither code, nor a quotation, nor a hidden comment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
CODE_OR_HIDDEN = re.compile(r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|<!--.*?-->")
HIDDEN_BLOCK = re.compile(r"^ {0,3}<!--")


def spoken_lines(body: str) -> Iterator[str]:
    """The lines of a body that count as said, read as GitHub shows them (CommonMark fences and HTML comments)."""
    text = unicodedata.normalize("NFC", body).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    fence, hidden = "", False
    for number, line in enumerate(lines):
        if hidden:
            hidden = "-->" not in line
        elif fence:
            fence = "" if _closes(line, fence) else fence
        elif mark := FENCE.match(line):
            fence = mark[1]
        elif not line.lstrip().startswith(">") and not line.startswith(("    /", "\t/")):
            shown = CODE_OR_HIDDEN.sub(lambda match: match["code"] or "", line)
            start = _hidden_from(shown, lines[number + 1 :])
            hidden = start is not None
            yield shown[:start]


def _closes(line: str, fence: str) -> bool:
    mark = FENCE.match(line)
    return bool(mark and mark[1].startswith(fence) and not line.strip(" `~"))


def _hidden_from(line: str, following: list[str]) -> int | None:
    """Where a hidden comment of several lines begins; one begun inside a paragraph must end inside it to hide."""
    start = CODE_OR_HIDDEN.sub(lambda match: "x" * len(match[0]), line).find("<!--")
    if start < 0:
        return None
    if HIDDEN_BLOCK.match(line):
        return start
    for line_after in following:
        if not line_after.strip():
            return None
        if "-->" in line_after:
            return start
    return None
