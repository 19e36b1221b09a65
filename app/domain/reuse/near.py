"""How near two needs are: how much of their words is alike, weighed by how much what they share says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.domain.reuse.background import SERVICES, counts, pair_counts
from app.domain.reuse.catalogue import Common
from app.domain.reuse.names import NameBook
from app.domain.reuse.need import Need
from app.domain.reuse.plain import PLAIN
from app.domain.reuse.postings import Postings
from app.domain.reuse.templates import Templates
from app.domain.reuse.texts import marks, pieces, stems, without_templates, words_of

HALF = 5.0
"""What two needs must share for half of their likeness to count, in nats: two words, each said by one in twenty."""
SET_PHRASE = 3
"""Said by so many, two words that follow one another are one thing: « transition écologique »."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Near:
    """A card, how near it is from 0 to 1, and the stems that it shares."""

    ref: str
    score: float
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """What a card says: its short texts in order, all of it, and the pieces of each of its sides, sorted."""

    short: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]
    sides: tuple[tuple[str, ...], ...]

    def pairs(self) -> frozenset[Pair]:
        """Each two words of its short texts that follow one another."""
        return frozenset(pair for line in self.short for pair in pairwise(line))

    def words(self) -> frozenset[str]:
        return frozenset(word for line in self.short for word in line)


@dataclass(frozen=True, slots=True)
class Card:
    """A text under its numbers, one for each side; a product keeps its need, whose templates are the others'."""

    text: Text
    numbers: tuple[int, ...]
    need: Need | None = None


class Index:
    """Products and commons to be compared with, by their references; the order they came in changes nothing.

    What is kept of one depends on the others by their templates alone, so that one more costs itself alone. What a word
    says depends on all of them, and is worked out when it is asked.
    """

    def __init__(self, plain_words: Iterable[str] = ()) -> None:
        self._plain = PLAIN.union(word for text in plain_words for word in words_of(text))
        self._cards: dict[str, Card] = {}
        self._sides: dict[int, tuple[str, int]] = {}
        self._next = 0
        self._templates = Templates()
        self._whole, self._pieces = Postings(), Postings()
        self._pairs: Counter[Pair] = Counter()
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
        if commons == self._commons:
            return
        for common in self._commons:
            self._unpost(common.ref)
            self.names.drop(common.ref)
        for common in commons:
            self._post(common.ref, self._of_common(common), None)
            self.names.put(common.ref, (common.name, *common.replaces))
        self._commons = commons

    def put(self, need: Need) -> None:
        """A product, new or changed since."""
        if self.need(need.ref) == need:
            return
        self.drop(need.ref)
        changed = self._templates.put(need.ref, _marks(need))
        self._post(need.ref, self._of_need(need), need)
        self._read_again(changed)
        self.names.put(need.ref, (need.title,))

    def drop(self, ref: str) -> None:
        """A product that is no more; one never known changes nothing."""
        need = self.need(ref)
        if need:
            self._unpost(ref)
            self.names.drop(ref)
            self._read_again(self._templates.drop(ref, _marks(need)))

    def nearest(self, need: Need, most: int) -> tuple[Near, ...]:
        """The nearest cards, the need itself never among them; equals in the order of their references."""
        text = self._of_need(need)
        found: list[Near] = []
        for ref, likeness in self._alike(text, need.ref):
            if len(found) >= most and likeness < found[-1].score:
                break
            found.append(self._weighed(text, ref, likeness))
            found.sort(key=lambda one: (-one.score, one.ref))
            del found[most:]
        return tuple(found)

    def _alike(self, text: Text, own: str) -> list[tuple[str, float]]:
        """Every card that shares a piece, with how much of the words is alike: the cosine of their pieces."""
        found: dict[str, float] = {}
        for side in text.sides:
            square = _square(side)
            for number, count in Counter(self._pieces.of_all(side)).items():
                ref, other = self._sides[number]
                likeness = count / math.sqrt(square * other)
                if likeness > found.get(ref, 0.0):
                    found[ref] = likeness
        found.pop(own, None)
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))

    def _weighed(self, text: Text, ref: str, likeness: float) -> Near:
        other = self._cards[ref].text
        shared = text.words().intersection(other.whole) | other.words().intersection(text.whole)
        said = self._said(shared, text.pairs() & other.pairs())
        return Near(ref, likeness * said / (said + HALF), shared)

    def _said(self, shared: Collection[str], pairs: Collection[Pair]) -> float:
        """How much these words say together, in nats: the rarer, the more; a set phrase says one thing."""
        alone = {word: self._rarity(self._whole.count(word) + counts().get(word, 0)) for word in shared}
        told = {pair: self._pairs[pair] + pair_counts().get(pair, 0) for pair in pairs if alone.keys() >= set(pair)}
        twice = (
            min(alone[one], alone[other], max(0.0, alone[one] + alone[other] - self._rarity(count)))
            for (one, other), count in told.items()
            if count >= SET_PHRASE
        )
        return max(0.0, math.fsum(alone.values()) - math.fsum(twice))

    def _rarity(self, count: int) -> float:
        return math.log((len(self._cards) + SERVICES + 1) / (count + 1))

    def _of_need(self, need: Need) -> Text:
        line, rest = _lines(need.line), _lines(need.text)
        templates = self._templates.held_elsewhere(need.ref, _marks(need))
        if templates:
            line, rest = ([without_templates(words, templates) for words in lines] for lines in (line, rest))
        return self._text([[words_of(need.title), *line]], rest)

    def _of_common(self, common: Common) -> Text:
        sides = [[words_of(common.name), words_of(common.line)], *([words_of(need)] for need in common.needs)]
        return self._text(sides, [])

    def _text(self, sides: list[list[list[str]]], rest: list[list[str]]) -> Text:
        short = tuple(tuple(stems(line, self._plain)) for side in sides for line in side)
        more = (word for line in rest for word in stems(line, self._plain))
        shorts = (pieces((word for line in side for word in line), self._plain) for side in sides)
        whole = {word for line in short for word in line}.union(more)
        return Text(short, tuple(sorted(whole)), tuple(shorts))

    def _post(self, ref: str, text: Text, need: Need | None) -> None:
        numbers = tuple(range(self._next, self._next + len(text.sides)))
        self._next += len(numbers)
        self._cards[ref] = Card(text, numbers, need)
        for number, side in zip(numbers, text.sides, strict=True):
            self._sides[number] = ref, _square(side)
            self._pieces.put(number, side)
        self._whole.put(numbers[0], text.whole)
        self._pairs.update(text.pairs())

    def _unpost(self, ref: str) -> None:
        card = self._cards.pop(ref)
        for number, side in zip(card.numbers, card.text.sides, strict=True):
            del self._sides[number]
            self._pieces.drop(number, side)
        self._whole.drop(card.numbers[0], card.text.whole)
        self._pairs.subtract(card.text.pairs())

    def _read_again(self, refs: Iterable[str]) -> None:
        for ref in refs:
            need = self._cards[ref].need
            assert need is not None
            self._unpost(ref)
            self._post(ref, self._of_need(need), need)


def _square(side: Iterable[str]) -> int:
    """The square of a side's length, a piece told twice being twice as long."""
    return sum(times * times for times in Counter(side).values())


@lru_cache(maxsize=64)
def _lines(text: str) -> list[list[str]]:
    """The words of each line; those of one need are asked for several times in a row."""
    return [words for line in text.splitlines() if (words := words_of(line))]


def _marks(need: Need) -> set[int]:
    """The lines and runs of a need's answers; its title is its own, even when another bears it too."""
    return {mark for text in (need.line, need.text) for words in _lines(text) for mark in marks(words)}
