"""What a text says of a need: its words without their endings, its audiences, the pieces its words are made of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from app.domain.reuse.plain import AUDIENCES, EMPTY, PLAIN

WORDS = re.compile(r"[^\W_]+")
ACCENTS = re.compile("[\u0300-\u036f]+")
PIECE = 4
"""Letters of a piece: « agricole » and « agriculteur » have « agri » in common, and no stem."""
RUN = 7
"""Words in a row, seen in two filings, that are a form's or an editor's own."""
LONGEST_WORD = 40
LIGATURES = {ord("œ"): "oe", ord("Œ"): "OE", ord("æ"): "ae", ord("Æ"): "AE"}


def folded(text: str) -> str:
    """Lower case, no accents, no ligatures: « Cœur d’Été » → "coeur d’ete"."""
    if text.isascii():
        return text.lower()
    return unaccented(text).casefold()


def unaccented(text: str) -> str:
    """No accents, no ligatures; capitals stay."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(LIGATURES)


def words_of(text: str) -> list[str]:
    """Every word, folded, in order."""
    return WORDS.findall(folded(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its ending: « convocations » → "convoc". A stemmer has a state: each word is given its own."""
    # It loads the stemmers of thirty languages: three megabytes, which a process that compares no need does without.
    from snowballstemmer.french_stemmer import FrenchStemmer  # noqa: PLC0415

    found: str = FrenchStemmer().stemWord(word[:LONGEST_WORD])
    return found


def _starts() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """The audiences by the first of their words, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, ways in AUDIENCES.items():
        for way in ways:
            words = tuple(way.split())
            found.setdefault(words[0], []).append((words, name))
    return {first: tuple(sorted(ways, key=lambda way: (-len(way[0]), way))) for first, ways in found.items()}


STARTS = _starts()


def _grouped(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Each word, an audience of several words as one: (« demandeurs d’emploi », True)."""
    at = 0
    while at < len(words):
        for way, name in STARTS.get(words[at], ()):
            if tuple(words[at : at + len(way)]) == way:
                yield name, True
                at += len(way)
                break
        else:
            yield words[at], False
            at += 1


def says_something(word: str, plain: Collection[str]) -> bool:
    return word not in plain and word not in EMPTY and 1 < len(word) <= LONGEST_WORD and not word.isdecimal()


def stems(words: list[str], plain: Collection[str] = PLAIN) -> list[str]:
    """What the words say, in their order: stems, and audiences by their names."""
    said = ((word, is_audience) for word, is_audience in _grouped(words) if is_audience or says_something(word, plain))
    return [word if is_audience else stem(word) for word, is_audience in said]


def character_ngrams(words: Iterable[str], plain: Collection[str] = PLAIN) -> tuple[str, ...]:
    """The pieces of four letters that the words are made of, their edges marked; twice those of what is said again."""
    found: Counter[str] = Counter()
    for word in words:
        if says_something(word, plain):
            edged = f" {word} "
            found.update({edged[at : at + PIECE] for at in range(len(edged) - PIECE + 1)})
    return tuple(piece for piece in sorted(found) for _ in range(min(found[piece], 2)))


def shingles(words: list[str]) -> list[int]:
    """A line as a number, then each seven words in a row as one; the same numbers in every process."""
    numbers = [_number(word) for word in words]
    return [hash((0, *numbers)), *map(hash, zip(*(numbers[at:] for at in range(RUN)), strict=False))]


@lru_cache(maxsize=65536)
def _number(word: str) -> int:
    """Python's own number of a text changes at each start; that of several numbers does not."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=7).digest())


def without_templates(words: list[str], templates: Collection[int]) -> list[str]:
    """A line's words but for the runs among these; none when the whole line is one of them."""
    line, *runs = shingles(words)
    if line in templates:
        return []
    kept = [True] * len(words)
    for at, run in enumerate(runs):
        if run in templates:
            kept[at : at + RUN] = [False] * RUN
    return [word for word, keep in zip(words, kept, strict=True) if keep]


def shared_words(text: str, shared: Collection[str]) -> tuple[str, ...]:
    """The words of a text, as it writes them, whose stems are among these; each once, an audience by its first word."""
    found = (word for word in WORDS.findall(text) if stem(folded(word)) in shared)
    return tuple(dict.fromkeys(found))
