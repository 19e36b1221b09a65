"""How « /demande » is read: the phase it names, and what has changed on the points refused before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from app.domain.reading.command_types import Command, RequestGate
from app.domain.reading.comment_lines import CommentLine
from app.domain.reading.courtesy import is_idle, words
from app.domain.reading.grammar import WORDS_LIMIT, Block, is_taken_back, typed
from app.domain.reading.text import clipped

TO_PHASE = re.compile(
    r"^(?:(?:le|un|de|du|a|the)\s++)?(?:passage|passer|move)?\s*+"
    r"(?:(?:à|a|au|aux|en|vers|pour|to|de|la|le|l['’]|the|phase)\s++|l['’])*+",
    re.IGNORECASE,
)
LONGEST_PHASE = 6
"""Words of a phase's name, at most."""
AROUND_PHASE = " .!,;:«»\"“”'’()…→➡>*_-–—"
CHANGE_LIMIT = 1000
"""Characters kept of what has changed on one point."""
NUMBERED = re.compile(
    r"\s*+(?:[-*+•–—]\s++)?[*_]{0,3}(?:points?\s++)?(?:n[°º]\s*+|#)?(?P<number>\d{1,2}+)[*_]{0,3}"
    r"\s?(?::(?!\d)|\)|\.(?=\s|$)|[-–—](?=\s|$))[*_]{0,3}\s*+(?P<text>.*)",
    re.IGNORECASE,
)
"""« 1 : l’homologation est signée », « 2. », « 3) », « - 4 : »"""
FEWEST_WORDS = 3
"""Below, words that stand under « /demande mvp » are no account of a change: another phase, or a slip."""
SAYS = {"text", "item", "more"}


def read_gate_request(block: Block) -> Command:
    """« /demande », « /demande « POC », merci », « /demande le passage en MVP », the phase on the line below.

    Below, a line per point that the committee refused may say what has changed since, after its number.
    """
    own = _parts(block.text)
    loose = tuple(takewhile(lambda line: not NUMBERED.match(line.raw), block.attached))
    loose = tuple(line for line in loose if _parts(line.text))
    if not own and loose:
        own, loose = _parts(loose[0].text), loose[1:]
    if len(own) > 1:
        return block.doubt(own[1])
    if own and is_taken_back(own[0], strictly=True):
        return block.doubt(own[0])
    if loose and len(words(loose[0].text)) < FEWEST_WORDS:
        return block.doubt(_parts(loose[0].text)[0])
    below = tuple(line for line in block.below if line.kind in SAYS)
    changes = tuple(_numbered(below)) or tuple(_unnumbered(loose, below[len(block.attached) :]))
    doubt = _parts(loose[0].text)[0] if loose else _first_numbered(block.attached)
    named = () if own else tuple(_below(block))
    return RequestGate(_phase(own[0]) if own else "", named, changes, clipped(doubt, WORDS_LIMIT))


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;]", text) if not is_idle(part)]


def _first_numbered(lines: Sequence[CommentLine]) -> str:
    return next((line.text or line.raw.strip() for line in lines if NUMBERED.match(line.raw)), "")


def _numbered(lines: Sequence[CommentLine]) -> Iterator[tuple[int, str]]:
    """What each numbered line says, with the lines below it up to the next number."""
    starts = [(rank, found) for rank, line in enumerate(lines) if (found := NUMBERED.match(line.raw))]
    ends = [*(rank for rank, _ in starts), len(lines)][1:]
    for (rank, found), end in zip(starts, ends, strict=True):
        further = tuple(line for line in lines[rank + 1 : end] if not is_idle(line.text))
        yield int(found["number"]), clipped(typed(found["text"], further), CHANGE_LIMIT)


def _unnumbered(loose: Sequence[CommentLine], apart: Sequence[CommentLine]) -> Iterator[tuple[int, str]]:
    """Words without any number: they are about the one point refused, if there is but one."""
    said = typed("", tuple(line for line in (*loose, *apart) if not is_idle(line.text)))
    if said:
        yield 0, clipped(said, CHANGE_LIMIT)


def _phase(text: str) -> str:
    """The words that may name a phase, without those around them: « au MVP svp ! » → « MVP »."""
    said = text.strip(AROUND_PHASE).split()
    end = next((rank for rank in range(1, min(len(said), LONGEST_PHASE)) if is_idle(" ".join(said[rank:]))), len(said))
    target = " ".join(said[:end]).strip(AROUND_PHASE)
    return TO_PHASE.sub("", target).strip(AROUND_PHASE) or target


def _below(block: Block) -> Iterator[str]:
    """The short lines of the paragraphs below a bare request: the rules tell which of them is a phase."""
    for line in block.below:
        said = _phase(line.text) if len(line.text) <= WORDS_LIMIT and not is_idle(line.text) else ""
        if said and len(said.split()) <= LONGEST_PHASE:
            yield said
