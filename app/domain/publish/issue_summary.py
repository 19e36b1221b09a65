"""A short summary of a product's issue: enough to know whether it must be read in full."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from app.domain.decide.manual_changes import rests_until
from app.domain.decide.pace import described_again
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import Product
from app.domain.publish.effects import (
    ChangeLabels,
    EditComment,
    Effect,
    FillCard,
    PlaceCard,
    PostComment,
    Reopen,
    RestoreCard,
)

SHAPE = 3
"""Raised when a new version of Jalon must read every product once more."""
WINDOW = 100
"""The last comments looked at: GitHub gives no more in one page."""


@dataclass(frozen=True)
class CommentStamp:
    """A comment's id and last edit; comments of bots are left out."""

    id: int
    edited_at: str = ""


@dataclass(frozen=True)
class IssueSummary:
    """What a query of fifty issues tells of each."""

    id: str
    number: int
    is_open: bool
    title: str
    body: str
    labels: tuple[str, ...]
    column: str
    archived: bool
    values: tuple[tuple[str, str | float | None], ...]
    """What the fields of its card show, by name."""
    comments: int
    words: tuple[CommentStamp, ...]

    def fingerprint(self, policy: str) -> str:
        """A digest that stays the same while neither people nor the rules change anything; not comparable across
        products.
        """
        text = json.dumps([SHAPE, policy, asdict(self)], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def word(comment: int, *, by_bot: bool, edited_at: datetime | None, edited_by_other: bool) -> CommentStamp | None:
    """A bot's comment counts only when another account, person or bot, has edited it."""
    if by_bot and not edited_by_other:
        return None
    return CommentStamp(comment, edited_at.isoformat() if edited_at else "")


def expected(issue: Issue, effects: Iterable[Effect]) -> IssueSummary:
    """The summary that will be read once these effects are made, if nobody does anything else."""
    done = tuple(effects)
    posted = sum(isinstance(effect, PostComment) for effect in done)
    rewritten = {effect.comment for effect in done if isinstance(effect, EditComment)}
    shown = issue.comments[-(WINDOW - posted) :] if posted < WINDOW else ()
    words = (_word(comment) for comment in shown if comment.id not in rewritten or not comment.by_bot)
    summary = IssueSummary(
        issue.id,
        issue.number,
        issue.is_open,
        issue.title,
        issue.body,
        tuple(sorted(issue.labels)),
        (issue.card.column or "") if issue.card else "",
        issue.card is not None and issue.card.archived,
        shown_values(issue.card.values if issue.card else {}),
        len(issue.comments) + posted,
        tuple(found for found in words if found),
    )
    for effect in done:
        summary = _changed(summary, effect)
    return summary


def shown_values(values: Mapping[str, str | float | None]) -> tuple[tuple[str, str | float | None], ...]:
    """Sorted, without the empty ones."""
    return tuple(sorted((name, value) for name, value in values.items() if value is not None))


def _word(comment: Comment) -> CommentStamp | None:
    return word(comment.id, by_bot=comment.by_bot, edited_at=comment.edited_at, edited_by_other=comment.edited_by_other)


def _changed(summary: IssueSummary, effect: Effect) -> IssueSummary:
    if isinstance(effect, ChangeLabels):
        return replace(summary, labels=tuple(sorted({*summary.labels, *effect.add} - {*effect.remove})))
    if isinstance(effect, PlaceCard | FillCard):
        values = dict(summary.values) | {fill.name: fill.shown for fill in effect.fills}
        column = effect.column if isinstance(effect, PlaceCard) else summary.column
        return replace(summary, column=column, values=shown_values(values))
    if isinstance(effect, RestoreCard):
        return replace(summary, archived=False)
    if isinstance(effect, Reopen):
        return replace(summary, is_open=True)
    return summary


def next_moment(product: Product, now: datetime) -> datetime | None:
    """When time alone will change something: the gate's deadline, the end of a pause, or of a delay."""
    gate = product.standing.open_gate
    paused, quiet = product.standing.paused, gate.request.quiet_until if gate else None
    of_gate = gate.deadline if gate else None
    moments = (
        of_gate,
        quiet,
        paused.until if paused else None,
        rests_until(product, now),
        described_again(product, now),
    )
    return min((moment for moment in moments if moment and moment > now), default=None)
