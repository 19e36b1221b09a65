"""One turn: load a product, decide what is new, record it, then change GitHub until it shows the history."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.deliveries import WakeUp
from app.domain.decide import catch_up
from app.domain.effects import Effect
from app.domain.policy import Policy
from app.domain.product import Issue, Product
from app.domain.reconcile import reconcile
from app.domain.requests import CardMove, pending
from app.github.apply import apply
from app.github.client import Client, NotFoundError
from app.github.policies import Policies
from app.github.read import load, locate
from app.register import Register

log = logging.getLogger(__name__)
Applier = Callable[[Client, Issue, Effect, str], None]


@dataclass(frozen=True)
class Outcome:
    """What a turn did; `ignored` says why there was nothing to do."""

    facts: int = 0
    effects: tuple[Effect, ...] = ()
    ignored: str = ""


class Turns:
    """Takes turns; the caller sees to it that one product never has two at a time."""

    def __init__(
        self,
        client: Client,
        policies: Policies,
        register: Register,
        clock: Callable[[], datetime],
        board: int,
        applier: Applier = apply,
    ) -> None:
        self._client, self._policies, self._register = client, policies, register
        self._clock, self._board, self._apply = clock, board, applier

    def take(self, wake: WakeUp, delivery: str) -> Outcome:
        """Raises LaterError when GitHub cannot answer now, ConflictError when another turn was quicker."""
        if wake.sender == self._client.bot:
            return Outcome(ignored="our own act")
        try:
            repository, number = (wake.repository, wake.number) if wake.repository else self._locate(wake)
            product, policy = self.look(repository, number)
        except NotFoundError as error:
            return Outcome(ignored=f"not visible to the App: {error}")
        move = CardMove(wake.sender, delivery) if wake.moved_card else None
        product, fresh = self._decided(product, policy, move, delivery)
        effects = reconcile(product, policy, self._clock())
        for effect in effects:
            log.info("%s#%s: %s", repository, number, type(effect).__name__, extra={"delivery": delivery})
            self._apply(self._client, product.issue, effect, policy.language)
        return Outcome(fresh, effects)

    def _locate(self, wake: WakeUp) -> tuple[str, int]:
        return locate(self._client, wake.node_id)

    def look(self, repository: str, number: int) -> tuple[Product, Policy]:
        """The product as it is now on GitHub and in the register, and the rules that hold for it."""
        policy = self._policies.of(repository)
        issue = load(self._client, repository, number, policy.committee.team, self._board)
        return Product(issue, self._register.history(issue.id)), policy

    def plan(self, repository: str, number: int) -> tuple[Product, tuple[Effect, ...]]:
        """What a turn would do, without doing it."""
        product, policy = self.look(repository, number)
        product = catch_up(product, pending(product, policy), policy, self._clock())
        return product, reconcile(product, policy, self._clock())

    def _decided(self, product: Product, policy: Policy, move: CardMove | None, delivery: str) -> tuple[Product, int]:
        """The product with its new facts, recorded before anything is changed on GitHub."""
        known = len(product.history)
        product = catch_up(product, pending(product, policy, move), policy, self._clock())
        fresh = product.history[known:]
        if fresh:
            issue = product.issue
            self._register.append(issue.id, (issue.repository, issue.number), known, fresh, delivery)
        return product, len(fresh)
