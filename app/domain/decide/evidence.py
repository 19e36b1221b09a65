"""Notes when the comments behind a decision change: ballots edited or deleted, decisions restored.

Nothing here changes a vote or a decision: the change is recorded once, and shown beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from app.domain.decide.ballots import Vote, takes_back
from app.domain.decide.comment_commands import heard
from app.domain.decide.request import NoteAlteration, NoteDeletion, NoteRestoration, Request
from app.domain.policy.model import Policy
from app.domain.product.facts import BallotAltered, BallotCast, DecisionRestored, Fact, GateDecided, comment_id_of
from app.domain.product.gate_record import GateRecord
from app.domain.product.issue import Comment
from app.domain.product.state import APART, Product

FIRST_WATCHED = 1
"""First edition of decisions for which this is noted: what happened to older comments was never recorded."""
SURE = timedelta(minutes=10)
"""A decision just published may not be shown by GitHub yet: it is called missing only after this delay."""


def altered(product: Product) -> Iterator[Request]:
    """Ballots whose comment no longer says what was counted: edited, emptied, or deleted since the gate closed."""
    comments = {comment.id: comment for comment in product.issue.comments}
    for gate in product.standing.gates.values():
        for cast in last_cast(gate):
            comment = comments.get(cast.comment)
            if comment is not None and _says_otherwise(comment, cast, gate):
                how = "edited" if comment.body.strip() else "emptied"
                note = NoteAlteration(cast.comment, how)
                yield Request(note, comment.editor, f"altered:{cast.comment}", by_id=comment.editor_id)
            elif comment is None and _is_watched(gate) and not product.standing.former_comments:
                yield Request(NoteDeletion(cast.comment), "", f"gone:{cast.comment}")


def last_cast(gate: GateRecord) -> Iterator[BallotCast]:
    """The last ballot of each comment, except those already voided."""
    last = {ballot.fact.comment: ballot for ballot in gate.ballots}
    return (ballot.fact for ballot in last.values() if not ballot.voided_by)


def _is_watched(gate: GateRecord) -> bool:
    return gate.decision is not None and gate.decision.counting >= FIRST_WATCHED


def _says_otherwise(comment: Comment, cast: BallotCast, gate: GateRecord) -> bool:
    """While the gate is open, an edit that is still a vote is answered as one; afterwards any change is noted."""
    if not cast.digest or comment.digest == cast.digest:
        return False
    if gate.is_open:
        said = [one.command for one in heard(comment)]
        is_in_time = comment.edited_at is not None and comment.edited_at <= gate.deadline
        if cast.said_at is None or comment.edited_by_other or (is_in_time and takes_back(said)):
            return False
        return not any(isinstance(one, Vote) for one in said)
    return _is_watched(gate)


def restored_requests(product: Product) -> Iterator[Request]:
    """Decisions whose comment another account edited, or that was there and is gone."""
    written = _written(product)
    for number, gate in product.standing.gates.items():
        if gate.decision is None:
            continue
        comment = written.get(f"decision:{number}") or _effaced(gate, written, product)
        if comment is None and _was_published(gate.decision, product):
            yield Request(NoteRestoration(number, "deleted"), "", f"restored:{number}")
        elif comment is not None and comment.edited_by_other:
            who = f"restored:{number}:{comment.editor}"
            yield Request(NoteRestoration(number, "edited"), comment.editor, who, by_id=comment.editor_id)


def _written(product: Product) -> dict[str, Comment]:
    """Our comments by key; of two with one key, the one nobody else edited: the other may bear a copied marker."""
    found: dict[str, Comment] = {}
    for comment in sorted(product.issue.comments, key=lambda comment: comment.edited_by_other):
        if comment.trace:
            found.setdefault(comment.trace.key, comment)
    return found


def _effaced(gate: GateRecord, written: Mapping[str, Comment], product: Product) -> Comment | None:
    """Whether a comment of ours, emptied of its marker, was written when the missing decision was."""
    shown = {comment.id for key, comment in written.items() if key}
    ours = (comment for comment in product.issue.comments if comment.trace and comment.id not in shown)
    decided = (gate.decision, *gate.restorations)
    moments = [fact.at for fact in decided if fact]
    return next(
        (
            comment
            for comment in ours
            if comment.edited_by_other and any(at - APART <= comment.at <= at + SURE for at in moments)
        ),
        None,
    )


def _was_published(decision: GateDecided, product: Product) -> bool:
    """Whether something that Jalon writes after a decision is there: the turn that published it got that far."""
    asked, sure = comment_id_of(decision.cause), decision.at + SURE
    followed = any(comment.trace and comment.at > sure for comment in product.issue.comments)
    nods = (comment.reactions for comment in product.issue.comments if comment.id == asked)
    return followed or any("THUMBS_UP" in nod for nod in nods)


def decide_alteration(
    asked: Request, command: NoteAlteration, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    for number, gate in product.standing.gates.items():
        for cast in last_cast(gate):
            if cast.comment == command.comment:
                note = asked.note(now)
                return [BallotAltered(**note, gate=number, comment=cast.comment, voter=cast.by, how=command.how)]
    return []


def decide_restoration(
    asked: Request, command: NoteRestoration, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """Whether the decision is old enough that GitHub must show its comment."""
    decision = product.standing.gates[command.gate].decision
    if decision is None or (command.how == "deleted" and now - decision.at < SURE):
        return []
    return [DecisionRestored(**asked.note(now), gate=command.gate, how=command.how)]
