"""Who was reminded, in which week and where: a row per person and week, written before anybody is mentioned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.product.issue import Issue
from app.domain.report.reminders import Sent
from app.store.schema import REMINDERS
from app.store.upsert import insert_into

KIND = "reminder"
"""How the keys of these comments begin."""
MEMORY = timedelta(days=550)
"""How long a reminded duty is remembered: longer than any duty takes to come back."""


def reminder_key(sent: Sent) -> str:
    """The key of the comment that holds it."""
    return f"{KIND}:{sent.week}:{sent.person}"


@dataclass(frozen=True)
class ReminderRow:
    """One reminder; `posted` is False until GitHub was seen to hold it."""

    sent: Sent
    repository: str
    number: int
    at: datetime
    posted: bool


class ReminderLog:
    """Shared by every worker: of several about to remind one person in one week, only one may."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def claim(self, sent: Sent, where: tuple[str, int], at: datetime, *, posted: bool = False) -> bool:
        """Claim the person's only mention of the week; False when it is taken."""
        values: dict[str, Any] = {
            "person": sent.person,
            "week": sent.week,
            "duties": json.dumps(sent.keys, ensure_ascii=False),
        }
        values |= {"repository": where[0], "number": where[1], "at": at.timestamp(), "posted": int(posted)}
        query = insert_into(REMINDERS, self._engine).values(**values).on_conflict_do_nothing()
        with self._engine.begin() as connection:
            return connection.execute(query.returning(REMINDERS.c.person)).scalar() is not None

    def take_back(self, issue: Issue) -> None:
        """Reminders found in an issue's comments, to fill a database that was lost."""
        for comment in issue.comments:
            kind, _, rest = (comment.trace.key if comment.trace else "").partition(":")
            week, _, person = rest.partition(":")
            if kind == KIND and person:
                self.claim(Sent(person, week), (issue.repository, issue.number), comment.at, posted=True)

    def confirm(self, sent: Sent) -> None:
        """Note that GitHub holds the comment."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(REMINDERS).where(*_is(sent)).values(posted=1))

    def release(self, sent: Sent) -> None:
        """Note that nothing was posted after all: the person may be reminded later in the week."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(REMINDERS).where(*_is(sent), REMINDERS.c.posted == 0))

    def since(self, moment: datetime) -> tuple[ReminderRow, ...]:
        return self._where(REMINDERS.c.at >= moment.timestamp())

    def on(self, repository: str, number: int) -> tuple[ReminderRow, ...]:
        """The reminders posted on one product, oldest first."""
        return self._where((REMINDERS.c.repository == repository) & (REMINDERS.c.number == number))

    def _where(self, condition: sa.ColumnElement[bool]) -> tuple[ReminderRow, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(REMINDERS).where(condition).order_by(REMINDERS.c.at)).all()
        return tuple(
            ReminderRow(
                Sent(row.person, row.week, tuple(json.loads(row.duties))),
                row.repository,
                row.number,
                datetime.fromtimestamp(row.at, UTC),
                bool(row.posted),
            )
            for row in rows
        )


def _is(sent: Sent) -> tuple[sa.ColumnElement[bool], ...]:
    return REMINDERS.c.person == sent.person, REMINDERS.c.week == sent.week
