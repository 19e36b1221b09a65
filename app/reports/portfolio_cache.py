"""The portfolio kept in memory: each product is read once, then again only when its history or the day changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.facts import History
from app.domain.report.portfolio import KeptProduct, Look, ProductRow
from app.domain.report.search_words import private_items, wanted_words
from app.store.presents import Presents
from app.store.register import Register

FRESH_S = 2.0
"""Seconds by which a page may be behind the register."""


@dataclass
class _Shelved:
    """`rules` and `day` are those for which the row was made, None before."""

    kept: KeptProduct
    row: ProductRow | None = None
    rules: str | None = None
    day: date | None = None


class PortfolioCache:
    """Safe to share between threads; `clock` counts seconds, and never goes back."""

    def __init__(self, register: Register, clock: Callable[[], float] = time.monotonic) -> None:
        self._register, self._presents, self._clock = register, Presents(register), clock
        self._lock = threading.Lock()
        self._shelf: dict[str, _Shelved] = {}
        self._seen: dict[str, tuple[Any, Any]] = {}
        """The rank of each product's last fact, and the seal of its row, when last read."""
        self._read_at = float("-inf")

    def repositories(self) -> tuple[str, ...]:
        with self._lock:
            self._refresh()
            return tuple(sorted({one.kept.repository for one in self._shelf.values()}))

    def rows(self, repository: str, policy: Policy, now: datetime) -> tuple[ProductRow, ...]:
        """Every product of a backlog as it stands now, by number."""
        with self._lock:
            self._refresh()
            look, rules, day = Look(policy, now), policy_key(policy), day_of(now, policy.timezone)
            found = [one for one in self._shelf.values() if one.kept.repository == repository]
            for one in found:
                if one.rules != rules or one.day != day or _is_overdue(one.row, now):
                    one.row, one.rules, one.day = look.row(one.kept), rules, day
            return tuple(sorted((one.row for one in found if one.row), key=lambda row: row.number))

    def products(self, repository: str) -> tuple[KeptProduct, ...]:
        """Every product of a backlog with its history, to look at the past."""
        with self._lock:
            self._refresh()
            return tuple(one.kept for one in self._shelf.values() if one.kept.repository == repository)

    def found(self, repository: str, words: str, policy: Policy) -> frozenset[int] | None:
        """The numbers of the products of a backlog that hold every word; None when no word is looked for."""
        asked = wanted_words(words)
        if not asked:
            return None
        with self._lock:
            self._refresh()
            here = {product: one.kept for product, one in self._shelf.items() if one.kept.repository == repository}
        products = self._presents.found(asked, private_items(policy))
        return frozenset(kept.number for product, kept in here.items() if product in products)

    def history(self, repository: str, number: int) -> History:
        """All the facts of one product, read from the register now; none when it is not in that backlog."""
        wanted = (repository, number)
        kept = next((one for one in self.products(repository) if (one.repository, one.number) == wanted), None)
        return kept.history if kept else ()

    def _refresh(self) -> None:
        """Read what has new facts, or was made again; a deadline or a day that passes changes no present."""
        if self._clock() - self._read_at < FRESH_S:
            return
        tips, seals = self._presents.tips(), self._presents.seals()
        grown = {one: tip for one, tip in tips.items() if self._seen.get(one) != (tip, seals.get(one))}
        for product, kept in self._presents.at(grown):
            self._shelf[product] = _Shelved(kept)
        self._seen |= {product: (tip, seals.get(product)) for product, tip in grown.items()}
        self._follow()
        self._read_at = self._clock()

    def _follow(self) -> None:
        """A renamed repository keeps its products, though no history has grown."""
        for product, repository in self._register.places().items():
            one = self._shelf.get(product)
            if one and one.kept.repository != repository:
                self._shelf[product] = _Shelved(replace(one.kept, repository=repository))


def policy_key(policy: Policy) -> str:
    return f"{policy.version} {policy.language} {policy.timezone}"


def _is_overdue(row: ProductRow | None, now: datetime) -> bool:
    """Whether the gate's deadline has passed since the row was made."""
    return row is not None and row.gate is not None and not row.gate.overdue and now >= row.gate.deadline
