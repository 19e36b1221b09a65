"""A ballot of the register held to the comment it says it comes from, as GitHub shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.product.fact import Fact
from app.domain.product.facts import BallotCast, BallotOrphaned
from app.witness.lies import Kind, Lie, lie

GONE = "gone"
"""Its comment was deleted, and the register says so."""
CHANGED = "changed"
"""Its comment was edited after the register read it: what it said then can no longer be seen."""
ELSEWHERE = "elsewhere"
"""It was cast in a repository that its product has left, or that was renamed: its comment is not in this one."""
CLOCKS = timedelta(minutes=5)
"""How far the register's clock may be from GitHub's: an edit so near its reading may have come after."""
SEEN = "seen"
"""At this hour, that account had written these words, and the register says no other."""


@dataclass(frozen=True)
class Ballot:
    """`n`: its number in the register; `repository` and `number`: the issue on which it was cast."""

    n: int
    repository: str
    number: int
    cast: BallotCast
    is_gone: bool = False


def ballots_of(facts: Iterable[Fact]) -> list[Ballot]:
    """Those of one product that come from a comment and are sealed, in order."""
    every = tuple(facts)
    gone = {one.comment for one in every if isinstance(one, BallotOrphaned)}
    return [
        Ballot(one.sealed.n, one.sealed.repository, one.sealed.number, one, one.comment in gone)
        for one in every
        if isinstance(one, BallotCast) and one.comment and one.sealed
    ]


def looked_at(ballot: Ballot, shown: Mapping[str, Any] | None, here: str) -> str | Lie:
    """SEEN, GONE, CHANGED or ELSEWHERE, or what does not hold.

    `shown` is the comment as GitHub shows it in the repository `here`, None when it shows none.
    """
    cast, n, is_here = ballot.cast, ballot.n, _same(ballot.repository, here)
    if shown is None:
        return GONE if ballot.is_gone else lie(Kind.ABSENT, n, cast.comment) if is_here else ELSEWHERE
    account = shown.get("user") or {}
    is_author = account.get("id") == cast.by_id if cast.by_id else _same(account.get("login", ""), cast.by)
    if not is_author:
        return lie(Kind.AUTHOR, n, cast.by_id or cast.by, account.get("id", "?"))
    number = int(str(shown["issue_url"]).rpartition("/")[2])
    if is_here and number != ballot.number:
        return lie(Kind.PLACE, n, ballot.number, number)
    written, edited = _moment(shown["created_at"]), _moment(shown["updated_at"])
    if cast.said_at is not None and cast.said_at != written:
        return lie(Kind.DATE, n, cast.said_at.isoformat(), written.isoformat())
    if cast.digest and hashlib.sha256(shown["body"].encode()).hexdigest() != cast.digest:
        is_certain = edited == written or edited + CLOCKS < cast.at
        return lie(Kind.TEXT, n) if is_certain else CHANGED
    return SEEN


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
