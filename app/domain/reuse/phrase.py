"""A few words as they are compared with others: what they say, in order, and the pieces they are made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.reuse.texts import character_ngrams, stems
from app.domain.reuse.weights import Pair


@dataclass(frozen=True)
class NearNeed:
    """What may answer a need, how near it is from 0 to 1, and the stems that it shares."""

    ref: str
    score: float
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`lines` are the stems of each line; `square` is that of its length, a piece told twice being twice as long."""

    lines: tuple[tuple[str, ...], ...]
    pieces: tuple[str, ...]
    square: int

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for line in self.lines for word in line)

    @property
    def pairs(self) -> frozenset[Pair]:
        """Each two words that follow one another."""
        return frozenset(pair for line in self.lines for pair in pairwise(line))

    def likeness(self, other: Phrase) -> float:
        """The cosine of their pieces."""
        mine, theirs = Counter(self.pieces), Counter(other.pieces)
        shared = sum(times * theirs[piece] for piece, times in mine.items() if piece in theirs)
        return shared / math.sqrt(self.square * other.square) if shared else 0.0


def phrase(lines: Iterable[Sequence[str]], plain: Collection[str]) -> Phrase:
    """Lines of folded words, as one phrase."""
    kept = [list(line) for line in lines]
    made = character_ngrams((word for line in kept for word in line), plain)
    return Phrase(
        tuple(tuple(stems(line, plain)) for line in kept),
        made,
        sum(times * times for times in Counter(made).values()),
    )
