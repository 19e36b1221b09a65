"""Imports each product of the file: an issue is created unless GitHub holds it, then it gets an ordinary turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.label_names import PRODUCT_LABEL
from app.domain.policy.model import Policy
from app.domain.product import imported
from app.domain.product.facts import History, ProductImported
from app.domain.product.imported import ImportedProduct
from app.domain.product.issue import Issue
from app.domain.product.state import standing
from app.domain.publish.effects import Effect, PlaceCard, PostComment
from app.domain.publish.notices import ImportedIssue
from app.github.apply import Answer, apply
from app.github.client import Client, LaterError
from app.github.read import issue_bodies
from app.importing.layout import alike
from app.importing.pacing import Pacer
from app.messages import render
from app.store.register import ConflictError, Register
from app.turns.product_turn import Applier, ProductTurn
from app.turns.wakeup import ProductWakeUp

log = logging.getLogger(__name__)
TRIES = 8
LEAST_WAIT_S = 2.0
LATE_S = 10.0
"""Longer than GitHub's copies are late."""


@dataclass(frozen=True)
class ImportedBefore:
    """A product that is on GitHub already: its issue's number, and what it was imported with."""

    number: int
    past: tuple[object, ...]


@dataclass(frozen=True)
class Taken:
    """The result for one product; `fresh`: its issue was created now; `differs`: the file has changed since."""

    product: ImportedProduct
    number: int
    fresh: bool
    differs: bool = False


def paced(pacer: Pacer) -> Applier:
    """Makes effects no faster than GitHub allows."""

    def run(client: Client, issue: Issue, effect: Effect, language: str, place: str) -> Answer:
        if isinstance(effect, PlaceCard) and effect.card is None:
            pacer.write()  # created, then put in its column
        (pacer.content if isinstance(effect, PostComment) else pacer.write)()
        return apply(client, issue, effect, language, place)

    return run


def imported_before(client: Client, repository: str, register: Register) -> dict[str, ImportedBefore]:
    """Every imported product that GitHub still has, by its stable key.

    Anybody who may edit an issue can change the key in its description: an issue that the register knows keeps the key
    recorded there, so that no product is created twice or taken for another.
    """
    found: dict[str, ImportedBefore] = {}
    kept = register.first_of(repository)
    for number, body, ours in issue_bodies(client, repository):
        first = kept.get(number)
        if isinstance(first, ProductImported):
            found.setdefault(alike(first.key), ImportedBefore(number, first.past))
        elif ours and first is None and (key := imported.key_in(body)) is not None:
            found.setdefault(alike(key), ImportedBefore(number, _past(imported.carried_history(body))))
    return found


def _past(history: History) -> tuple[object, ...]:
    return next((fact.past for fact in history if isinstance(fact, ProductImported)), ())


def writes(product: ImportedProduct, policy: Policy, now: datetime) -> Iterator[bool]:
    """The writes that importing a product costs, in order; True for those that create an issue or a comment."""
    over = imported.had_ended_before(standing(imported.facts(product, policy, now)), policy)
    yield from (True, False, False)  # the issue, its card, the card's column
    yield from (False, True) if over else (True, True)  # closed and commented, or commented with its checklist


class Importer:
    """Imports products one by one; killed anywhere and started again, it continues from there."""

    def __init__(
        self,
        client: Client,
        turns: ProductTurn,
        register: Register,
        repository: str,
        policy: Policy,
        clock: Callable[[], datetime],
        pacer: Pacer,
        wait: Callable[[float], None],
    ) -> None:
        self._client, self._turns, self._repository, self._policy = client, turns, repository, policy
        self._clock, self._pacer, self._wait = clock, pacer, wait
        self._register = register
        self._known = imported_before(client, repository, register)
        self._is_unsure = False

    def is_known(self, product: ImportedProduct) -> bool:
        return alike(product.key) in self._known

    def take(self, product: ImportedProduct) -> Taken:
        """Raises LaterError when GitHub refuses for too long."""
        fresh = not self.is_known(product)
        if fresh:
            self._patiently(lambda: self._make(product))
        there = self._known[alike(product.key)]
        wake = ProductWakeUp("", self._repository, there.number)
        self._patiently(lambda: self._turn(wake, f"{imported.IMPORT}{product.key}"))
        return Taken(product, there.number, fresh, there.past != product.past)

    def _turn(self, wake: ProductWakeUp, name: str) -> None:
        outcome = self._turns.take(wake, name)
        if outcome.ignored:  # It was just created, or listed: it exists, and GitHub's copy is late.
            raise LaterError(f"GitHub does not show the issue yet: {outcome.ignored}", LATE_S)

    def _make(self, product: ImportedProduct) -> None:
        if self._is_unsure:
            self._known = imported_before(self._client, self._repository, self._register)
            self._is_unsure = False
        if self.is_known(product):
            return
        bot = self._client.bot.removesuffix("[bot]")
        history = imported.facts(product, self._policy, self._clock(), bot)
        text = render(ImportedIssue(source=product.source, shown=product.shown), self._policy.language)
        phase = self._policy.phase(standing(history).phase or "")
        body = {
            "title": product.title,
            "body": f"{text.rstrip()}\n\n{imported.import_mark(history)}",
            "labels": [PRODUCT_LABEL, phase.label],
        }
        self._pacer.content()
        try:
            _, made = self._client.rest(
                self._client.requester(self._repository), "POST", f"/repos/{self._repository}/issues", body
            )
        except LaterError as error:
            # A lost answer may hide an issue that was created: only GitHub knows, and not at once.
            self._is_unsure = True
            error.seconds = max(error.seconds, LATE_S)
            raise
        else:
            self._known[alike(product.key)] = ImportedBefore(made["number"], product.past)

    def _patiently(self, act: Callable[[], object]) -> None:
        delay = LEAST_WAIT_S
        for attempt in range(1, TRIES + 1):
            try:
                act()
            except (LaterError, ConflictError) as error:
                if attempt == TRIES:
                    raise
                seconds = max(delay, getattr(error, "seconds", 0))
                log.warning("%s; trying again in %.0f s", error, seconds)
                self._wait(seconds)
                delay *= 2
            else:
                return
