"""The sweep: every issue is summarised, fifty to a query; those that differ from what is expected get a turn."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.decide import departures
from app.domain.decide.pending import looks_like_product
from app.domain.policy.model import Policy
from app.domain.product.facts import History, ProductDescribed, ProductFiled, ProductImported
from app.domain.publish.issue_summary import IssueSummary
from app.domain.publish.policy_file import PolicyStatus, RulesState
from app.engine.inbox import Inbox
from app.github.client import Client
from app.github.issue_summaries import summaries
from app.github.policies import Policies, UnreadablePolicyError
from app.github.published import LABELS, agenda_day
from app.store.issue_snapshots import IssueSnapshots
from app.store.places import Places
from app.store.register import Register
from app.store.undone_effects import UndoneEffects
from app.turns.wakeup import LabelsWakeUp, PolicyWakeUp

log = logging.getLogger(__name__)
PACE = 8
"""Turns of a sweep queued at once: people's commands never wait behind a thousand of them."""


@dataclass(frozen=True)
class Stale:
    """A product to look at again; `why` is unseen, changed, due, asked, or absent: GitHub does not list it any more."""

    product: str
    repository: str
    number: int
    title: str
    why: str
    event: str = "sweep"
    """« session » for the issue of a session, whose turn is another."""


class Sweep:
    """Finds the products and queues their turns; workers then take them as they do those of any event."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        register: Register,
        snapshots: IssueSnapshots,
        inbox: Inbox,
        clock: Callable[[], datetime],
        board: Callable[[str], int],
        undone: UndoneEffects | None = None,
        places: Places | None = None,
    ) -> None:
        self._client, self._policies, self._register, self._snapshots = client, policies, register, snapshots
        self._inbox, self._clock, self._board, self._undone = inbox, clock, board, undone
        self._places = places

    def repositories(self) -> tuple[str, ...]:
        """Repositories that hold products, and those of the App's installations that have a policy file; raises
        LaterError.
        """
        return self._known_or(lambda reading: not reading.policy.flawed)

    def files(self) -> tuple[str, ...]:
        """Repositories to check for policy errors: with valid rules, or with a file never valid. Raises LaterError."""
        return self._known_or(lambda reading: reading.state is RulesState.FLAWED or not reading.policy.flawed)

    def _known_or(self, counts: Callable[[PolicyStatus], bool]) -> tuple[str, ...]:
        installed = self._client.numbered()
        if self._places:
            self._places.listed(installed)  # a rename whose webhook was lost is followed before anything is compared
        known = dict.fromkeys(self._register.repositories())
        for repository in installed.values():
            if repository not in known:
                with contextlib.suppress(UnreadablePolicyError):
                    known |= {repository: None} if counts(self._policies.reading(repository)) else {}
        return tuple(known)

    def stale(self, repository: str, only: int = 0) -> Iterator[Stale]:
        """Products that need a turn, oldest first; `only` keeps one issue, whether or not it seems to need one."""
        policy, listed = self._policies.of(repository), set()
        for page in summaries(self._client, repository, self._board(repository)):
            listed |= {summary.id for summary in page}
            chosen = [summary for summary in page if only in {0, summary.number}]
            for summary, why in self._compared(chosen, policy, forced=bool(only)):
                event = "session" if _is_session(summary) else "sweep"
                yield Stale(summary.id, repository, summary.number, summary.title, why, event)
        for product, (number, last) in self._register.last_of(repository).items():
            if product not in listed and only in {0, number} and not departures.is_gone(last):
                yield Stale(product, repository, number, _title(self._register.readable(product)), "absent")

    def _compared(
        self, page: Iterable[IssueSummary], policy: Policy, *, forced: bool
    ) -> Iterator[tuple[IssueSummary, str]]:
        found = list(page)
        ids = [summary.id for summary in found]
        snapshots, held, now = self._snapshots.of(ids), self._register.holding(ids), self._clock()
        for summary in found:
            is_new = summary.is_open and looks_like_product(summary.labels, summary.body, policy)
            is_session = _is_session(summary)
            if summary.id not in held and not is_new and not is_session:
                continue
            is_known = summary.id in held or is_session
            snapshot = snapshots.get(summary.id) if is_known else None  # of a register that lost it
            if snapshot is None:
                yield summary, "unseen"
            elif snapshot.fingerprint != summary.fingerprint(policy.version):
                yield summary, "changed"
            elif snapshot.due and snapshot.due <= now:
                yield summary, "due"
            elif forced:
                yield summary, "asked"

    def wake(self, found: Iterable[Stale], pause: Callable[[], bool], since: str = "") -> Iterator[tuple[Stale, str]]:
        """Queue the turns, a few at a time; yields the name of each wake-up. `pause` returns False to give up."""
        moment = self._clock().strftime("%Y%m%dT%H%M%S%f")
        for stale in found:
            while self._inbox.waiting_of("sweep") >= PACE:
                if not pause():
                    return
            name = f"{stale.event}:{moment}:{stale.product}"
            self._inbox.wake(name, stale.event, stale.product, stale.repository, stale.number, since)
            yield stale, name

    def wake_labels(self, repositories: Iterable[str]) -> tuple[str, ...]:
        """Queue a check of the labels of these repositories; the names of the wake-ups."""
        return self._wake_others("labels", map(LabelsWakeUp, repositories))

    def wake_rules(self, repositories: Iterable[str]) -> tuple[str, ...]:
        """Queue a check of the policy files of these repositories; the names of the wake-ups."""
        return self._wake_others("rules", map(PolicyWakeUp, repositories))

    def _wake_others(self, event: str, wakes: Iterable[LabelsWakeUp | PolicyWakeUp]) -> tuple[str, ...]:
        moment = self._clock().strftime("%Y%m%dT%H%M%S%f")
        names = []
        for wake in wakes:
            names.append(f"{event}:{moment}:{wake.repository}")
            self._inbox.wake(names[-1], event, wake.key, wake.repository, 0)
        return tuple(names)

    def wake_changed_rules(self) -> tuple[str, ...]:
        """The same for the files that a worker noticed to have changed."""
        return self.wake_rules(sorted(self._policies.news()))

    def read_rules(self, *, anew: bool = False) -> None:
        """Read the policy files of the repositories that hold products; `anew`: check them even if unchanged."""
        known = self._register.repositories()
        if anew:
            self.wake_rules(known)
        for repository in known:
            self._policies.reading(repository)

    def wake_due(self) -> int:
        """Queue the products whose deadline has come, or for which GitHub refused something; each once."""
        woken = 0
        for left in self._undone.due(self._clock()) if self._undone else ():
            name = f"undone:{left.product}:{left.due:%Y%m%dT%H%M%S}"
            woken += self._inbox.wake(name, "deadline", left.product, left.repository, left.number)
        for snapshot in self._snapshots.due(self._clock()):
            name = f"deadline:{snapshot.product}:{snapshot.due:%Y%m%dT%H%M%S}"
            woken += self._inbox.wake(name, "deadline", snapshot.product, snapshot.repository, snapshot.number)
        return woken


def _is_session(summary: IssueSummary) -> bool:
    """Whether an issue seems to be a session's, by what is told of it."""
    return LABELS["ordre-du-jour"].name in summary.labels and agenda_day(summary.body) is not None


def _title(history: History) -> str:
    titled = (ProductDescribed, ProductFiled, ProductImported)
    return next((fact.title for fact in reversed(history) if isinstance(fact, titled)), "")
