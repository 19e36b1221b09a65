"""The commands of a session's issue, written on a product's: answered with where they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.facts import Fact
from app.domain.product.state import Product
from app.domain.reading.command_types import Command, Doubtful
from app.domain.reading.session_table import SESSION_COMMANDS, SESSION_TYPES
from app.domain.session import held

ROWS = {row.name: row for row in SESSION_COMMANDS}


def is_of_session(command: Command) -> bool:
    """Whether a command, or the one that doubtful words were meant for, belongs to a session's issue."""
    return type(command) in SESSION_TYPES or (isinstance(command, Doubtful) and command.name in ROWS)


def decide_elsewhere(asked: Request, command: Command, product: Product, policy: Policy, now: datetime) -> list[Fact]:
    """Nothing is recorded of it here; the answer names the session to come, else the last one."""
    row = ROWS[command.name if isinstance(command, Doubtful) else SESSION_TYPES[type(command)]]
    number = _issue(product, policy, now)
    return [asked.refused(now, Reason.OF_SESSION, row=row.name, issue=number or "")]


def _issue(product: Product, policy: Policy, now: datetime) -> int:
    """The issue of the next session, or of the last one known; 0 when none is."""
    known, today = product.around.sessions, day_of(now, policy.timezone)
    coming = [one for one in held.by_day(known) if one.day >= today and not one.cancelled]
    return coming[0].number if coming else known[-1].number if known else 0


DECIDERS: Mapping[type[Command], Callable[[Request, Any, Product, Policy, datetime], list[Fact]]] = dict.fromkeys(
    SESSION_TYPES, decide_elsewhere
)
