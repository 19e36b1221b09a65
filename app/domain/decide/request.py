"""A request addressed to Jalon: the command, who gave it and what makes it unique; and the ways to answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.product.accounts import Account
from app.domain.product.facts import Blocker, CommandRefused, Fact, comment_id_of
from app.domain.reading.commands import Command


@dataclass(frozen=True)
class FileProduct(Command):
    """Asked by opening an issue through the form."""


@dataclass(frozen=True)
class RequestEntry(Command):
    """Asked by a complete form that names a phase to enter directly."""

    target: str


@dataclass(frozen=True)
class VoidBallot(Command):
    """Asked by the edition of a voter's comment: by somebody else, or by its author into words in doubt."""

    comment: int


@dataclass(frozen=True)
class NoteDeletion(Command):
    """Asked by the disappearance of a voter's comment."""

    comment: int


@dataclass(frozen=True)
class NoteAlteration(Command):
    """Asked by a voter's comment that no longer says what was counted; `how` is edited or emptied."""

    comment: int
    how: str


@dataclass(frozen=True)
class NoteRestoration(Command):
    """Asked by a decision whose comment was edited by another account, or is gone; `how` is edited or deleted."""

    gate: int
    how: str


@dataclass(frozen=True)
class Describe(Command):
    """Asked by an issue whose title, people, support labels or answers of the form are no longer those known."""

    title: str
    people: tuple[str, ...]
    needs: tuple[str, ...]
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BindAccounts(Command):
    """Asked by an open gate of a former version, which names people by their logins alone."""


@dataclass(frozen=True)
class Review(Command):
    """Asked when time has passed: close the open gate if its deadline decides it."""


@dataclass(frozen=True)
class SpeakThrough(Command):
    """Asked by a comment that another App wrote in somebody's name: whatever it says, it is one request."""

    app: str


@dataclass(frozen=True)
class Request:
    """One request; `cause` identifies it for ever, so that it is answered once."""

    command: Command
    by: str
    cause: str
    comment: int = 0
    digest: str = ""
    tampered_by: str = ""
    by_bot: bool = False
    said_at: datetime | None = None
    """When the comment was first written, by GitHub's clock."""
    edited_at: datetime | None = None
    """When it was last edited, if it was."""
    by_id: int = 0
    """The id of the account that asks; 0 when GitHub told none."""
    by_page: bool = False
    """Whether its comment was posted from a page of ours."""
    error: Exception | None = field(default=None, compare=False, repr=False)
    """The error of the reader on its comment, for the log."""

    @property
    def who(self) -> Account:
        return Account(self.by, self.by_id)

    @property
    def written_at(self) -> datetime | None:
        """Since when its present words are certain: what a comment said before an edit is unknown."""
        return self.edited_at or self.said_at

    def is_later_than(self, moment: datetime) -> bool:
        return self.written_at is not None and self.written_at > moment

    def is_older_than(self, fact: Fact) -> bool:
        """Whether its comment existed before the request that a fact answers.

        Comment ids are in order. Times are compared only where no comment asked, since GitHub's clock and ours may
        differ.
        """
        opening = comment_id_of(fact.cause)
        if opening and self.comment:
            return self.comment < opening
        return self.said_at is not None and self.said_at < fact.at

    def note(self, now: datetime) -> dict[str, Any]:
        """The fields shared by every fact that answers this request."""
        return {"at": now, "by": self.by, "by_id": self.by_id, "cause": self.cause}

    def refused(
        self, now: datetime, reason: str, blockers: tuple[Blocker, ...] = (), **details: object
    ) -> CommandRefused:
        """A refusal that says why."""
        words = tuple((name, str(value)) for name, value in details.items())
        name = type(self.command).__name__
        return CommandRefused(
            **self.note(now), command=name, reason=reason, comment=self.comment, details=words, blockers=blockers
        )
