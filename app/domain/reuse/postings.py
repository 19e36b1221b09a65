"""For each word, or piece of a word, the cards that have it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import chain

NONE = array("I")


class Postings:
    """Lists of numbers by word; a number stands once in a list."""

    def __init__(self) -> None:
        self._lists: dict[str, array[int]] = {}

    def put(self, number: int, words: Iterable[str]) -> None:
        for word in words:
            there = self._lists.get(word)
            if there is None:
                self._lists[word] = array("I", (number,))
            else:
                there.append(number)

    def drop(self, number: int, words: Iterable[str]) -> None:
        for word in words:
            there = self._lists[word]
            there.remove(number)
            if not there:
                del self._lists[word]

    def of(self, word: str) -> array[int]:
        return self._lists.get(word, NONE)

    def of_all(self, words: Iterable[str]) -> Iterable[int]:
        """The numbers of every list, one after the other: a card as often as it has one of the words."""
        return chain.from_iterable(map(self.of, words))
