"""The rules of a vote, written a second time from docs/commandes.md alone: it imports nothing of the application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

WORDS = ("go", "nogo", "abstain", "recuse", "silent")


@dataclass(frozen=True)
class Law:
    quorum: int
    threshold: Fraction
    mandatory: frozenset[int] = frozenset()
    veto: frozenset[int] = frozenset()
    people: int = 0


def at_deadline(law: Law, votes: Sequence[str], speakers: Sequence[object]) -> str:
    """What the votes decide once nobody speaks any more: go, nogo, or nothing."""
    heard = [seat for seat, vote in enumerate(votes) if vote in ("go", "nogo", "abstain")]
    if len(heard) < law.quorum or len({speakers[seat] for seat in heard}) < law.people:
        return "nothing"
    go, nogo = votes.count("go"), votes.count("nogo")
    if any(votes[seat] == "nogo" for seat in law.veto):
        return "nogo"
    if go == 0 or go < law.threshold * (go + nogo):
        return "nogo"
    return "go" if law.mandatory <= set(heard) else "nothing"


def early(law: Law, votes: Sequence[str], speakers: Sequence[object]) -> str:
    """What is decided before the deadline: the outcome that nothing the silent seats may still say would change."""
    choices = [WORDS if vote == "silent" else (vote,) for vote in votes]
    others = [("new", seat) if votes[seat] == "silent" else speaker for seat, speaker in enumerate(speakers)]
    ends = {at_deadline(law, ends, others) for ends in map(list, product(*choices))}
    return ends.pop() if len(ends) == 1 else "nothing"


def voice(words: Sequence[tuple[str, str, bool]], people: Sequence[str]) -> str:
    """What a seat says, from all its people said: (who, what, whether somebody else rewrote it since); holder first.

    Whoever recuses is gone with all they said; the last word of the others counts.
    """
    gone = {who for who, what, _ in words if what == "recuse"}
    if gone.issuperset(people):
        return "recuse"
    left = [what for who, what, spoilt in words if who not in gone and not spoilt]
    return left[-1] if left else "silent"
