"""The turn of an issue that GitHub no longer shows: records that it left, and how, once that is certain."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from app.domain.decide import departures
from app.domain.product.facts import History
from app.domain.product.issue import Issue
from app.github.client import Client, NotFoundError
from app.github.read import locate
from app.store.places import Places
from app.store.recent_writes import APART, RecentWrites
from app.store.register import Register
from app.store.support_requests import SupportRequests
from app.turns.finding import WAITS_S, StaleReadError
from app.turns.outcome import TurnOutcome
from app.turns.wakeup import DepartureWakeUp, ProductWakeUp

log = logging.getLogger(__name__)
NOT_SEEN = "not visible to the App"


class DepartureTurn:
    """Causes of the fact: a webhook said so, or a sweep found the issue gone without one."""

    def __init__(self, client: Client, register: Register, recent: RecentWrites, clock: Callable[[], datetime]) -> None:
        self._client, self._register, self._recent, self._clock = client, register, recent, clock

    def take(self, wake: DepartureWakeUp, delivery: str) -> TurnOutcome:
        """A webhook says that an issue left. GitHub is asked too: whoever had the secret could forge a webhook.

        A late copy of GitHub's may still show the issue: it is asked again, then the webhook is believed. If it was
        wrong, the sweep will find the issue.
        """
        if not self._register.history(wake.node_id):
            return self._take_leave(wake, delivery)
        if not self._is_still_there(wake):
            is_seen = wake.repository in self._client.repositories()
            return self._take_leave(wake, delivery) if is_seen else TurnOutcome(ignored=NOT_SEEN)
        if wake.tried < len(WAITS_S):
            raise StaleReadError(f"that the issue was {wake.how}", WAITS_S[wake.tried])
        place = locate(self._client, wake.node_id)
        log.warning("%s#%s is said to be %s, and still there: nothing is changed", *place, wake.how)
        return TurnOutcome(ignored=f"said to be {wake.how}, and still there")

    def take_absent(self, wake: ProductWakeUp, delivery: str, error: NotFoundError) -> TurnOutcome:
        """The turn of an issue that GitHub does not show: not yet, no longer, or not to us."""
        if not wake.node_id:  # an import is under way: the importer will look again
            return TurnOutcome(ignored=f"{NOT_SEEN}: {error}")
        if wake.sender and wake.tried < len(WAITS_S):
            raise StaleReadError("the issue", WAITS_S[wake.tried])
        departure = None if wake.sender else self._departure(wake)
        if departure is None:
            return TurnOutcome(ignored=f"{NOT_SEEN}: {error}")
        if departure.how == departures.DELETED:
            since = self._recent.absent_for(wake.node_id, self._clock())
            if since < APART:
                raise StaleReadError("the issue", (APART - since).total_seconds())
        return self._take_leave(departure, delivery)

    def taken_over(self, issue: Issue, history: History) -> History:
        """A history read from an issue's comments, with a note of the transfer if there was one, and of the committee
        that followed the product until then.
        """
        found = departures.taken_over(issue, history, self._clock())
        if found is history:
            return history
        before = Places(self._register.engine).followed_before(issue.id, history[0])
        is_other = bool(before) and before.casefold() != issue.repository.casefold()
        return departures.taken_over(issue, history, self._clock(), before) if is_other else found

    def _departure(self, wake: ProductWakeUp) -> DepartureWakeUp | None:
        """How an issue left when its webhook was lost; None when we merely lost access to its repository."""
        if wake.repository not in self._client.repositories():
            return None
        left = wake.node_id, wake.repository, wake.number
        try:
            place = locate(self._client, wake.node_id)
        except NotFoundError:
            return DepartureWakeUp(*left, departures.DELETED)
        is_elsewhere = place != (wake.repository, wake.number)
        return DepartureWakeUp(*left, departures.TRANSFERRED, "{}#{}".format(*place)) if is_elsewhere else None

    def _is_still_there(self, wake: DepartureWakeUp) -> bool:
        """Record it under the number we know: only the issue's id is trusted from the delivery."""
        try:
            _, number = locate(self._client, wake.node_id)
        except NotFoundError:
            return False
        return wake.node_id in {product for product, _ in self._register.numbered(number)}

    def _take_leave(self, wake: DepartureWakeUp, delivery: str) -> TurnOutcome:
        """Record the departure, in the last turn of the product; a request for support asks for nothing any more."""
        SupportRequests(self._register.engine).keep(wake.node_id, None)
        history = self._register.history(wake.node_id)
        fresh = departures.left(history, wake.how, wake.sender, delivery, self._clock(), wake.to)
        if fresh:
            self._register.append(wake.node_id, (wake.repository, wake.number), len(history), fresh, delivery)
        return TurnOutcome(len(fresh), ignored="" if fresh else "no product of ours")
