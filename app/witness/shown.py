"""What GitHub shows of a sealed register: entries made again from the facts in comments, and the proofs beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.product.facts import History
from app.domain.product.history_in_comments import restored_history
from app.domain.product.issue import Comment
from app.github.carried_seals import every_seal
from app.transparency.entries import read_entry
from app.transparency.notes import NoteError, parse, parse_checkpoint
from app.transparency.placed import entry_of
from app.transparency.proofs import InclusionProof, parse_proof
from app.transparency.public_parts import split
from app.transparency.tree import leaf_hash
from app.witness.ballots import RegisteredBallot, ballots_of


@dataclass(frozen=True)
class Line:
    """An entry, and what its commitment hides while it is kept."""

    entry: str
    personal: Any = None
    salt: str | None = None

    @property
    def leaf(self) -> str:
        return leaf_hash(self.entry.encode()).hex()

    @property
    def at(self) -> datetime:
        """When it says it was recorded; before everything when it does not say."""
        try:
            return datetime.fromisoformat(read_entry(self.entry)["at"])
        except (ValueError, KeyError, TypeError):
            return datetime.min.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        """As archives write it."""
        return json.dumps({"entry": self.entry, "personal": self.personal, "salt": self.salt}, ensure_ascii=False)


@dataclass
class ShownRegister:
    """`lines` by number; `notes`: each checkpoint that a proof bears, by size; `origin` is empty without a seal."""

    lines: dict[int, Line] = field(default_factory=dict)
    proofs: list[InclusionProof] = field(default_factory=list)
    ballots: list[RegisteredBallot] = field(default_factory=list)

    @property
    def notes(self) -> dict[int, str]:
        return {one.checkpoint.size: one.note for one in self.proofs}

    @property
    def newest(self) -> str:
        """The note of the largest checkpoint; empty without any."""
        return self.notes[max(self.notes)] if self.proofs else ""

    @property
    def origin(self) -> str:
        return parse_checkpoint(parse(self.newest).text).origin if self.proofs else ""

    @property
    def former(self) -> int:
        """The number of the last fact that was there before the register was sealed."""
        try:
            return int(read_entry(self.lines[0].entry)["event"]["facts"])
        except (ValueError, KeyError, TypeError):
            return 0

    @property
    def holes(self) -> tuple[int, ...]:
        """Numbers under the newest seal that are shown nowhere."""
        return tuple(n for n in range(max(self.notes, default=0)) if n not in self.lines)


def shown_by(issues: Iterable[Iterable[Comment]]) -> ShownRegister:
    """Of the comments of our accounts, issue by issue; nothing of it is believed yet."""
    found, every = ShownRegister(), [tuple(comments) for comments in issues]
    for carried in every_seal(comment for comments in every for comment in comments):
        try:
            found.proofs.append(parse_proof(carried.proof))
        except NoteError:
            continue
        for text in carried.log:
            _add_event(found, text)
    for comments in every:
        history = restored_history(comments).history
        _add_history(found, history)
        found.ballots += ballots_of(history, found.former)
    found.ballots.sort(key=lambda one: one.n)
    return found


def _add_event(found: ShownRegister, text: str) -> None:
    try:
        number = read_entry(text)["n"]
    except (ValueError, KeyError):
        return
    if isinstance(number, int):
        found.lines.setdefault(number, Line(text))


def _add_history(found: ShownRegister, history: History) -> None:
    for rank, fact in enumerate(history, start=1):
        if fact.sealed is None or not (text := entry_of(found.origin, history, rank)):
            continue
        hidden = None if fact.sealed.erased else split(fact, history[: rank - 1]).personal
        found.lines.setdefault(fact.sealed.n, Line(text, hidden, fact.sealed.salt if hidden is not None else None))
