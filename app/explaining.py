"""Gathers what is known of one product: its register, what GitHub shows now, and the deliveries nobody has handled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from app.assets import default_policy
from app.domain.explanation import Explanation, Pending, explain, from_register, planned
from app.domain.record import restored
from app.domain.versions import Suspension, suspension
from app.github.errors import LaterError, NotFoundError, RefusalError
from app.jalon import Jalon, utc_now
from app.schema import INBOX
from app.turn import LostHistoryError

log = logging.getLogger(__name__)


def explained(
    jalon: Jalon, product: str, repository: str, number: int, cause: Callable[[Exception], str]
) -> tuple[Explanation | Suspension, str]:
    """What a fresh read of GitHub tells, or the register alone when there is none; and the language of the rules.

    `cause` tells people why GitHub could not be read. A product that is suspended is told as each side tells it.
    """
    try:
        seen, effects = jalon.turns.plan(repository, number)
        policy = jalon.policies.of(repository)
    except LostHistoryError as error:
        return _suspended(jalon, product, error)
    except Exception as error:
        if not isinstance(error, LaterError | NotFoundError | RefusalError):
            log.exception("%s#%s", repository, number)
        remembered = jalon.policies.remembered(repository)
        policy = remembered or default_policy()
        alone = from_register(product, repository, number, jalon.register.history(product), policy)
        told = replace(explain(alone, policy, utc_now()), unread=cause(error), default_rules=not remembered)
    else:
        known = len(jalon.register.history(seen.issue.id))
        told = planned(explain(seen, policy, utc_now()), len(seen.history) - known, effects)
    reminded = tuple((kept.sent.person, kept.at) for kept in jalon.reminded.on(repository, number))
    return replace(told, pending=_pending(jalon.database, product), reminders=reminded), policy.language


def _suspended(jalon: Jalon, product: str, error: LostHistoryError) -> tuple[Suspension, str]:
    policy = jalon.policies.remembered(error.issue.repository) or default_policy()
    both = jalon.register.readable(product), restored(error.issue.comments).history
    return suspension(error.issue, error.flaws, *both, policy), policy.language


def _pending(database: sa.Engine, product: str) -> Pending:
    waiting = sa.select(sa.func.count(), sa.func.min(INBOX.c.received))
    waiting = waiting.where(INBOX.c.product == product, INBOX.c.done.is_(None))
    parked = sa.select(INBOX.c.outcome).where(INBOX.c.product == product, INBOX.c.parked == 1)
    with database.connect() as connection:
        count, since = connection.execute(waiting).one()
        why = tuple(connection.execute(parked.order_by(INBOX.c.id)).scalars())
    return Pending(count, datetime.fromtimestamp(since, UTC) if since else None, why)
