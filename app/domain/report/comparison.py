"""What GitHub shows of a product beside what the register holds: every difference, without changing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.model import Policy
from app.domain.product import history_in_comments
from app.domain.product.facts import History
from app.domain.product.state import Product
from app.domain.product.versions import parting
from app.domain.publish.comments import wanted_comments


@dataclass(frozen=True)
class RegisterDifference:
    """`kind` is absent, forged, altered, beyond, or otherwise; `what` is a comment's key, or the place of a fact."""

    kind: str
    what: str
    by: str = ""


def differences(product: Product, known: History, policy: Policy, now: datetime) -> Iterator[RegisterDifference]:
    """Comments missing, written by another account, or with other words; facts told otherwise, or beyond."""
    written = {comment.trace.key: comment for comment in product.issue.comments if comment.trace}
    for wanted in wanted_comments(Product(product.issue, known), policy, now):
        comment = written.get(wanted.key)
        if comment is None:
            yield RegisterDifference("absent", wanted.key)
        elif comment.edited_by_other:
            yield RegisterDifference("forged", wanted.key, comment.editor)
        elif comment.trace and not comment.trace.intact:
            yield RegisterDifference("altered", wanted.key)
    yield from _of_facts(history_in_comments.restored_history(product.issue.comments), known)


def _of_facts(carried: history_in_comments.Restored, known: History) -> Iterator[RegisterDifference]:
    if carried.last > len(known):
        yield RegisterDifference("beyond", str(len(known) + 1))
    elif not carried.flaws and (place := parting(carried.history, known[: len(carried.history)])):
        yield RegisterDifference("otherwise", str(place))
    for kind, detail in carried.flaws:
        if kind == "contradiction":
            yield RegisterDifference("otherwise", detail)
