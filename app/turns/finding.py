"""Tells whether a reading already shows what the webhook told: GitHub may send it before its copies are updated."""

from __future__ import annotations

from datetime import datetime

from app.domain.product.issue import Card, Issue
from app.github.client import LaterError
from app.store.recent_writes import Beginning, write_words
from app.turns.wakeup import ProductWakeUp, Sign

WAITS_S = (1, 3, 10, 30)
"""Seconds before each new reading; after the last, the reading is believed."""
SAME_SECOND = 2
"""Readings when two moments are of the same second: copies are seldom later, and the difference may be our own write.
"""


ALREADY_SHOWN = "told again of a filing: the turn that began the product had read it"


class StaleReadError(LaterError):
    """GitHub does not show yet what its webhook told."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"GitHub does not show {what} yet", seconds)


def not_shown_yet(wake: ProductWakeUp, issue: Issue) -> str:
    """What the webhook tells and the reading does not show; empty when it shows all of it."""
    sign = wake.sign
    if sign.at and issue.updated_at and issue.updated_at < sign.at:
        return "the issue as it is"
    if sign.title and not _shows_issue(issue, sign):
        return "the issue as it was written"
    if sign.comment and not sign.is_gone and not _shows_comment(issue, sign):
        return "the comment"
    if sign.label and (sign.label.casefold() in {label.casefold() for label in issue.labels}) == sign.is_gone:
        return "the label"
    if wake.gesture and sign.card and issue.board and wake.gesture.board == issue.board.id:
        return "" if _shows_card(issue.card, sign) else "the card"
    return ""


def is_shown_already(wake: ProductWakeUp, beginning: Beginning) -> bool:
    """Whether the turn that began the product had read, and answered, all that this delivery tells of.

    A filing is told by an event for the issue, and by one for each label of its form. Only what that reading showed is
    known by it, and only if it was as new as the delivery: a label put later by a hand, or taken off, is looked at.
    """
    sign = wake.sign
    if sign.at is None or sign.at > beginning.at:
        return False
    if sign.label:
        return not sign.is_gone and sign.label.casefold() in beginning.labels
    return bool(sign.title) and write_words(sign.title, sign.text) == beginning.words


def perhaps_missing(wake: ProductWakeUp, issue: Issue) -> str:
    """What differs between webhook and reading when both are of the same second: either may be the older.

    GitHub gives no finer time. A person may have acted within the second of our own write, or undone it.
    """
    sign = wake.sign
    if sign.is_open is not None and issue.is_open != sign.is_open and issue.updated_at == sign.at:
        return "the issue as it is"
    found = next((comment for comment in issue.comments if comment.id == sign.comment), None)
    if found and not sign.is_gone and sign.comment_at == _last(found.at, found.edited_at):
        return "" if _plain(found.body) == _plain(sign.text) else "the comment"
    is_ours = wake.gesture and issue.board and wake.gesture.board == issue.board.id
    if is_ours and issue.card and issue.card.id == sign.card and issue.card.updated_at == sign.card_at:
        return "the card" if _stands_otherwise(wake, issue.card) else ""
    return ""


def _stands_otherwise(wake: ProductWakeUp, card: Card) -> bool:
    if wake.sign.is_gone:
        return not card.archived
    column = wake.gesture.column if wake.gesture else None
    return column is not None and column != (card.column or "")


def _shows_issue(issue: Issue, sign: Sign) -> bool:
    """Within one second, the finest time GitHub gives, only the text tells which of two versions is older."""
    is_as_told = (_plain(issue.title), _plain(issue.body)) == (_plain(sign.title), _plain(sign.text))
    return is_as_told or not issue.updated_at or not sign.at or issue.updated_at > sign.at


def _shows_comment(issue: Issue, sign: Sign) -> bool:
    found = next((comment for comment in issue.comments if comment.id == sign.comment), None)
    if found is None:
        return False
    is_as_told = _plain(found.body) == _plain(sign.text)
    return is_as_told or sign.comment_at is None or _last(found.at, found.edited_at) >= sign.comment_at


def _shows_card(card: Card | None, sign: Sign) -> bool:
    """A card taken off the board is no longer shown, or was put back since; any other is compared by its time."""
    is_older = card is not None and card.updated_at is not None and sign.card_at is not None
    is_older = is_older and card is not None and card.updated_at < sign.card_at  # type: ignore[operator]
    if sign.is_gone:
        return card is None or card.id != sign.card or not is_older
    return card is not None and not is_older


def _last(written: datetime, edited: datetime | None) -> datetime:
    return edited or written


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
