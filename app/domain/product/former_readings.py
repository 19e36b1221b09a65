"""What a former version of Jalon had read of a product: its answers, and its silences, stay as they are.

Every comment is read again at each turn, so a reader that understands more would answer years of old comments at once.
The cause of a fact tells which reader understood the comment: the first cause of this reader tells where it began, from
GitHub alone. Before that, only what a webhook brings is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.product.facts import Fact, History, ProductLeft, ProductMoved, ProductReturned, comment_id_of
from app.domain.product.issue import Comment

READER = "2"
"""The reader of this version, as causes name it; the first reader left no name in what it caused."""
EDITED = "e"
"""Its comment had been edited: it may be much older than comments first read at the same turn."""
NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class FormerReading:
    """How far a former version had read: the id of the last comment, and the time of the last edit."""

    newest: int
    moment: datetime
    unread: frozenset[int] = frozenset()
    """Older comments whose webhook was still waiting, or that this turn's webhook is about."""

    def includes(self, comment: Comment) -> bool:
        if comment.id in self.unread or comment.id > self.newest:
            return False
        return comment.edited_at is None or comment.edited_at <= self.moment


def signed_cause(cause: str, comment: Comment) -> str:
    """The cause of a command that this reader understands."""
    return f"{cause}:{READER}{EDITED if comment.edited_at else ''}"


def is_of_edit(cause: str) -> bool:
    """Whether this reader found the command in an edited comment."""
    parts = cause.split(":")
    return len(parts) > 3 and parts[-1] == f"{READER}{EDITED}"


def reading(
    history: History, comments: Sequence[Comment], unread: frozenset[int], kept: FormerReading | None = None
) -> FormerReading | None:
    """How far a former version had read a product's comments; None when this one read them all.

    `unread` are the comments of the deliveries not handled yet; `kept` what was found at this version's first turn.
    """
    if not history or history[0].cause.endswith(f":{READER}"):
        return None  # this reader filed or imported the product itself
    if kept:
        return replace(kept, unread=unread)
    known = [comment for comment in comments if not comment.trace and comment.id not in unread]
    first = next(filter(_is_first_read, history), None)
    if first:
        moved = any(isinstance(fact, ProductMoved) for fact in history)
        # A transfer gave every comment a new number: those that said nothing are known by their moment alone.
        numbers = [comment.id for comment in known if moved and comment.at <= first.at]
        return FormerReading(max(comment_id_of(first.cause) - 1, *numbers, 0), first.at, unread)
    begun = min((one.id for one in comments if one.id in unread and one.edited_at is None), default=None)
    until = _left_at(history)
    read = [one for one in known if (begun is None or one.id < begun) and (until is None or one.at <= until)]
    moment = max((one.edited_at or one.at for one in read), default=NEVER)
    return FormerReading(max((one.id for one in read), default=0), moment, unread)


def _left_at(history: History) -> datetime | None:
    """Since when the product is not followed, if it is not: what is written meanwhile is read when it comes back."""
    last = next((fact for fact in reversed(history) if isinstance(fact, ProductLeft | ProductReturned)), None)
    return last.at if isinstance(last, ProductLeft) else None


def is_of_this_reader(fact: Fact) -> bool:
    """Whether the reader of this version understood what caused a fact, as its cause tells."""
    return fact.cause.endswith((f":{READER}", f":{READER}{EDITED}"))


def _is_first_read(fact: Fact) -> bool:
    return bool(comment_id_of(fact.cause)) and fact.cause.split(":")[3:4] == [READER]
