"""`reconcile` writes GitHub: what must change there so that the issue, labels, card and comments show the history."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.decide.manual_changes import is_closed_too_soon, is_resting
from app.domain.policy.model import Policy
from app.domain.product import former_readings, imported, labels
from app.domain.product.facts import BallotVoided, CommandRefused, HelpAsked, comment_id_of
from app.domain.product.history_in_comments import same_facts
from app.domain.product.issue import Board, Comment, CommentMarker
from app.domain.product.proof import shows
from app.domain.product.state import Product, ProductState
from app.domain.publish import outdated, support_requests, suspended
from app.domain.publish.card_fields import lacking
from app.domain.publish.comments import WantedComment, carries_other_facts, wanted_comments
from app.domain.publish.effects import (
    ChangeLabels,
    Close,
    EditComment,
    Effect,
    FillCard,
    HideComment,
    PlaceCard,
    PostComment,
    React,
    Removal,
    RemoveComment,
    Reopen,
    RestoreCard,
    ShowComment,
    TakeBack,
)

THUMBS_UP, CONFUSED = "THUMBS_UP", "CONFUSED"


def reconcile(product: Product, policy: Policy, now: datetime) -> tuple[Effect, ...]:
    """The effects still needed; applied and computed again, it returns none. Pure."""
    if not product.history:
        return (
            tuple(support_requests.reconcile(product.issue, policy))
            if support_requests.is_support(product.issue, policy)
            else ()
        )
    state = product.standing
    undone = () if state.left or is_resting(product, now) else _undone(product, state, policy)
    comments = tuple(_comments(product, policy, now))
    return (
        *undone,
        *_closing(product, state, policy),
        *comments,
        *suspended.lifted(product.issue),
        *_nods(product, state),
        *_folds(_once_edited(product, comments)),
    )


def _undone(product: Product, state: ProductState, policy: Policy) -> Iterator[Effect]:
    """What hands may have changed: the issue's state, its labels, its card."""
    yield from _issue(product, policy)
    yield from _labels(product, state, policy)
    yield from _card(product, state, policy)


def _issue(product: Product, policy: Policy) -> Iterator[Effect]:
    if is_closed_too_soon(product, policy):
        yield Reopen()


def _labels(product: Product, state: ProductState, policy: Policy) -> Iterator[Effect]:
    add, remove = labels.changes(product, state, policy)
    if add or remove:
        yield ChangeLabels(add, remove)


def _card(product: Product, state: ProductState, policy: Policy) -> Iterator[Effect]:
    """The card stands in the column of its phase and tells where the product stands; without a board, nothing is done.

    Without that column, the card stays where it is. Once a product has ended, its card may be archived or taken off
    the board like any other.
    """
    board, card = product.issue.board, product.issue.card
    if board is None:
        return
    option = board.options.get(policy.phase(state.phase).card) if state.phase else None
    has_ended = policy.is_final(state.phase or "")
    if has_ended and (card.archived if card else not product.issue.is_open):
        return
    if option and card and card.archived:
        yield RestoreCard(board, card)
    yield from _on_card(product, policy, board, option)


def _on_card(product: Product, policy: Policy, board: Board, option: str | None) -> Iterator[Effect]:
    """One call at most: what a card lacks is written with its move."""
    card, column = product.issue.card, policy.phase(product.standing.phase or "").card
    fills = lacking(product, policy, board, card)
    if option and (card is None or card.column != column):
        yield PlaceCard(board, card, column, option, fills)
    elif fills and card and (option or not card.archived):
        yield FillCard(board, card, fills)


def _closing(product: Product, state: ProductState, policy: Policy) -> Iterator[Effect]:
    """A product taken over after its end is closed once: between its card and the comment that ends the import.

    Opened again since, it stays as people want it.
    """
    told = any(comment.trace and comment.trace.key == imported.KEY for comment in product.issue.comments)
    if imported.had_ended_before(state, policy) and product.issue.is_open and not told:
        yield Close()


