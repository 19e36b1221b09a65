"""A ballot of the register held to the comment it says it comes from, as GitHub shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.product.fact import Fact
from app.domain.product.facts import BallotCast, BallotOrphaned
from app.witness.lies import Lie, LieKind, lie

GONE = "gone"
"""Its comment was deleted, and the register says so."""
CHANGED = "changed"
"""Its comment was edited after the register read it: what it said then can no longer be seen."""
ELSEWHERE = "elsewhere"
"""It was cast in a repository that its product has left, or that was renamed: its comment is not in this one."""
ERASED = "erased"
"""What named its author was erased, on a request that the register tells: nothing is left to compare."""
UNKNOWN = "unknown"
"""Its author has no account any more, or is known by a name alone, from before accounts were kept by number."""
CLOCKS = timedelta(minutes=5)
"""How far the register's clock may be from GitHub's: an edit so near its reading may have come after."""
GHOST = "ghost"
"""Whose comments GitHub says they are, once their author's account is deleted."""
SEEN = "seen"
"""At this hour, that account had written these words, and the register says no other."""


@dataclass(frozen=True)
class RegisteredBallot:
    """`n`: its number in the register; `repository` and `number`: the issue on which it was cast.

    `is_former`: cast before the register was sealed, by versions that kept less; since then nothing is left out.
    """

    n: int
    repository: str
    number: int
    cast: BallotCast
    is_gone: bool = False
    is_former: bool = False

    @property
    def is_erased(self) -> bool:
        return bool(self.cast.sealed and self.cast.sealed.erased)

    @property
    def names_a_comment(self) -> bool:
        return bool(self.cast.comment) and not self.is_erased


def ballots_of(facts: Iterable[Fact], former: int) -> list[RegisteredBallot]:
    """Those of one product that are sealed, in order; `former`: the last number that was there before the seal."""
    every = tuple(facts)
    gone = {one.comment for one in every if isinstance(one, BallotOrphaned)}
    return [
        RegisteredBallot(place.n, place.repository, place.number, one, one.comment in gone, place.n <= former)
        for one in every
        if isinstance(one, BallotCast) and (place := one.sealed)
    ]


def looked_at(ballot: RegisteredBallot, shown: Mapping[str, Any] | None, here: str) -> str | Lie:
    """SEEN, or why that cannot be told, or what does not hold.

    `shown` is the comment as GitHub shows it in the repository `here`, None when it shows none.
    """
    cast, n, is_here = ballot.cast, ballot.n, _same(ballot.repository, here)
    if ballot.is_erased or (ballot.is_former and not cast.comment):
        return ERASED if ballot.is_erased else UNKNOWN
    if shown is None:
        return GONE if ballot.is_gone else lie(LieKind.ABSENT, n, cast.comment) if is_here else ELSEWHERE
    number = int(str(shown["issue_url"]).rpartition("/")[2])
    if is_here and number != ballot.number:
        return lie(LieKind.PLACE, n, ballot.number, number)
    return _author(ballot, shown.get("user") or {}) or _said(ballot, shown) or SEEN


def _author(ballot: RegisteredBallot, account: Mapping[str, Any]) -> str | Lie:
    """Nothing when it is this account's."""
    cast, login = ballot.cast, str(account.get("login", GHOST))
    if login == GHOST:
        return UNKNOWN
    if account.get("id") == cast.by_id:
        return ""
    if ballot.is_former and not cast.by_id:
        return "" if _same(login, cast.by) else UNKNOWN
    return lie(LieKind.AUTHOR, ballot.n, cast.by_id or cast.by, account.get("id", "?"))


def _said(ballot: RegisteredBallot, shown: Mapping[str, Any]) -> str | Lie:
    """Nothing when it is these words, at that hour."""
    cast, written, edited = ballot.cast, _moment(shown["created_at"]), _moment(shown["updated_at"])
    if cast.said_at != written and not (ballot.is_former and cast.said_at is None):
        said = cast.said_at.isoformat() if cast.said_at else "?"
        return lie(LieKind.DATE, ballot.n, said, written.isoformat())
    is_kept = cast.digest or not ballot.is_former
    if is_kept and hashlib.sha256(shown["body"].encode()).hexdigest() != cast.digest:
        is_certain = edited == written or edited + CLOCKS < cast.at
        return lie(LieKind.TEXT, ballot.n) if is_certain else CHANGED
    return ""


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
