"""The message that tells what a channel waits for: in the language of its committee, with links to where one acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from app.domain.policy.calendar import Week
from app.domain.policy.model import Policy
from app.domain.report.digest import digest
from app.domain.report.news import News
from app.github.policies import Policies
from app.messages.charts import Drawer, mermaid
from app.messages.letters import Letter, digest_letter, news_letter
from app.messages.reports import Links, digest_text, seal_text
from app.reports.digest_paper import digest_pdf
from app.reports.renderings import as_html
from app.reports.sources import from_register
from app.sending.links import DigestLinks
from app.store.outbox import DIGEST, Queued
from app.store.register import Register
from app.store.sessions import Sessions

SECTION = re.compile(r"^## ", re.MULTILINE)
"""Where a part of a report begins."""


class Writer:
    """`web` is GitHub's address for people, `pages` that of our own pages when they are served."""

    def __init__(
        self,
        register: Register,
        policies: Policies,
        links: DigestLinks,
        clock: Callable[[], datetime],
        web: str,
        pages: str = "",
        seal: Callable[[], str] = lambda: "",
    ) -> None:
        """`seal` gives the newest checkpoint of the register."""
        self._register, self._policies, self._links, self._clock = register, policies, links, clock
        self._web, self._pages, self._seal = web, pages, seal

    def letter(self, found: Sequence[Queued]) -> Letter:
        """One message for all of these, which one channel waits for."""
        first = found[0]
        policy = self._policies.of(first.news.repository)
        if first.news.event == DIGEST:
            return self._digest(first.news, first.channel, policy)
        told = [one.news for one in found]
        return news_letter(told, first.channel, policy.language, self._address, policy.timezone)

    def _address(self, news: News) -> str:
        """Where the thing itself is: an issue on GitHub, or the page of a session where pages are served."""
        where = f"{self._web}/{news.repository}/issues"
        if news.number:
            where = f"{where}/{news.number}"
        elif self._pages:
            where = f"{self._pages}/seances/{news.day}/releve?comite={news.repository}"
        return quote(where, safe=":/?=")

    def _digest(self, news: News, channel: str, policy: Policy) -> Letter:
        """Its opening, and the link to the whole where pages are served."""
        week, now = Week.parse(news.cause), self._clock()
        sessions = Sessions(self._register.engine).of(news.repository)
        told = digest(from_register(self._register, news.repository), policy, week, now, sessions=sessions)
        told = replace(told, seal=self._seal())
        links = Links(self._web, news.repository, self._pages)

        def write(draw: Drawer) -> str:
            return digest_text(told, policy, links, draw)

        # Whoever keeps the message keeps the seal with it, in text that a program reads.
        opening = "\n\n".join(filter(None, (opening_of(write(mermaid)), seal_text(told, policy.language))))
        html = as_html(lambda _: opening, policy.language)
        link = None
        if self._pages:
            token, held = self._links.sign(news.repository, str(week), channel, now)
            link = f"{self._pages}/bilan/lien/{token}", held.last_day
        letter = digest_letter(news, channel, (opening, html), link, policy.language, policy.timezone)
        return replace(letter, files=((f"bilan-{week}.pdf", digest_pdf(told, policy, links)),))


def opening_of(text: str) -> str:
    """What comes before the second part of a report: what a director reads first."""
    starts = [found.start() for found in SECTION.finditer(text)]
    return text[: starts[1]].strip() if len(starts) > 1 else text.strip()
