"""Products that are no longer followed, come back, or whose issue was transferred with its comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from app.domain.decide.comment_commands import heard
from app.domain.decide.request import Request
from app.domain.policy.model import Policy
from app.domain.product.accounts import Account
from app.domain.product.facts import (
    Fact,
    GateWithdrawn,
    History,
    ProductLeft,
    ProductMoved,
    ProductReturned,
    comment_id_of,
)
from app.domain.product.issue import Comment, Issue
from app.domain.product.state import Product
from app.domain.product.veils import is_pseudonym
from app.domain.reading.commands import Command

DUPLICATE, DELETED, TRANSFERRED = "duplicate", "deleted", "transferred"


@dataclass(frozen=True)
class Return(Command):
    """Asked by reopening the issue of a product that had been closed as a duplicate."""


def may_be_set_aside(product: Product, policy: Policy, by: Account) -> bool:
    """Closed as a duplicate by the product's own people, before the committee heard of it."""
    state = product.standing
    fresh = not state.gates and not state.imported and len(state.stays) == 1
    return fresh and (product.is_team(by) or product.is_secretariat(by, policy))


@dataclass(frozen=True)
class LeaveCommittee(Command):
    """Asked by the transfer of an issue: the gate that another committee's rules opened is not this one's to decide."""

    came_from: str


def departure_requests(product: Product) -> Iterator[Request]:
    """A product closed as a duplicate is followed again once its issue is reopened; one that came from another
    committee leaves its open gate there.
    """
    left = product.standing.left
    if left and product.issue.is_open:
        yield Request(Return(), "", f"returned:{left.cause}")
    gate = product.standing.open_gate
    moved = _moved_since(product.history, gate.request) if gate else None
    if gate and moved:
        yield Request(LeaveCommittee(moved.came_from), "", f"committee:{gate.request.gate}:{moved.came_from}")


def _moved_since(history: History, opening: Fact) -> ProductMoved | None:
    """The transfer, from another committee, that came after a gate was opened."""
    since = takewhile(lambda fact: fact != opening, reversed(history))
    return next((fact for fact in since if isinstance(fact, ProductMoved) and fact.came_from), None)


def decide_leave(
    asked: Request, command: LeaveCommittee, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """Its ballots stay in the history; the new committee is asked anew, by its own rules."""
    gate = product.standing.open_gate
    number = gate.request.gate if gate else 0
    return [GateWithdrawn(**asked.note(now), gate=number, came_from=command.came_from)] if gate else []


def decide_return(asked: Request, command: Return, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    return [ProductReturned(**asked.note(now))]


def is_gone(last: Fact) -> bool:
    """Whether this is the last fact of a product whose issue has left its repository."""
    return isinstance(last, ProductLeft) and last.how != DUPLICATE


def left(history: History, how: str, by: str, cause: str, now: datetime, to: str = "") -> tuple[Fact, ...]:
    """The facts recorded when an issue has left its repository; its history stays in the register."""
    last = next((fact for fact in reversed(history) if isinstance(fact, ProductLeft | ProductReturned)), None)
    if not history or isinstance(last, ProductLeft):
        return ()
    return (ProductLeft(at=now, by=by, cause=f"gone:{cause}", how=how, to=to),)


def taken_over(issue: Issue, history: History, now: datetime, came_from: str = "") -> History:
    """A history read from an issue's comments, with a note of the transfer if there was one.

    `came_from` is the repository whose committee followed it, when that is another. A transfer gives every comment a
    new id. The commands in them were already answered: each comment is recognised by
    its author and its words, in order.
    """
    spoken, cause = _answered(history), cause_of(issue.id)
    is_told = any(fact.cause == cause for fact in history)
    if is_told or not spoken or spoken.keys() & {comment.id for comment in issue.comments}:
        return history
    pairs = []
    for comment in sorted(issue.comments, key=lambda comment: (comment.at, comment.id)):
        said = _said(comment)
        former = next((number for number, words in spoken.items() if said & words), None)
        if former is not None:
            del spoken[former]
            pairs.append((comment.id, former))
    moved = ProductMoved(at=now, by="", cause=cause, comments=tuple(pairs), came_from=came_from)
    return (*history, moved)


def cause_of(node_id: str) -> str:
    """The cause recorded for a history that a transferred issue brought with it."""
    return f"moved:{node_id}"


def _answered(history: History) -> dict[int, set[tuple[str, str]]]:
    """Author and words of each comment that was answered, by its former id, oldest first."""
    found: dict[int, set[tuple[str, str]]] = {}
    for fact in history:
        if number := comment_id_of(fact.cause):
            author = "" if is_pseudonym(fact.by) else fact.by.lower()
            found.setdefault(number, set()).add((author, _words(fact.cause)))
    return dict(sorted(found.items()))


def _words(cause: str) -> str:
    """The words of a command, from its cause « comment:number:words »."""
    return cause.partition(":")[2].partition(":")[2].partition(":")[0]


def _said(comment: Comment) -> set[tuple[str, str]]:
    """Under its author's name, and under none: nobody knows any more who wrote what somebody erased had said."""
    return {(author, parsed.key) for parsed in heard(comment) for author in (comment.author.lower(), "")}


def as_before(product: Product) -> Product:
    """The product with a transferred issue's comments under the ids that its history knows."""
    former = product.standing.former_comments
    if not former:
        return product
    comments = tuple(replace(one, id=former.get(one.id, one.id)) for one in product.issue.comments)
    return product.seen_as(issue=replace(product.issue, comments=comments))
