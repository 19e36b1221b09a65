"""What words say: the fewer say them, the more; a set phrase says one thing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable

from app.domain.reuse.background import SERVICES, counts, pair_counts

HALF = 5.0
"""What two texts must share for half of their likeness to count, in nats: two words, each said by one in twelve."""
SET_PHRASE = 3
"""Said by so many, two words that follow one another are one thing: « transition écologique »."""

Pair = tuple[str, str]


class Weights:
    """Counted over the products known and over public services, so that a first product already knows what is rare."""

    def __init__(self) -> None:
        self._cards = SERVICES
        self._words: Counter[str] = Counter()
        self._pairs: Counter[Pair] = Counter()

    def put(self, words: Iterable[str], pairs: Iterable[Pair]) -> None:
        self._cards += 1
        self._words.update(words)
        self._pairs.update(pairs)

    def drop(self, words: Iterable[str], pairs: Iterable[Pair]) -> None:
        self._cards -= 1
        self._words.subtract(words)
        self._pairs.subtract(pairs)

    def score(self, likeness: float, shared: Collection[str], pairs: Collection[Pair]) -> float:
        """How near two texts are, from 0 to 1, that are so much alike and share these words."""
        said = self._said(shared, pairs)
        return likeness * said / (said + HALF)

    def _said(self, shared: Collection[str], pairs: Collection[Pair]) -> float:
        alone = {word: self._rarity(self._words[word] + counts().get(word, 0)) for word in shared}
        told = {pair: self._pairs[pair] + pair_counts().get(pair, 0) for pair in pairs if alone.keys() >= set(pair)}
        twice = (
            min(alone[one], alone[other], max(0.0, alone[one] + alone[other] - self._rarity(count)))
            for (one, other), count in told.items()
            if count >= SET_PHRASE
        )
        return max(0.0, math.fsum(alone.values()) - math.fsum(twice))

    def _rarity(self, count: int) -> float:
        return math.log((self._cards + 1) / (count + 1))
