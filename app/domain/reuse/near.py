"""How near two needs are: how much of their words is alike, weighed by how much what they share says."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.reuse.catalogue import Common
from app.domain.reuse.names import NameBook
from app.domain.reuse.near_commons import Commons
from app.domain.reuse.need import Need
from app.domain.reuse.phrase import NearNeed, Phrase, phrase
from app.domain.reuse.plain import PLAIN
from app.domain.reuse.postings import Postings
from app.domain.reuse.templates import Templates
from app.domain.reuse.texts import shingles, stems, without_templates, words_of
from app.domain.reuse.weights import Weights

SENTENCE_ENDS = re.compile(r"[.;!?…]")
MOST_SENTENCES = 20
"""Of a problem, asked of the catalogue one by one."""


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A product as it is compared: its title and line, and what its problem says besides."""

    need: Need
    number: int
    short: Phrase
    rest: tuple[str, ...]

    @property
    def whole(self) -> frozenset[str]:
        return self.short.words.union(self.rest)


class Index:
    """Products, and the catalogue, that a need is compared with; the order they came in changes nothing.

    What is kept of one product depends on the others by the templates they share alone, so that one more costs itself
    alone. What a word says depends on all of them, and is worked out when it is asked.
    """

    def __init__(self, plain_words: Iterable[str] = ()) -> None:
        self._plain = PLAIN.union(word for text in plain_words for word in words_of(text))
        self._cards: dict[str, NeedCard] = {}
        self._numbered: dict[int, tuple[str, int]] = {}
        self._next = 0
        self._templates, self._pieces, self._weights = Templates(), Postings(), Weights()
        self._catalogue = Commons(self._plain, self._weights)
        self._commons: tuple[Common, ...] = ()
        self.names = NameBook()

    def __len__(self) -> int:
        return len(self._cards)

    def need(self, ref: str) -> Need | None:
        """What is kept of a product under this reference."""
        card = self._cards.get(ref)
        return card.need if card else None

    def learn(self, commons: tuple[Common, ...]) -> None:
        """The commons of the catalogue, in the place of those known before."""
        if self._catalogue.learn(commons):
            for common in self._commons:
                self.names.drop(common.ref)
            for common in commons:
                self.names.put(common.ref, (common.name, *common.replaces))
            self._commons = commons

    def put(self, need: Need) -> None:
        """A product, new or changed since."""
        if self.need(need.ref) == need:
            return
        self.drop(need.ref)
        changed = self._templates.put(need.ref, _marks(need))
        self._post(need)
        self._read_again(changed)
        self.names.put(need.ref, (need.title,))

    def drop(self, ref: str) -> None:
        """A product that is no more; one never known changes nothing."""
        need = self.need(ref)
        if need:
            self._unpost(ref)
            self.names.drop(ref)
            self._read_again(self._templates.drop(ref, _marks(need)))

    def nearest(self, need: Need, most: int) -> tuple[NearNeed, ...]:
        """The nearest products, the need itself never among them, and every common that shares a word with it.

        Equals come in the order of their references. A catalogue holds more entries than are ever proposed: none of
        those takes the place of what may be shown.
        """
        return tuple(sorted((*self._near(need, most), *self._catalogue.near(self._asked(need))), key=_order))

    def _near(self, need: Need, most: int) -> list[NearNeed]:
        """The nearest products; a score is never above the likeness it comes from, so that most need none."""
        card, found = self._read(need, 0), list[NearNeed]()
        words, whole, pairs = card.short.words, card.whole, card.short.pairs
        alike = self._alike(card.short, need.ref)
        while alike and (len(found) < most or -alike[0][0] >= found[-1].score):
            opposite, ref = heapq.heappop(alike)
            other = self._cards[ref]
            others = other.short.words
            shared = words.intersection(other.rest) | (whole & others)
            score = self._weights.score(-opposite, shared, pairs & other.short.pairs)
            found = sorted((*found, NearNeed(ref, score, shared)), key=_order)[:most]
        return found

    def _alike(self, short: Phrase, own: str) -> list[tuple[float, str]]:
        """Every product that shares a piece of a word, as a heap: the most alike first, its likeness negative."""
        counts = Counter(self._pieces.of_all(short.pieces)).items()
        refs = ((count, *self._numbered[number]) for number, count in counts)
        found = [(-count / math.sqrt(short.square * square), ref) for count, ref, square in refs if ref != own]
        heapq.heapify(found)
        return found

    def _asked(self, need: Need) -> Iterator[Phrase]:
        """The phrases that may lead to a common: the title, the vision, all of it, each sentence of the problem."""
        title, templates = words_of(need.title), self._templates_of(need)
        line, rest = (_kept(text, templates) for text in (need.line, need.text))
        sentences = [
            [words_of(sentence)] for text in need.text.splitlines() for sentence in _sentences(text, templates)
        ]
        for lines in ([title], line, [title, *line], [title, *line, *rest], *sentences[:MOST_SENTENCES]):
            yield phrase(lines, self._plain)

    def _templates_of(self, need: Need) -> set[int]:
        return self._templates.held_elsewhere(need.ref, _marks(need))

    def _read(self, need: Need, number: int) -> NeedCard:
        templates = self._templates_of(need)
        short = phrase([words_of(need.title), *_kept(need.line, templates)], self._plain)
        rest = {word for line in _kept(need.text, templates) for word in stems(line, self._plain)}
        return NeedCard(need, number, short, tuple(sorted(rest - short.words)))

    def _post(self, need: Need) -> None:
        self._next += 1
        card = self._cards[need.ref] = self._read(need, self._next)
        self._numbered[card.number] = need.ref, card.short.square
        self._pieces.put(card.number, card.short.pieces)
        self._weights.put(card.whole, card.short.pairs)

    def _unpost(self, ref: str) -> None:
        card = self._cards.pop(ref)
        del self._numbered[card.number]
        self._pieces.drop(card.number, card.short.pieces)
        self._weights.drop(card.whole, card.short.pairs)

    def _read_again(self, refs: Iterable[str]) -> None:
        for ref in refs:
            need = self._cards[ref].need
            self._unpost(ref)
            self._post(need)


def _order(one: NearNeed) -> tuple[float, str]:
    return -one.score, one.ref


@lru_cache(maxsize=64)
def _lines(text: str) -> list[list[str]]:
    """The words of each line; those of one need are asked for several times in a row."""
    return [words for line in text.splitlines() if (words := words_of(line))]


def _kept(text: str, templates: Collection[int]) -> list[list[str]]:
    """The words of each line, without what others hold too."""
    lines = _lines(text)
    return [without_templates(words, templates) for words in lines] if templates else lines


def _sentences(line: str, templates: Collection[int]) -> list[str]:
    """Those of a line, or all that is left of it as one."""
    words = words_of(line)
    kept = without_templates(words, templates)
    return SENTENCE_ENDS.split(line) if kept == words else [" ".join(kept)]


def _marks(need: Need) -> set[int]:
    """The lines and runs of a need's answers; its title is its own, even when another bears it too."""
    return {mark for text in (need.line, need.text) for words in _lines(text) for mark in shingles(words)}
