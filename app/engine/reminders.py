"""Reminders sent at a civil hour: the person's week is taken in the database first, then the comment is written.

A death between the two leaves a row in doubt. It is settled a while later by looking for the comment on GitHub: found,
the mention counts; not found, nothing was said, and the person may be reminded again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import quote

import sqlalchemy as sa

from app.domain.policy.calendar import Week, day_of
from app.domain.policy.model import Policy
from app.domain.publish.effects import Message
from app.domain.publish.notices import DutyView, Reminder
from app.domain.reading.text import clipped
from app.domain.report.portfolio import rows
from app.domain.report.reminders import DueReminder, Duty, Sent, is_time, reminders
from app.domain.report.report_lines import Ref
from app.github import markers
from app.github.apply import body
from app.github.client import Client, LaterError, NotFoundError
from app.github.errors import WaitError
from app.github.policies import Policies
from app.github.read import own_bodies
from app.reports.sources import from_register
from app.store.key_values import KeyValues
from app.store.register import Register
from app.store.reminder_log import MEMORY, ReminderLog, ReminderRow, reminder_key
from app.store.sessions import Absences

log = logging.getLogger(__name__)
NOTE = "reminders of "
BEGAN = "reminders began in "
DOUBT = timedelta(minutes=10)
"""Longer than any call to GitHub: a comment that is not there after this was not written."""
LISTED = 10
WORDS = 160
"""Characters of a title or of a condition shown in a reminder."""


class Reminders:
    """`web` is GitHub's address for people."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        register: Register,
        notes: KeyValues,
        reminded: ReminderLog,
        clock: Callable[[], datetime],
        web: str,
    ) -> None:
        self._client, self._policies, self._register = client, policies, register
        self._notes, self._reminder_log, self._clock, self._web = notes, reminded, clock, web

    def run(self) -> int:
        """Send what is due in every repository where it is now the hour; returns how many. Raises LaterError: call
        again.

        What was sent is never sent again, so two workers may run this at once.
        """
        sent = 0
        for repository in self._register.repositories():
            policy, now = self._policies.of(repository), self._clock()
            name, today = f"{NOTE}{repository}", day_of(now, policy.timezone).isoformat()
            if policy.flawed or not policy.follow_up.reminders.enabled:
                continue
            began = self._began(repository, policy, now)
            if not is_time(policy, now) or self._notes.get(name) == today:
                continue
            is_settled = self._settle(repository, now)
            for due in self._due(repository, policy, now, began):
                sent += self._tried(due, repository, policy)
            if is_settled:
                self._notes.set(name, today)
        return sent

    def _began(self, repository: str, policy: Policy, now: datetime) -> date:
        """The first day of reminders in this repository: what was overdue before it, in an imported portfolio, is not
        recalled.
        """
        name = f"{BEGAN}{repository}"
        if not self._notes.get(name):
            self._notes.set(name, day_of(now, policy.timezone).isoformat())
        return date.fromisoformat(self._notes.get(name))

    def _due(self, repository: str, policy: Policy, now: datetime, began: date) -> tuple[DueReminder, ...]:
        """One repository at a time: the readers of one must not learn what waits in another."""
        found = rows(from_register(self._register, repository), policy, now)
        told = [kept.sent for kept in self._reminder_log.since(now - MEMORY)]
        bot = self._client.bot
        absences = Absences(self._register.engine).on(repository, day_of(now, policy.timezone))
        return reminders(found, policy, told, now, (bot, bot.removesuffix("[bot]")), began, absences)

    def _tried(self, due: DueReminder, repository: str, policy: Policy) -> bool:
        """If GitHub will not let us mention one person, the others are still reminded."""
        try:
            return self._remind(due, repository, policy)
        except (LaterError, sa.exc.SQLAlchemyError):
            raise
        except Exception:
            log.exception("%s: a reminder could not be sent", repository)
            return False

    def _remind(self, due: DueReminder, repository: str, policy: Policy) -> bool:
        """Comment on the product of the most urgent duty, or on the next one when GitHub no longer shows that issue."""
        now = self._clock()
        sent = Sent(
            due.person.lower(), str(Week.of(day_of(now, policy.timezone))), tuple(duty.key for duty in due.duties)
        )
        for number in dict.fromkeys(duty.product.number for duty in due.duties):
            if not self._reminder_log.claim(sent, (repository, number), now):
                return False
            try:
                self._post(repository, number, self._message(due, number, sent), policy)
            except NotFoundError:
                self._reminder_log.release(sent)
                continue
            except LaterError as error:
                if isinstance(error, WaitError):  # refused before anything was written; of other failures nobody knows
                    self._reminder_log.release(sent)
                raise
            self._reminder_log.confirm(sent)
            log.info("%s#%s: %d duties recalled to one person", repository, number, len(due.duties))
            return True
        return False

    def _message(self, due: DueReminder, number: int, sent: Sent) -> Message:
        here = tuple(self._view(duty) for duty in due.duties if duty.product.number == number)
        others = [self._view(duty) for duty in due.duties if duty.product.number != number]
        notice = Reminder(due.person, here, tuple(others[:LISTED]), max(0, len(others) - LISTED))
        return Message(reminder_key(sent), notice, notice.fingerprint)

    def _view(self, duty: Duty) -> DutyView:
        given = {
            name: getattr(duty, name)
            for name in ("kind", "due", "late", "target", "seats", "condition", "weeks", "item")
        }
        title, text = clipped(duty.product.title, WORDS), clipped(duty.text, WORDS)
        return DutyView(title=title, address=self._address(duty.product), text=text, **given)

    def _address(self, product: Ref) -> str:
        return quote(f"{self._web}/{product.repository}/issues/{product.number}", safe=":/")

    def _post(self, repository: str, number: int, message: Message, policy: Policy) -> None:
        path = f"/repos/{repository}/issues/{number}/comments"
        self._client.rest(
            self._client.requester(repository),
            "POST",
            path,
            {"body": body(message, policy.language, place=policy.timezone)},
        )

    def _settle(self, repository: str, now: datetime) -> bool:
        """Whether a reminder begun this week and never confirmed is settled; False when it is too soon to tell."""
        begun = [kept for kept in self._reminder_log.since(now - timedelta(weeks=1)) if not kept.posted]
        doubts = [kept for kept in begun if kept.repository == repository]
        ripe = [kept for kept in doubts if kept.at <= now - DOUBT]
        for kept in ripe:
            settle = self._reminder_log.confirm if self._is_said(kept) else self._reminder_log.release
            settle(kept.sent)
        return len(ripe) == len(doubts)

    def _is_said(self, kept: ReminderRow) -> bool:
        """Whether the comment is on GitHub; a copy forged by a person does not count."""
        try:
            said = own_bodies(self._client, kept.repository, kept.number)
        except NotFoundError:
            return False
        return any(reminder_key(kept.sent) == _key_in(body) for body in said)


def _key_in(body: str) -> str:
    trace = markers.read_marker(body)
    return trace.key if trace else ""
