"""Limits what may be asked of one product, since the register keeps everything for ever.

A person may add so many facts a day to a product, far more than anybody needs; beyond, they are told once, and what
they write within the hour is ignored. What Jalon itself notes of an issue that keeps changing is slowed down.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from app.domain.decide.reasons import Reason
from app.domain.decide.request import Describe, Request, VoidBallot
from app.domain.product.accounts import Account
from app.domain.product.facts import CommandRefused, Fact, ProductDescribed
from app.domain.product.state import Product
from app.domain.reading.commands import TickBoxes

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_A_DAY = 300
"""Facts that one person may add to one product in a day; one comment adds fifty at most."""
DESCRIBED_A_DAY = 30
"""How often in a day a changed description is recorded at once; beyond, once an hour."""


def is_unheard(asked: Request, product: Product, now: datetime) -> bool:
    """Whether its author was told, within the hour before it was written, that they had asked too much."""
    if not _is_by_hand(asked):
        return False
    written = asked.written_at or now
    told = (fact for fact in product.standing.refusals if fact.reason == Reason.TOO_MANY_TODAY)
    return any(written <= fact.at + HOUR for fact in told if fact.who.is_same(_who(asked)))


def is_over_pace(asked: Request, product: Product, now: datetime) -> bool:
    """Whether its author has asked as much as a day allows."""
    if not _is_by_hand(asked):
        return False
    mine = (fact for fact in _of_today(product, now) if _by(fact).is_same(_who(asked)))
    return sum(1 for _ in mine) >= MOST_A_DAY


def waits(command: object, product: Product, now: datetime) -> bool:
    """Whether the changed description is recorded later only, as it will be then."""
    return isinstance(command, Describe) and (described_again(product, now) or now) > now


def described_again(product: Product, now: datetime) -> datetime | None:
    """When an issue that changed too often will be read again; None when it did not."""
    noted = [fact.at for fact in _of_today(product, now) if isinstance(fact, ProductDescribed)]
    return max(noted) + HOUR if len(noted) >= DESCRIBED_A_DAY else None


def _of_today(product: Product, now: datetime) -> Iterator[Fact]:
    return takewhile(lambda fact: now - fact.at < DAY, reversed(product.history))


def _is_by_hand(asked: Request) -> bool:
    """Whether the fact counts: asked by comment or box. Cards, labels and closings have a limit of their own.

    A vote taken back counts once with the vote.
    """
    return (bool(asked.comment) and not isinstance(asked.command, VoidBallot)) or isinstance(asked.command, TickBoxes)


def _who(asked: Request) -> Account:
    """Whose share it is: somebody who edits other people's comments spends their own, not their authors'."""
    return Account(asked.tampered_by) if asked.tampered_by else asked.who


def _by(fact: Fact) -> Account:
    if isinstance(fact, CommandRefused) and fact.reason == Reason.TAMPERED:
        return Account(dict(fact.details).get("editor", ""))
    return fact.who
