"""How the App stands on GitHub, looked at every minute: known, installed, reached by its events; and its register."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from app.domain.product.state import APART
from app.engine.inbox import Inbox
from app.github.client import Client, LaterError
from app.github.deliveries import Attempt, attempts
from app.logs import safe
from app.setup.checks import Checks
from app.store.key_values import SWEEPS, KeyValues
from app.store.register import Seal
from app.store.schema import CREATIONS
from app.store.troubles import Troubles
from app.turns.wakeup import ACTIONS

log = logging.getLogger(__name__)
USABLE = "installations"
"""Note of the accounts on which the App worked at the last look, with its rights there."""
CHANGED = "installation changed"
"""Note of the accounts for which a webhook said that the installation changed."""
IN_A_ROW = 3
"""Deliveries in a row that must have failed before it is reported: one may fail by chance."""
STORED = timedelta(minutes=1)
"""A delivery that GitHub says was accepted is in our database by then, or went elsewhere."""
SILENCE = timedelta(minutes=10)
"""GitHub sends the event of our own comment at once: none after this long means that no event comes."""
RECENT = timedelta(hours=1)
KINDS = ("credentials", "unreachable")
"""Errors on which a question that the App itself asks GitHub may end."""


CHECKED = {"Installation sur ": "permission", "Comité de ": "team", "Tableau de ": "board"}
"""Checks of the set-up page that become troubles, by how their names begin; the rest of the name is the subject."""
UNANSWERED = "(0)"
"""GitHub could not be asked: nothing is known."""


class InstallationWatch:
    """One worker looks every minute; each look records what is wrong now, and clears what no longer is."""

    def __init__(
        self,
        client: Client,
        seal: Seal,
        notes: KeyValues,
        troubles: Troubles,
        database: sa.Engine,
        clock: Callable[[], datetime],
        api_url: str,
    ) -> None:
        self._api_url = api_url
        self._client, self._seal, self._notes, self._troubles = client, seal, notes, troubles
        self._database, self.clock, self.began = database, clock, clock()

    def look(self) -> None:
        """One look. Raises LaterError, after recording it as a trouble."""
        try:
            found = list(self._client.listed(self._client.as_app, "/app/installations"))
        except LaterError as error:
            if error.kind in KINDS:
                self._troubles.note(error.kind, detail=str(error))
            if error.kind == "credentials":
                self._compare()
            raise
        self._compare()
        for kind in KINDS:
            self._troubles.clear(kind)
        by_owner = {str(item["account"]["login"]): item for item in found if (item.get("account") or {}).get("login")}
        known = {repository.partition("/")[0] for repository in self._seal.register.repositories()}
        absent = {owner: "" for owner in known if owner.lower() not in {name.lower() for name in by_owner}}
        suspended = {owner: str(item["suspended_at"]) for owner, item in by_owner.items() if item.get("suspended_at")}
        self._troubles.keep("uninstalled", absent)
        self._keep_suspended(suspended)
        self._welcome({owner: _rights(item) for owner, item in by_owner.items() if owner not in suspended})

    def _compare(self) -> None:
        """Compare GitHub's clock with ours. Turns do so too, but an idle App has none."""
        told = self._client.hour()
        apart = told - self.clock() if told else timedelta()
        if abs(apart) > APART:
            self._troubles.note("clock", detail=f"GitHub {apart.total_seconds():+.0f} s")
        elif told:
            self._troubles.clear("clock")

    def _keep_suspended(self, suspended: dict[str, str]) -> None:
        """Clear the troubles recorded by account that are over; turns record theirs by repository."""
        for owner, since in suspended.items():
            self._troubles.note("suspended", owner, f"since {since}")
        for one in self._troubles.told():
            if one.kind == "suspended" and "/" not in one.subject and one.subject not in suspended:
                self._troubles.clear("suspended", one.subject)

    def _welcome(self, usable: dict[str, str]) -> None:
        """Ask for a sweep where the App is back or was granted more rights.

        GitHub sends nothing of what happened meanwhile: only a sweep finds it.
        """
        before = dict(word.split("=", 1) for word in self._notes.get(USABLE).split())
        told = {word.lower() for word in self._notes.take(CHANGED)}
        fresh = {owner for owner, rights in usable.items() if before.get(owner) != rights or owner.lower() in told}
        is_first_look = not before
        if fresh and (not is_first_look or told):
            for repository in self._client.repositories():
                if repository.partition("/")[0] in fresh:
                    log.warning("the App may work in %s again: its products are looked at", repository)
                    self._notes.add(SWEEPS, repository)
        self._notes.set(USABLE, " ".join(f"{owner}={rights}" for owner, rights in sorted(usable.items())) or "-=")

    def listen(self) -> None:
        """Whether GitHub's events reach us; raises LaterError."""
        recent = list(islice(attempts(self._client), 20))
        if told := self._failing(recent) or self._elsewhere(recent) or self._silent(recent):
            self._troubles.note("webhook", detail=told)
        else:
            self._troubles.clear("webhook")

    def _failing(self, recent: list[Attempt]) -> str:
        """Only deliveries made since this process listens: those made before are the matter of the catch-up."""
        since = [attempt for attempt in recent if attempt.at > self.began]
        last = since[:IN_A_ROW]
        is_failing = len(last) == IN_A_ROW and not any(attempt.is_ok for attempt in last)
        return f"the last {IN_A_ROW} deliveries failed" if is_failing else ""

    def _elsewhere(self, recent: list[Attempt]) -> str:
        """Whether GitHub got an answer that was not ours: the webhook leads to another address."""
        since = [one for one in recent if one.is_ok and _is_stored(one) and self.began < one.at]
        settled = [one for one in since if self.clock() - one.at > STORED][:IN_A_ROW]
        if len(settled) < IN_A_ROW or Inbox(self._database).known(one.guid for one in settled):
            return ""
        _, hook = self._client.rest(self._client.as_app, "GET", "/app/hook/config")
        return (
            f"the last {len(settled)} deliveries were taken by {safe(hook.get('url') or 'another address')}, not by us"
        )

    def _silent(self, recent: list[Attempt]) -> str:
        """Our own comments come back as events: if none does, GitHub sends nothing at all."""
        with self._database.connect() as connection:
            at = connection.execute(sa.select(sa.func.max(CREATIONS.c.at))).scalar()
        if at is None:
            return ""
        wrote, now = datetime.fromtimestamp(at, self.clock().tzinfo), self.clock()
        if not SILENCE < now - wrote < RECENT:
            return ""  # too early to tell, or so long ago that nothing may have happened since
        heard = max((attempt.at for attempt in recent), default=wrote - RECENT)
        return f"nothing was sent since {heard.isoformat()}" if heard < wrote - SILENCE else ""

    def check(self) -> None:
        """What the set-up check page would say of rights, teams and boards, as troubles."""
        for check in Checks(self._client, self._api_url).run():
            kind, subject = next(
                (
                    (kind, check.name.removeprefix(words))
                    for words, kind in CHECKED.items()
                    if check.name.startswith(words)
                ),
                ("", ""),
            )
            if kind and check.state == "ko" and UNANSWERED not in check.found:
                self._troubles.note(kind, subject, check.found)
            elif kind and check.state == "ok":
                self._troubles.clear(kind, subject)

    def verify(self) -> None:
        """Check the register's chain, product by product; a fault already reported is not reported again."""
        if not self._seal.is_due:
            return
        found: dict[str, str] = {}
        for flaw in self._seal.flaws():
            found.setdefault(f"{flaw.repository}#{flaw.number}", f"fact {flaw.seq}")
        found |= self._seal.of_log
        self._troubles.keep("register", found)


def _is_stored(attempt: Attempt) -> bool:
    """Of other events, such as a comment on a pull request, nothing is kept."""
    return attempt.event == "issues" and attempt.action in ACTIONS["issues"]


def _rights(installation: Any) -> str:
    """What it may do there, as one word: rights granted since open what was refused before."""
    granted = sorted((installation.get("permissions") or {}).items())
    return ",".join(f"{name}:{level}" for name, level in granted)
