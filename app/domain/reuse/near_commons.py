"""How near a need is to a common: the best of the need's phrases with the best of the entry's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from app.domain.reuse.catalogue import Common
from app.domain.reuse.phrase import NearNeed, Phrase, phrase
from app.domain.reuse.postings import Postings
from app.domain.reuse.texts import words_of
from app.domain.reuse.weights import Weights


class Commons:
    """The phrases of the catalogue's entries: a name with its line, the line, each need it answers.

    An entry is written to be found, in people's words: one sentence of a filing may be all that leads to it.
    """

    def __init__(self, plain: Collection[str], weights: Weights) -> None:
        self._plain, self._weights = plain, weights
        self._known: tuple[Common, ...] = ()
        self._phrases: list[tuple[str, Phrase]] = []
        self._lines: dict[str, frozenset[str]] = {}
        self._words = Postings()

    def learn(self, commons: tuple[Common, ...]) -> bool:
        """The entries in the place of those known before; False when they are the same."""
        if commons == self._known:
            return False
        self._known, self._words = commons, Postings()
        self._phrases = [(common.ref, one) for common in commons for one in self._of(common)]
        self._lines = {common.ref: phrase([words_of(common.line)], self._plain).words for common in commons}
        for number, (_, one) in enumerate(self._phrases):
            self._words.put(number, one.words)
        return True

    def near(self, asked: Iterable[Phrase]) -> Iterator[NearNeed]:
        """Every common that shares a word with one of these phrases.

        What led to an entry may be a need it answers, when people are shown its line: the words that the line shares
        are told too.
        """
        best: dict[str, NearNeed] = {}
        phrases = list(asked)
        for one in phrases:
            words, pairs = one.words, one.pairs
            for number in sorted(set(self._words.of_all(words))):
                ref, other = self._phrases[number]
                shared = words & other.words
                score = self._weights.score(one.likeness(other), shared, pairs & other.pairs)
                if ref not in best or score > best[ref].score:
                    best[ref] = NearNeed(ref, score, shared)
        said = frozenset(word for one in phrases for word in one.words)
        for ref, near in best.items():
            yield NearNeed(ref, near.score, near.shared | (said & self._lines[ref]))

    def _of(self, common: Common) -> Iterator[Phrase]:
        name, line = words_of(common.name), words_of(common.line)
        for lines in ([name, line], [line], *([words_of(need)] for need in common.needs)):
            yield phrase(lines, self._plain)
