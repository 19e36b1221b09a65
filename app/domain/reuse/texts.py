"""What a text says of a need: its words without their endings, its audiences, the pieces its words are made of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from snowballstemmer.french_stemmer import FrenchStemmer

from app.domain.reuse.plain import AUDIENCES, EMPTY, PLAIN

WORDS = re.compile(r"[^\W_]+")
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
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(LIGATURES)


def words_of(text: str) -> list[str]:
    """Every word, folded, in order."""
    return WORDS.findall(folded(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its ending: « convocations » → "convoc". A stemmer has a state: each word is given its own."""
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
    return 1 < len(word) <= LONGEST_WORD and not word.isdecimal() and word not in EMPTY and word not in plain


def stems(words: list[str], plain: Collection[str] = PLAIN) -> list[str]:
    """What the words say, in their order: stems, and audiences by their names."""
    said = ((word, is_audience) for word, is_audience in _grouped(words) if is_audience or says_something(word, plain))
    return [word if is_audience else stem(word) for word, is_audience in said]


def pieces(words: Iterable[str], plain: Collection[str] = PLAIN) -> frozenset[str]:
    """The pieces of four letters that the words are made of, their edges marked."""
    edged = (f" {word} " for word in words if says_something(word, plain))
    return frozenset(word[at : at + PIECE] for word in edged for at in range(len(word) - PIECE + 1))


def runs(words: list[str]) -> list[int]:
    """Each seven words in a row as a number, the same in every process."""
    return [_number(" ".join(words[at : at + RUN])) for at in range(len(words) - RUN + 1)]


def line_number(words: list[str]) -> int:
    """A whole line as a number, told apart from a run of its words."""
    return _number("\n" + " ".join(words))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=7).digest())


def without_templates(lines: Iterable[list[str]], seen: Collection[int]) -> Iterator[list[str]]:
    """Each line's words, in unbroken stretches, without the runs and the whole lines that `seen` names."""
    for words in lines:
        if line_number(words) in seen:
            continue
        kept = [True] * len(words)
        for at, run in enumerate(runs(words)):
            if run in seen:
                kept[at : at + RUN] = [False] * RUN
        yield [word for word, keep in zip(words, kept, strict=True) if keep]


def written(text: str, shared: Collection[str]) -> tuple[str, ...]:
    """The words of a text, as it writes them, whose stems are among these; each once, an audience by its first word."""
    found = (word for word in WORDS.findall(text) if stem(folded(word)) in shared)
    return tuple(dict.fromkeys(found))
