"""Which news each channel is to be told: from the facts just recorded, and each morning from the calendar.

Nothing here speaks to a channel, and nothing asks GitHub for more than the rules it may have to read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.policy.calendar import INSTANT, Week, is_working_day
from app.domain.policy.model import Policy
from app.domain.policy.notice_settings import NoticeChannel
from app.domain.report.news import FRESH, News, asked_as, news_of, overdue, paper_news
from app.domain.report.portfolio import KeptProduct, row, rows
from app.github.client import LaterError, NotFoundError
from app.github.policies import Policies
from app.store.key_values import KeyValues
from app.store.outbox import DIGEST, FreshFact, Outbox
from app.store.presents import Presents
from app.store.register import Register
from app.store.sessions import Sessions
from app.store.troubles import Troubles

log = logging.getLogger(__name__)
MORNING = "notices of the morning of "
"""Note of the last day whose news were looked for in a repository."""
TROUBLE = "channel"
NO_ADDRESS = "JALON_CHANNELS ne lui donne pas d’adresse / JALON_CHANNELS gives it no address"
EVERY = timedelta(minutes=5)
"""How often to look whether it is morning somewhere."""


class Newsroom:
    """Shared by every worker: what two of them look at is put once. `known` are the channels that have an address."""

    def __init__(
        self,
        register: Register,
        outbox: Outbox,
        notes: KeyValues,
        policies: Policies,
        troubles: Troubles,
        known: Iterable[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._register, self._outbox, self._notes, self._policies = register, outbox, notes, policies
        self._sessions = Sessions(register.engine)
        self._troubles, self._known, self._clock = troubles, frozenset(known), clock
        self._looked: datetime | None = None

    def look(self) -> None:
        """Put what is to be told; what cannot be looked at now is looked at again."""
        found = self._outbox.fresh()
        if found:
            self._outbox.seen(list(self._told(found)))
        if self._looked is None or abs(self._clock() - self._looked) >= EVERY:
            self._looked = self._clock()
            for repository in self._register.repositories():
                self._morning(repository)

    def _told(self, found: tuple[FreshFact, ...]) -> Iterator[FreshFact]:
        """The facts that were looked at whole."""
        presents = dict(Presents(self._register).at({one.product: one.seq for one in found}))
        for fact in found:
            kept = presents.get(fact.product)
            try:
                if kept:
                    self._tell(fact, kept)
            except (LaterError, NotFoundError) as error:
                log.info("news put off: %s", type(error).__name__)
                continue
            yield fact

    def _tell(self, fact: FreshFact, kept: KeptProduct) -> None:
        policy, now = self._policies.of(kept.repository), self._clock()
        last = kept.present.last
        here = row(kept, policy, max(now, last + INSTANT) if last else now)
        news = news_of(fact.event, fact.gate, fact.seq, here, policy) if here else None
        if news:
            self._put(policy, [news])

    def _morning(self, repository: str) -> None:
        """Once a day on working days, from the hour at which people may be disturbed."""
        try:
            policy = self._policies.of(repository)
        except (LaterError, NotFoundError):
            return
        here = self._clock().astimezone(ZoneInfo(policy.timezone))
        today, name = here.date(), f"{MORNING}{repository}"
        if not policy.notices or here.hour < policy.follow_up.reminders.hour or not is_working_day(today):
            return
        if self._notes.get(name) == today.isoformat():
            return
        for channel in policy.notices:
            if channel.name not in self._known:
                self._troubles.note(TROUBLE, channel.name, NO_ADDRESS)
        self._put(policy, self._of_the_day(repository, policy, today))
        self._notes.set(name, today.isoformat())

    def _of_the_day(self, repository: str, policy: Policy, today: date) -> list[News]:
        wanted = {event for channel in policy.notices for event in channel.events}
        found: list[News] = []
        if "overdue" in wanted:
            now = self._clock()
            found += overdue(rows(Presents(self._register).of(repository), policy, now), policy, now)
        if DIGEST in wanted and today - Week.of(today).monday < FRESH:
            week = Week.of(today).plus(-1)
            found.append(News(DIGEST, repository, str(week), day=week.monday.isoformat()))
        if wanted & {"agenda", "minutes"}:
            found += paper_news(self._sessions.of(repository), policy, repository, today)
        return found

    def _put(self, policy: Policy, news: Iterable[News]) -> None:
        news = list(news)
        for channel in policy.notices:
            mine = [_for(channel, one) for one in news if asked_as(one) in channel.events]
            if mine and channel.name not in self._known:
                self._troubles.note(TROUBLE, channel.name, NO_ADDRESS)
            elif mine:
                self._outbox.put(channel.name, mine, self._clock().timestamp())


def _for(channel: NoticeChannel, news: News) -> News:
    return news if channel.titles else replace(news, title="")
