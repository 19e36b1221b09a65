"""What people typed without what nobody sees: marks that hide or reverse what stands around them."""

from __future__ import annotations

import unicodedata

KEPT = "\n\t\r"
BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Letters and marks that show nothing."""
JOINER, STYLE = "\u200d", "\ufe0f"
"""Between two pictures the first makes one of them; the second gives a picture its colours."""


def visible(text: str) -> str:
    """The same text without what shows nothing or turns the others round; pictures joined together stay so."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for rank, char in enumerate(text) if _is_seen(char) or _joins(text, rank))


def _is_seen(char: str) -> bool:
    return char in KEPT or (unicodedata.category(char) not in {"Cc", "Cf", "Cs"} and char not in BLANK_LETTERS)


def _joins(text: str, rank: int) -> bool:
    before = text[rank - 1 : rank]
    is_picture = before == STYLE or (before != "" and unicodedata.category(before) in {"So", "Sk"})
    return text[rank] == JOINER and is_picture


def blank_start(text: str) -> int:
    """How many characters of its beginning show nothing: spaces of any kind, and what `visible` leaves out."""
    for rank, char in enumerate(text):
        if not char.isspace() and unicodedata.category(char)[0] not in "CZ" and char not in BLANK_LETTERS:
            return rank
    return len(text)
