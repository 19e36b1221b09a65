"""How words typed by people are compared: without accents, case or typographic variants."""

from __future__ import annotations

import unicodedata

TYPOGRAPHY = {**dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"), ord("\u2019"): "'"}


def normalised(text: str) -> str:
    """Lower case, no accents, ordinary hyphens and apostrophes, single spaces: « No‑Go  » → "no-go"."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.translate(TYPOGRAPHY))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(letters.casefold().split())


def clipped(text: str, limit: int) -> str:
    """The text cut to `limit` characters, the cut shown by an ellipsis."""
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def storable(text: str) -> str:
    """Without what a database does not take: halves of characters, and characters that say nothing."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def vocabulary(text: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(text.split())
