"""`reconcile` writes GitHub: what must change there so that the issue, labels, card and comments show the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain import imports, labels, support
from app.domain.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    PlaceCard,
    PostComment,
    React,
    Reopen,
    RestoreCard,
)
from app.domain.gestures import is_closed_too_soon, is_resting
from app.domain.policy import Policy
from app.domain.product import Comment, Product, Standing, Trace
from app.domain.thread import Wanted, carries_other_facts, wanted_comments


def reconcile(product: Product, policy: Policy, now: datetime) -> tuple[Effect, ...]:
    """The effects still needed; applied and computed again, it returns none. Pure."""
    if not product.history:
        return tuple(support.reconcile(product.issue, policy)) if support.is_support(product.issue, policy) else ()
    state = product.standing
    undone = () if is_resting(product, now) else _undone(product, state, policy)
    return (
        *undone,
        *_closing(product, state, policy),
        *_comments(product, policy, now),
        *_nods(product, state),
    )


def _undone(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    """What hands may have changed: the issue's state, its labels, its card."""
    yield from _issue(product, policy)
    yield from _labels(product, state, policy)
    yield from _card(product, state, policy)


def _issue(product: Product, policy: Policy) -> Iterator[Effect]:
    if is_closed_too_soon(product, policy):
        yield Reopen()


def _labels(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    add, remove = labels.changes(product, state, policy)
    if add or remove:
        yield ChangeLabels(add, remove)


def _card(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    """The card stands in the column of its phase; without a board, or without that column, nothing can be done.

    Once a product has ended, its card may be archived or taken off the board like any other.
    """
    board, card = product.issue.board, product.issue.card
    column = policy.phase(state.phase).card if state.phase else ""
    if board is None or column not in board.options:
        return
    has_ended = policy.is_final(state.phase or "")
    if has_ended and (card.archived if card else not product.issue.is_open):
        return
    if card and card.archived:
        yield RestoreCard(board, card)
    if card is None or card.column != column:
        yield PlaceCard(board, card, column, board.options[column])


def _closing(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    """A product taken over after its end is closed once: between its card and the comment that ends the import.

    Opened again since, it stays as people want it.
    """
    told = any(comment.trace and comment.trace.key == imports.KEY for comment in product.issue.comments)
    if imports.is_over(state, policy) and product.issue.is_open and not told:
        yield Close()


def _comments(product: Product, policy: Policy, now: datetime) -> Iterator[Effect]:
    written: dict[str, tuple[Comment, Trace]] = {}
    for comment in product.issue.comments:
        if comment.trace:
            written.setdefault(comment.trace.key, (comment, comment.trace))
    for wanted in wanted_comments(product, policy, now):
        if wanted.key not in written:
            yield PostComment(wanted.message)
            continue
        comment, trace = written[wanted.key]
        if _is_touched(comment, trace) or _is_stale(trace, wanted):
            yield EditComment(comment.id, wanted.message, _edit_undone(comment))


def _edit_undone(comment: Comment) -> str:
    return comment.edited_at.isoformat() if comment.edited_by_person and comment.edited_at else ""


def _is_touched(comment: Comment, trace: Trace) -> bool:
    """Edited by a person, even if our mark still fits the text.

    Whoever may edit our comments may forge the mark too; GitHub names the last editor, and nobody edits as us.
    """
    return not trace.intact or comment.edited_by_person


def _is_stale(trace: Trace, wanted: Wanted) -> bool:
    """Showing data that has changed since, or not carrying the facts it should."""
    return carries_other_facts(trace.data, wanted.stamp) or (wanted.live and trace.data != wanted.stamp)


def _nods(product: Product, state: Standing) -> Iterator[Effect]:
    refused = {fact.comment for fact in state.refusals} - set(state.granted)
    nods = dict.fromkeys(state.granted, "THUMBS_UP") | dict.fromkeys(sorted(refused), "CONFUSED")
    comments = {comment.id: comment for comment in product.issue.comments}
    for number, content in nods.items():
        comment = comments.get(number)
        if comment and content not in comment.reactions:
            yield React(number, content)
