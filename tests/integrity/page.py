"""The page of integrity, read as its tests read it: what each adversary does, who sees it, with which sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "integrite.md"
SIGHTING = re.compile(r"\*\*(.+?)\*\* : « (.+) »")
NO_BREAK = str.maketrans({"\u00a0": " ", "\u202f": " "})
CELLS = 4


@dataclass(frozen=True)
class Row:
    """One adversary: `sightings` are the sentences, each by who says it."""

    number: str
    done: str
    sightings: dict[str, str]
    proof: str


def plain(text: str) -> str:
    return text.translate(NO_BREAK)


@cache
def rows() -> dict[str, Row]:
    """Every row of the tables of adversaries, by its number; two rows of one number are refused."""
    text = plain(PAGE.read_text(encoding="utf-8"))
    found: dict[str, Row] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if not line.startswith("| ") or len(cells) != CELLS or cells[0] == "N°":
            continue
        number, done, seen, proof = cells
        assert number not in found, f"two rows for {number}"
        found[number] = Row(number, done, _sightings(seen), proof)
    return found


def _sightings(cell: str) -> dict[str, str]:
    told = {}
    for part in cell.split("<br>"):
        one = SIGHTING.fullmatch(part.strip())
        assert one, f"not « who: sentence »: {part}"
        told[one[1]] = one[2]
    return told


def has_words(said: str, sentence: str) -> bool:
    """Whether a sentence of the page was said, « … » standing for any words of the same line."""
    parts = (re.escape(part.strip()) for part in sentence.split("…"))
    return re.search(r"[^\n]*?".join(parts), plain(said)) is not None
