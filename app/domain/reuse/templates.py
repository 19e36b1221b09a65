"""What two filings have in common word for word is a form's, not a need's: runs of seven words, and whole lines."""

from __future__ import annotations

from collections.abc import Iterable


class Templates:
    """Runs and lines by their numbers, with who holds them; most are held once, and cost a number and no more."""

    def __init__(self) -> None:
        self._holders: dict[int, str | set[str]] = {}

    def put(self, holder: str, marks: Iterable[int]) -> set[str]:
        """The other holders for whom something has just become a template."""
        changed: set[str] = set()
        for mark in marks:
            there = self._holders.setdefault(mark, holder)
            if isinstance(there, set):
                there.add(holder)
            elif there != holder:
                self._holders[mark] = {there, holder}
                changed.add(there)
        return changed

    def drop(self, holder: str, marks: Iterable[int]) -> set[str]:
        """The other holders for whom something is a template no longer."""
        changed: set[str] = set()
        for mark in marks:
            there = self._holders[mark]
            if isinstance(there, str):
                del self._holders[mark]
                continue
            there.discard(holder)
            if len(there) == 1:
                (last,) = there
                self._holders[mark] = last
                changed.add(last)
        return changed

    def held_elsewhere(self, holder: str, marks: Iterable[int]) -> set[int]:
        """Of these marks, those that somebody else holds."""
        return {mark for mark in marks if self._holders.get(mark, holder) != holder}
