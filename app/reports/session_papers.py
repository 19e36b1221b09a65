"""The papers of one session from what is known of it: the products, the rules, and what its own issue says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from app.domain.policy.model import Policy
from app.domain.report.agenda import Agenda, AgendaItem, agenda
from app.domain.report.minutes import Minutes, attendance_of, minutes
from app.domain.report.portfolio import ProductRow
from app.domain.session import held
from app.domain.session.model import Session

AHEAD, BEHIND = timedelta(weeks=6), timedelta(weeks=26)
"""How far the list of sessions looks."""


@dataclass(frozen=True)
class SessionPapers:
    """`sessions` are those whose issue was read; the calendar of the rules tells the others."""

    rows: tuple[ProductRow, ...] = field(repr=False)
    policy: Policy
    now: datetime
    today: date
    sessions: tuple[Session, ...] = ()

    def on(self, day: date) -> Session | None:
        return held.session_on(self.sessions, day)

    @property
    def days(self) -> tuple[date, ...]:
        """The sessions to come, the next ones first, then those held, the latest first."""
        return tuple(
            reversed(held.session_days(self.sessions, self.policy.committee, self.today - BEHIND, self.today + AHEAD))
        )

    def is_session(self, day: date) -> bool:
        return day in held.session_days(self.sessions, self.policy.committee, day, day)

    @property
    def next(self) -> date | None:
        return held.next_held(self.sessions, self.policy.committee, self.today)

    @property
    def last(self) -> date | None:
        """The last one that is over: today's is not."""
        return held.last_held(self.sessions, self.policy.committee, self.today - timedelta(days=1))

    def agenda(self, day: date) -> Agenda:
        """In the order that the session was given, where it was given one."""
        found, session = agenda(self.rows, self.policy, day, self.now), self.on(day)
        if session is None:
            return found
        return replace(found, items=_ordered(found.items, session.items), place=session.place, link=session.link)

    def minutes(self, day: date) -> Minutes:
        session = self.on(day)
        return minutes(
            self.rows,
            self.policy,
            day,
            attendance_of(session, self.policy) if session else None,
            lambda moment: held.last_held(self.sessions, self.policy.committee, moment),
        )


def _ordered(items: tuple[AgendaItem, ...], numbers: Iterable[int]) -> tuple[AgendaItem, ...]:
    """Those named first, in that order; the others as they stood."""
    ranks = {number: rank for rank, number in enumerate(numbers)}
    return tuple(sorted(items, key=lambda item: ranks.get(item.product.number, len(ranks))))
