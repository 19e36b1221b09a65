"""Erases personal parts from the database: from facts, from what was sealed of them, and wherever else they stand.

The entries of the log stay as they were sealed, with the commitments: the tree, its roots and its seals do not move.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.domain.decide.departures import cause_of
from app.domain.decide.origins import FILED
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import Fact, History
from app.store.database import compact
from app.store.recent_writes import BEGUN, EDITED, POSTED
from app.store.register import ConflictError, Register, recorded, renewed, rewrite_facts
from app.store.schema import FACTS, INBOX, LOG, LOG_FACTS, OUTBOX, PRESENTS, RECENT, REMINDERS

DELIVERY = "erased"
"""What stands for a delivery beside a fact that no delivery caused."""
AT_ONCE = 500
"""Rows named in one query."""
TABLES = tuple(one.name for one in (FACTS, LOG, PRESENTS, INBOX, RECENT, OUTBOX, REMINDERS))


@dataclass(frozen=True)
class Task:
    """What is to be erased of one product, after its `known` first facts; `names` are logins in lower case, `title` is
    what it is called today.

    `kin` are the facts to put in the former histories of the same product, of before its issue was transferred.
    """

    product: str
    where: tuple[str, int]
    known: int
    fresh: Mapping[int, Fact]
    note: PersonalErased
    title: str
    names: Collection[str] = ()
    kin: Mapping[str, Mapping[int, Fact]] = field(default_factory=dict)


class Erasing:
    def __init__(self, register: Register) -> None:
        self._register, self._engine = register, register.engine

    def kin(self, product: str, history: History) -> dict[str, History]:
        """The histories kept of the same product under the former ids of its issue."""
        ids = {cause.split(":")[1] for cause in (fact.cause for fact in history) if cause.startswith((FILED, MOVED))}
        return {one: self._register.history(one) for one in self._register.holding(ids - {product})}

    def carry_out(self, task: Task) -> None:
        """All or nothing; raises ConflictError if the product has other facts since."""
        with self._engine.begin() as connection:
            if rewrite_facts(connection, task.product, task.fresh) != task.known:
                raise ConflictError(task.product)
            _unseal(connection, task.product, task.fresh)
            for product, fresh in task.kin.items():
                rewrite_facts(connection, product, fresh)
                _unseal(connection, product, fresh)
                renewed(connection, product)
            for product in (task.product, *task.kin):
                _forget(connection, product)
            _forget_told(connection, task)
            recorded(connection, task.product, task.where, task.known, (task.note,), DELIVERY)

    def again(self, product: str, history: History) -> None:
        """Put what is left of these facts in the place of what a back-up, older than their erasure, still held."""
        held = enumerate(zip(history, self._register.history(product), strict=False), start=1)
        fresh = {rank: left for rank, (left, former) in held if left != former}
        if fresh:
            with self._engine.begin() as connection:
                rewrite_facts(connection, product, fresh)
                _unseal(connection, product, fresh)
                renewed(connection, product)
                _forget(connection, product)

    def compact(self) -> None:
        """Raises sa.exc.SQLAlchemyError when the file cannot be written anew now."""
        compact(self._engine, TABLES)


MOVED = cause_of("")


def _unseal(connection: sa.Connection, product: str, ranks: Collection[int]) -> None:
    """The personal parts of these facts, and the salts without which nobody can guess what their commitments hide."""
    listed = sorted(ranks)
    for start in range(0, len(listed), AT_ONCE):
        theirs = LOG_FACTS.c.product == product, LOG_FACTS.c.seq.in_(listed[start : start + AT_ONCE])
        numbers = sa.select(LOG_FACTS.c.n).where(*theirs)
        connection.execute(sa.update(LOG).where(LOG.c.n.in_(numbers)).values(personal=None, salt=None))


def _forget(connection: sa.Connection, product: str) -> None:
    """What GitHub sent of a product and was dealt with, and what was lately written there."""
    dealt_with = INBOX.c.product == product, INBOX.c.done.is_not(None), INBOX.c.parked == 0
    connection.execute(sa.update(INBOX).where(*dealt_with).values(payload=b""))
    texts = RECENT.c.product == product, RECENT.c.kind.in_((POSTED, EDITED, BEGUN))
    connection.execute(sa.delete(RECENT).where(*texts))


def _forget_told(connection: sa.Connection, task: Task) -> None:
    """Reminders of whoever is erased; a former title in what channels were told, kept so that nobody is told twice."""
    repository, number = task.where
    theirs = REMINDERS.c.repository == repository, REMINDERS.c.number == number
    named = sa.func.lower(REMINDERS.c.person).in_(list(task.names))
    connection.execute(sa.delete(REMINDERS).where(*theirs, named))
    about = OUTBOX.c.product == f"{repository}#{number}"
    for row in connection.execute(sa.select(OUTBOX.c.id, OUTBOX.c.value).where(about)).all():
        value = json.loads(row.value)
        if value.get("title") not in {"", task.title}:
            told = json.dumps(value | {"title": task.title})
            connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id == row.id).values(value=told))
