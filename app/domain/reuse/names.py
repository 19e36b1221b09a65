"""Products and commons named in a filing: by whole words with their capitals, unless the words are everyone's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.domain.reuse.ordinary import ORDINARY
from app.domain.reuse.texts import folded, unaccented

NAME_WORDS = re.compile(r"[^\W_]+")
OPENING, CLOSING = frozenset('«“"‹`'), frozenset('»”"›`')
MARKS = frozenset(" \t-*_•>#([–—+")
"""What may stand between the beginning of a line and its first word."""
LABEL = frozenset(":,;()\n|/=→")
"""What follows a word that stands for something: « Carbure : … », or the end of a line."""
FARTHEST = 40
"""Characters looked at on each side of a word."""
WIDEST = 3
"""Characters between two words of a name, as people type it: « France-Connect », « Mes aides »."""
TIGHT = frozenset(" -'./&+·")
JOINED = frozenset(".-·@+")
SPLIT = (" - ", " – ", " : ", " (", ", ")
"""After these, a name is explained: « Panoramax - Base de vues immersives »."""


@dataclass(frozen=True, slots=True)
class Spot:
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words, what stands between them, and how sure one may be of it."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    ref: str
    is_literal: bool
    """Without a capital, it is a name only as it is written: « rdv-insertion »."""
    needs_sign: bool
    """Its capital at the beginning of a sentence says nothing."""
    may_be_label: bool
    """Whether it is known as the first word of a line, before a colon: « Gestion des congés : » is not."""
    needs_quotes: bool


class NameBook:
    """Every name that may be recognised, by its first word; the order they came in changes nothing."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[Name, ...]] = {}
        self._by_first: dict[str, list[Name]] = {}

    def put(self, ref: str, written: Iterable[str]) -> None:
        """The names of a product or of a common, in the place of those known before."""
        self.drop(ref)
        names = {name.words: name for text in written for name in _names(ref, text)}
        self._names[ref] = tuple(names.values())
        for name in names.values():
            there = self._by_first.setdefault(name.words[0], [])
            there.append(name)
            there.sort(key=lambda one: (-len(one.words), one.words, one.ref))

    def drop(self, ref: str) -> None:
        for name in self._names.pop(ref, ()):
            there = self._by_first[name.words[0]]
            there.remove(name)
            if not there:
                del self._by_first[name.words[0]]

    def found(self, texts: Iterable[str], own: str, lists: Iterable[str] = ()) -> tuple[str, ...]:
        """The references named in the texts, in the order they are met; never `own`, nor another of the same name.

        `lists` answer a question that asks for names: one that is nobody's word may well come first there.
        """
        mine = {name.words for name in self._names.get(own, ())}
        both = ((text, kind) for kind, several in enumerate((texts, lists)) for text in several)
        met = (name for text, kind in both for name in self._met(text, is_list=bool(kind)) if name.words not in mine)
        return tuple(dict.fromkeys(name.ref for name in met))

    def _met(self, text: str, *, is_list: bool) -> Iterator[Name]:
        plain = _plain(text)
        spots = [Spot(found[0], *found.span()) for found in NAME_WORDS.finditer(plain)]
        at = 0
        while at < len(spots):
            names = self._at(plain, spots, at, is_list=is_list)
            yield from names
            at += len(names[0].words) if names else 1

    def _at(self, text: str, spots: list[Spot], at: int, *, is_list: bool) -> list[Name]:
        """Those who bear the longest name that begins with this word."""
        found: list[Name] = []
        for name in self._by_first.get(spots[at].word, ()):
            if found and len(name.words) < len(found[0].words):
                break
            if _reads(text, spots[at : at + len(name.words)], name, is_list=is_list):
                found.append(name)
        return found


def _names(ref: str, written: str) -> Iterator[Name]:
    """A name as it is written, and as it is called: before what explains it, and the acronym in its brackets."""
    text = " ".join(_plain(written).split())
    yield from _name(ref, text)
    for mark in SPLIT:
        before, found, after = text.partition(mark)
        if found:
            yield from _name(ref, before)
            if mark == " (":
                inside = after.partition(")")[0].removeprefix("ex:").removeprefix("ex ").strip()
                if inside[:1].isupper():
                    yield from _name(ref, inside)


def _name(ref: str, text: str) -> Iterator[Name]:
    spots = list(NAME_WORDS.finditer(text))
    words = tuple(spot[0] for spot in spots)
    if not words or sum(map(len, words)) < 3:
        return
    are_everyones = [folded(word) in ORDINARY or len(word) == 1 for word in words]
    if len(words) == 1 and are_everyones[0]:
        return
    gaps = tuple(text[one.end() : other.start()] for one, other in pairwise(spots))
    has_capital = any(word != word.lower() or word.isdecimal() for word in words)
    has_inner = any(map(_has_inner_capital, words)) or any(word[0].isupper() for word in words[1:])
    is_joined = any(JOINED.intersection(gap) for gap in gaps)
    yield Name(
        words,
        gaps,
        ref,
        is_literal=not has_capital,
        needs_sign=all(are_everyones) or not (has_inner or is_joined),
        may_be_label=has_inner or not all(are_everyones),
        needs_quotes=not has_capital and not is_joined,
    )


def _has_inner_capital(word: str) -> bool:
    """« ProConnect », « uMap », « DSFR », « A12 »: a word that nobody writes by chance."""
    return word[1:] != word[1:].lower() or any(letter.isdigit() for letter in word)


def _reads(text: str, spots: list[Spot], name: Name, *, is_list: bool) -> bool:
    if tuple(spot.word for spot in spots) != name.words:
        return False
    gaps = tuple(text[one.end : other.start] for one, other in pairwise(spots))
    if gaps != name.gaps and (name.is_literal or not all(map(_holds_together, gaps))):
        return False
    start, end = spots[0].start, spots[-1].end
    if name.needs_quotes:
        return _is_quoted(text, start, end)
    return not name.needs_sign or (is_list and name.may_be_label) or _is_signed(name, text, start, end)


def _holds_together(gap: str) -> bool:
    return len(gap) <= WIDEST and TIGHT.issuperset(gap) and ". " not in gap


def _is_signed(name: Name, text: str, start: int, end: int) -> bool:
    """Whether something besides its capital tells a name: quotes, the middle of a sentence, or standing as a label."""
    if _is_quoted(text, start, end) or not _begins(text, start):
        return True
    return name.may_be_label and _is_label(text, end)


def _is_quoted(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - FARTHEST) : start].rstrip(" ")
    after = text[end : end + FARTHEST].lstrip(" ")
    return before[-1:] in OPENING and after[:1] in CLOSING


def _begins(text: str, start: int) -> bool:
    """Whether a sentence, a line or an item begins here: a capital then says nothing."""
    at, least = start, max(0, start - FARTHEST)
    while at > least and text[at - 1] in MARKS:
        at -= 1
    return at == least or text[at - 1] in ".!?…\n|"


def _is_label(text: str, end: int) -> bool:
    after = text[end : end + FARTHEST].lstrip(" *_`")
    return not after or after[0] in LABEL


def _plain(text: str) -> str:
    """Without accents, with one kind of space and of apostrophe; capitals stay."""
    return unaccented(text.replace("’", "'"))
