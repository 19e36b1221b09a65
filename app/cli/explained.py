"""Gathers what is known of one product: its register, what GitHub shows now, and the deliveries nobody has handled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from app.bootstrap import Jalon
from app.domain.product.history_in_comments import restored_history
from app.domain.product.versions import Suspension, suspension
from app.domain.report.explanation import Explanation, Pending, Refused, explain, planned, product_from_register
from app.github.errors import LaterError, NotFoundError, RefusalError
from app.shipped_files import default_policy
from app.store.schema import INBOX
from app.store.troubles import Trouble
from app.turns.outcome import LostHistoryError

log = logging.getLogger(__name__)


def explanation_of(
    jalon: Jalon, product: str, repository: str, number: int, cause: Callable[[Exception], str]
) -> tuple[Explanation | Suspension, str]:
    """The product as GitHub shows it now, or by the register alone; and the language of the policy.

    `cause` says why GitHub could not be read. For a suspended product, both versions of its history are shown.
    """
    try:
        plan = jalon.product_turn.plan(repository, number)
        policy = jalon.policies.of(repository)
    except LostHistoryError as error:
        return _suspended(jalon, product, error)
    except Exception as error:
        if not isinstance(error, LaterError | NotFoundError | RefusalError):
            log.exception("%s#%s", repository, number)
        remembered = jalon.policies.remembered(repository)
        policy = remembered or default_policy()
        alone = product_from_register(product, repository, number, jalon.register.readable(product), policy)
        told = replace(explain(alone, policy, jalon.clock()), unread=cause(error), default_rules=not remembered)
    else:
        told = planned(explain(plan.product, policy, jalon.clock()), plan.facts, plan.effects)
    reminded = tuple((kept.sent.person, kept.at) for kept in jalon.reminder_log.on(repository, number))
    refused = _refused(jalon, product, repository, policy.language)
    told = replace(told, pending=_pending(jalon.database, product), reminders=reminded, refused=refused)
    return told, policy.language


def _refused(jalon: Jalon, product: str, repository: str, language: str) -> tuple[Refused, ...]:
    """What GitHub refused for this product, then what keeps its repository or organisation from being served."""
    undone = jalon.memory.undone.of(product)
    left = {one.kind: Trouble(one.kind, repository, one.said, one.since.timestamp()) for one in undone}
    about = {repository, repository.partition("/")[0]}
    others = [one for one in jalon.troubles.told() if one.subject in about and one.kind not in left]
    return tuple(
        Refused(one.english if language == "en" else one.french, one.detail, datetime.fromtimestamp(one.since, UTC))
        for one in sorted((*left.values(), *others), key=lambda one: one.since)
    )


def _suspended(jalon: Jalon, product: str, error: LostHistoryError) -> tuple[Suspension, str]:
    policy = jalon.policies.remembered(error.issue.repository) or default_policy()
    both = jalon.register.readable(product), restored_history(error.issue.comments).history
    return suspension(error.issue, error.flaws, *both, policy), policy.language


def _pending(database: sa.Engine, product: str) -> Pending:
    waiting = sa.select(sa.func.count(), sa.func.min(INBOX.c.received))
    waiting = waiting.where(INBOX.c.product == product, INBOX.c.done.is_(None))
    parked = sa.select(INBOX.c.outcome).where(INBOX.c.product == product, INBOX.c.parked == 1)
    with database.connect() as connection:
        count, since = connection.execute(waiting).one()
        why = tuple(connection.execute(parked.order_by(INBOX.c.id)).scalars())
    return Pending(count, datetime.fromtimestamp(since, UTC) if since else None, why)