def _comments(product: Product, policy: Policy, now: datetime) -> Iterator[Effect]:
    written: dict[str, tuple[Comment, CommentMarker]] = {}
    # Of two that bear one key, the one that nobody else touched is ours, else the first.
    for comment in sorted(product.issue.comments, key=lambda comment: comment.edited_by_other):
        if comment.trace:
            written.setdefault(comment.trace.key, (comment, comment.trace))
    wanted_now = wanted_comments(product, policy, now)
    kept = {wanted.key for wanted in wanted_now} | {suspended.KEY}
    again = [one for one in product.issue.comments if one.trace and written[one.trace.key][0] is not one]
    spoilt = [one for one in product.issue.comments if _is_spoilt(one, kept) or (one in again and one.edited_by_other)]
    for wanted in wanted_now:
        if wanted.key not in written:
            # A comment of ours whose text a person replaced is reused for the next comment that is missing.
            place = spoilt.pop(0) if spoilt else None
            yield EditComment(place.id, wanted.message, place.edit_undone) if place else PostComment(wanted.message)
            continue
        comment, trace = written[wanted.key]
        if _is_touched(comment, trace) or _is_stale(trace, wanted):
            yield EditComment(comment.id, wanted.message, comment.edit_undone)
    twice = [one for one in again if one.trace and one.trace.key and not one.edited_by_other]
    yield from (RemoveComment(one.id, Removal.FORGED) for one in spoilt)
    yield from (RemoveComment(one.id) for one in twice)


def _is_spoilt(comment: Comment, kept: Collection[str]) -> bool:
    """A comment of ours that another account rewrote, and whose mark, if any is left, names nothing to put back.

    A key that nobody wants is as forged as none: its words would stay under our name.
    """
    return comment.trace is not None and comment.edited_by_other and comment.trace.key not in kept


def _is_touched(comment: Comment, trace: CommentMarker) -> bool:
    """Edited by another account, person or bot, even if our mark still fits the text.

    Whoever may edit our comments may forge the mark too; GitHub names the last editor, and nobody edits as us.
    """
    return not trace.intact or comment.edited_by_other


def _is_stale(trace: CommentMarker, wanted: WantedComment) -> bool:
    """Showing data that has changed since, or not carrying what it should, whatever its stamp claims."""
    carries_others = carries_other_facts(trace.data, wanted.stamp) or not same_facts(trace.record, wanted.record)
    lacks_proof = wanted.seal is not None and not shows(trace.seal, wanted.seal)
    return carries_others or lacks_proof or (wanted.live and trace.data != wanted.stamp)


def _once_edited(product: Product, effects: tuple[Effect, ...]) -> Product:
    """Its comments under the keys they are about to bear: one put back in this turn may be one to fold."""
    keys = {one.comment: one.message.key for one in effects if isinstance(one, EditComment)}
    if not keys:
        return product
    comments = tuple(
        replace(one, trace=replace(one.trace, key=keys[one.id])) if one.trace and one.id in keys else one
        for one in product.issue.comments
    )
    return product.seen_as(issue=replace(product.issue, comments=comments))


def _folds(product: Product) -> Iterator[Effect]:
    """Answers no longer true are folded once: whoever opens one again for everybody wants it so."""
    folded, past = product.issue.folded, outdated.keys(product)
    for comment in product.issue.comments:
        is_past = comment.trace is not None and comment.trace.key in past
        if is_past and not comment.is_hidden and comment.id not in folded:
            yield HideComment(comment.id)
        elif comment.trace and not is_past and comment.is_hidden and comment.id in folded:
            yield ShowComment(comment.id)


def _nods(product: Product, state: ProductState) -> Iterator[Effect]:
    """The nod that fits the last answer to a comment: an edit may have brought another one."""
    refused = {fact.comment for fact in state.refusals} - set(state.granted)
    nods = dict.fromkeys(state.granted, THUMBS_UP) | dict.fromkeys(sorted(refused), CONFUSED)
    comments = {comment.id: comment for comment in product.issue.comments}
    edited = [comments[number] for number in nods if number in comments and comments[number].edited_at]
    last = _last_nods(product, {comment.id for comment in edited}) if edited else {}
    for number, content in (nods | last).items():
        comment = comments.get(number)
        if comment and content not in comment.reactions:
            yield React(number, content)
        other = CONFUSED if content == THUMBS_UP else THUMBS_UP
        if number in last and comment and other in comment.reactions:
            yield TakeBack(number, other)


def _last_nods(product: Product, edited: Collection[int]) -> dict[int, str]:
    """By edited comment, the nod for what its last edit was answered; granted in part is granted."""
    answers: dict[int, tuple[object, str]] = {}
    for fact in product.history:
        number = comment_id_of(fact.cause)
        if number not in edited or not former_readings.is_of_edit(fact.cause):
            continue
        if isinstance(fact, HelpAsked | BallotVoided):
            continue
        reading = (fact.at, fact.cause.split(":")[3:])
        content = CONFUSED if isinstance(fact, CommandRefused) else THUMBS_UP
        before, said = answers.get(number, (None, ""))
        answers[number] = (reading, THUMBS_UP if before == reading and said == THUMBS_UP else content)
    return {number: content for number, (_, content) in answers.items()}
