"""`reconcile` writes GitHub: what must change there so that the issue, labels, card and comments show the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain.effects import ChangeLabels, EditComment, Effect, PlaceCard, PostComment, React
from app.domain.policy import Policy
from app.domain.product import Comment, Product, Standing, Trace
from app.domain.thread import Wanted, carries_other_facts, wanted_comments

GATE_REQUESTED = "passage: demandé"
CONDITION_OPEN = "passage: réserve ouverte"
GATE_REFUSED = "passage: refusé"
STATE_LABELS = (GATE_REQUESTED, CONDITION_OPEN, GATE_REFUSED)


def reconcile(product: Product, policy: Policy, now: datetime) -> tuple[Effect, ...]:
    """The effects still needed; applied and computed again, it returns none. Pure."""
    if not product.history:
        return ()
    state = product.standing
    return (
        *_labels(product, state, policy),
        *_card(product, state, policy),
        *_comments(product, policy, now),
        *_nods(product, state),
    )


def _labels(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    """Jalon owns the phase and gate labels and leaves every other label alone."""
    owned = {phase.label for phase in policy.phases} | set(STATE_LABELS)
    wanted = set(_state_labels(state))
    if state.phase and policy.knows(state.phase):
        wanted.add(policy.phase(state.phase).label)
    else:
        owned = set(STATE_LABELS)
    # GitHub takes two labels that differ by case for the same one.
    present = {label.casefold(): label for label in product.issue.labels}
    add = sorted(label for label in wanted if label.casefold() not in present)
    keep = {label.casefold() for label in wanted}
    remove = sorted(
        present[label.casefold()] for label in owned if label.casefold() in present and label.casefold() not in keep
    )
    if add or remove:
        yield ChangeLabels(tuple(add), tuple(remove))


def _state_labels(state: Standing) -> Iterator[str]:
    if state.open_gate:
        yield GATE_REQUESTED
    if state.open_conditions:
        yield CONDITION_OPEN
    decided = [gate.decision for gate in state.gates.values() if gate.decision]
    if decided and decided[-1].outcome == "nogo" and not state.open_gate:
        yield GATE_REFUSED


def _card(product: Product, state: Standing, policy: Policy) -> Iterator[Effect]:
    """The card stands in the column of its phase; without a board, or without that column, nothing can be done."""
    board, card = product.issue.board, product.issue.card
    column = policy.phase(state.phase).card if state.phase else ""
    if board is None or column not in board.options:
        return
    if card is None or (card.column != column and not card.archived):
        yield PlaceCard(board, card, column, board.options[column])


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
            yield EditComment(comment.id, wanted.message)


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
