"""What people's words say beyond what is shown before them: a seat, a day and an owner are not told twice."""

from __future__ import annotations

from typing import Protocol

from app.domain.reading import dates
from app.domain.reading.conditions import BEGINS_DUE
from app.domain.reading.text import normalised, vocabulary

LEADING, CLOSING = " ,;:–—-", ".,;:!?"
TO_A_DAY = vocabulary(
    "a au le d'ici jusqu'a jusqu'au to until by the on lundi mardi mercredi jeudi vendredi samedi dimanche "
    "monday tuesday wednesday thursday friday saturday sunday"
)
MOST_WORDS = 8
"""Of a day as people write it: « jusqu’au mardi 15 décembre 2026 »."""


def beyond(text: str, seat: str = "", due: str = "", owner: str = "") -> str:
    """The text without its seat at the head, its day and its owner at the end; whole where nothing else is said."""
    words = _without_day(text, due) if due else text.split()
    words = _without_seat(_without_owner(words, owner), seat)
    return " ".join(words) or text


class ShownCondition(Protocol):
    """A condition as notices and pages show it."""

    @property
    def text(self) -> str: ...
    @property
    def seat(self) -> str: ...
    @property
    def due(self) -> str: ...
    @property
    def owner(self) -> str: ...


def said_apart(one: ShownCondition, *, owner: bool = False) -> str:
    """What a condition says where its seat and its day are shown before it, and its `owner` too."""
    return beyond(one.text, one.seat, one.due, one.owner if owner else "")


def after_day(text: str, day: str) -> str:
    """« au 15/12/2026 : dossier incomplet » without the day (ISO) at its head; empty when it says nothing else."""
    words, kept = text.split(), 0
    for rank in range(1, min(len(words), MOST_WORDS) + 1):
        said = normalised(" ".join(words[:rank])).strip(LEADING + CLOSING)
        ends = (one for one, iso in dates.days_written(said) if iso in {day, f"-{day[4:]}"} and said.endswith(one))
        if any(TO_A_DAY.issuperset(said.removesuffix(one).split()) for one in ends):
            kept = rank
    return " ".join(words[kept:]).lstrip(LEADING) if kept else text


def _without_day(text: str, due: str) -> list[str]:
    """Without the words that announce the day shown, wherever they stand: « avant le 31/12/2026 »."""
    said, words = normalised(text), text.split()
    if len(said.split()) != len(words):
        return words
    same = {written for written, iso in dates.days_written(text) if iso in {due, f"-{due[4:]}"}}
    for match in BEGINS_DUE.finditer(said):
        day = next((one for one in sorted(same, key=len, reverse=True) if said.startswith(one, match.end())), "")
        if day and said[: match.start()][-1:] in {"", " "}:
            first = len(said[: match.start()].split())
            return _cut(words, first, first + len(said[match.start() : match.end() + len(day)].split()))
    return words


def _cut(words: list[str], first: int, last: int) -> list[str]:
    """Without the words from one to another; what followed the last of them closes what came before."""
    left, removed = words[:first], words[last - 1]
    closing = removed[len(removed.rstrip(CLOSING)) :]
    if left:
        left[-1] = left[-1].rstrip(LEADING) + (closing if last < len(words) else closing.strip(",;:"))
    right = words[last:] if left else [words[last].lstrip(LEADING), *words[last + 1 :]] if words[last:] else []
    return [word for word in (*left, *right) if word]


def _without_owner(words: list[str], owner: str) -> list[str]:
    """Without « , @compte » at the very end, where the account is shown."""
    if owner and len(words) > 1 and words[-2].endswith((",", ";")) and _bare(words[-1]) == f"@{owner.lower()}":
        return [*words[:-2], words[-2].rstrip(LEADING)]
    return words


def _bare(word: str) -> str:
    return word.rstrip(CLOSING).lower()


def _without_seat(words: list[str], seat: str) -> list[str]:
    """Without « Sécurité : » at the head, where that is the seat shown."""
    head, colon, rest = " ".join(words).partition(":")
    return rest.split() if seat and colon and rest.strip() and normalised(head) == normalised(seat) else words
