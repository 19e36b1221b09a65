"""What a person says in their own name in a comment: neither code, nor a quotation, nor a hidden comment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^( {0,3}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})?)(`{3,}(?=[^`]*$)|~{3,})")
OPENING = re.compile(r"`+|<!--")
HIDDEN_BLOCK = re.compile(r"^ {0,3}<!--")


@dataclass(frozen=True)
class Fence:
    """A block of code under way; `indent` is that of the list item it stands in, 0 outside a list."""

    mark: str
    indent: int

    def is_left_by(self, line: str) -> bool:
        """Whether the line stands outside the list item, which ends the code with it."""
        return bool(line.strip()) and len(line) - len(line.lstrip(" ")) < self.indent

    def is_closed_by(self, line: str) -> bool:
        """By a run of the same mark, as long or longer, and nothing else on the line."""
        run = line[self.indent :].rstrip(" ")
        is_close = len(run) - len(run.lstrip(" ")) <= 3
        return is_close and run.lstrip(" ").startswith(self.mark) and not run.strip(f" {self.mark[0]}")


def code_after(fence: Fence | None, line: str) -> Fence | None:
    """The block of code under way once a line is read, from the one before it."""
    if fence and not fence.is_left_by(line):
        return None if fence.is_closed_by(line) else fence
    match = FENCE.match(line)
    return Fence(match[2], len(match[1]) if match[1].strip() else 0) if match else None


def spoken_lines(body: str) -> Iterator[str]:
    """The lines of a body that count as said, read as GitHub shows them (CommonMark fences and HTML comments)."""
    text = unicodedata.normalize("NFC", body).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    fence: Fence | None = None
    hidden = False
    for line, closed_below in zip(lines, _closed_below(lines), strict=True):
        if hidden:
            hidden = "-->" not in line
            continue
        is_code = fence is not None and not fence.is_left_by(line)
        fence = code_after(fence, line)
        is_code = is_code or fence is not None
        if not is_code and not line.lstrip().startswith(">") and not line.startswith(("    /", "\t/")):
            shown, start = _shown(line, closed_below=closed_below)
            hidden = start is not None
            yield shown[:start]


def _closed_below(lines: list[str]) -> list[bool]:
    """For each line, whether a hidden comment it leaves open ends before its paragraph does."""
    closed, found = False, []
    for line in reversed(lines):
        found.append(closed)
        closed = "-->" in line or (closed and bool(line.strip()))
    return found[::-1]


def _shown(line: str, *, closed_below: bool) -> tuple[str, int | None]:
    """The line without its hidden comments, and where one that goes on below begins.

    One begun inside a paragraph must end inside it to hide. Whoever writes comments chooses the line: it is read once.
    """
    kept: list[str] = []
    place, left_open = 0, None
    last_closing, pairs = line.rfind("-->"), _code(line)
    for opening in OPENING.finditer(line):
        start = opening.start()
        if start < place:
            continue
        if opening[0] != "<!--":
            end = pairs.get(start, opening.end())
            kept.append(line[place:end])
            place = end
        elif opening.end() <= last_closing:
            kept.append(line[place:start])
            place = line.index("-->", opening.end()) + 3
        elif left_open is None:
            left_open = sum(map(len, kept)) + start - place
    shown = "".join(kept) + line[place:]
    hides = left_open is not None and (closed_below or HIDDEN_BLOCK.match(shown))
    return shown, left_open if hides else None


def _code(line: str) -> dict[int, int]:
    """Start and end of what could be code: each run of backticks with the next one of the same length."""
    following: dict[int, int] = {}
    found: dict[int, int] = {}
    for run in reversed(list(re.finditer("`+", line))):
        length = len(run[0])
        if length in following:
            found[run.start()] = following[length]
        following[length] = run.end()
    return found
