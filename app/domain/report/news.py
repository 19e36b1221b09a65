"""What deserves to be told outside GitHub: the facts that are news, and the thing each piece of news is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.facts import Fact, GateDecided, GateRequested
from app.domain.product.second_thought_facts import DecisionOverridden, DecisionRectified
from app.domain.report.portfolio import ProductRow
from app.domain.session import held
from app.domain.session.model import Session

FRESH = timedelta(days=3)
"""What is older is no news, and what a channel could not be told within this is given up."""


@dataclass(frozen=True)
class News:
    """One thing to tell: `cause` tells it from any other of the same product; `title` is empty where it is not told.

    `number` is 0 for what is about no product; `day` is that of a session, or the Monday of a week (ISO).
    """

    event: str
    repository: str
    cause: str
    number: int = 0
    title: str = ""
    phase: str = ""
    day: str = ""


ASKED_AS = {"rectified": "decision"}
"""The name under which the rules ask for a piece of news, where it is not its own."""


def asked_as(news: News) -> str:
    return ASKED_AS.get(news.event, news.event)


def event_of(fact: Fact) -> tuple[str, int] | None:
    """The news that a fact is, with the number of its gate; what is imported is none."""
    match fact:
        case GateRequested(gate=gate):
            return "gate_opened", gate
        case GateDecided(gate=gate) | DecisionOverridden(gate=gate):
            return "decision", gate
        case DecisionRectified(gate=gate):
            return "rectified", gate
    return None


def news_of(event: str, gate: int, seq: int, row: ProductRow, policy: Policy) -> News | None:
    """What a fact of a product is told as, by its rank; None of a gate that its history no longer shows."""
    target = next((story.target for story in row.standing.gates if story.number == gate), "")
    return _about(row, policy, event, f"fact {seq}", target) if target else None


def overdue(rows: Iterable[ProductRow], policy: Policy, now: datetime) -> Iterator[News]:
    """The gates and the conditions whose day has just passed; what is late for longer was told, or is no news."""
    today = day_of(now, policy.timezone)
    for row in rows:
        if row.gate and row.gate.overdue and now - row.gate.deadline < FRESH:
            cause = f"gate {row.gate.gate} {row.gate.last_day.isoformat()}"
            yield _about(row, policy, "overdue", cause, row.gate.target)
        for condition in row.conditions:
            if condition.overdue and today - date.fromisoformat(condition.due) <= FRESH:
                cause = f"condition {condition.number} {condition.due}"
                yield _about(row, policy, "overdue", cause, row.phase)


def paper_news(found: Iterable[Session], policy: Policy, repository: str, today: date) -> Iterator[News]:
    """The agendas that are out, by the issue of each session to come; the minutes of the sessions just held."""
    known = tuple(found)
    for session in held.by_day(known):
        if session.day >= today and not session.cancelled:
            cause = f"session {session.planned}"
            yield News("agenda", repository, cause, session.number, day=session.day.isoformat())
    for day in held.session_days(known, policy.committee, today - FRESH, today - timedelta(days=1)):
        yield News("minutes", repository, f"session {day}", day=day.isoformat())


def _about(row: ProductRow, policy: Policy, event: str, cause: str, phase: str) -> News:
    return News(event, row.repository, cause, row.number, row.title, policy.phase(phase).name)
