"""The portfolio kept at hand: each product folded once, and again only when its history or its day changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.product.description import known
from app.domain.product.facts import Fact
from app.domain.product.state import standing
from app.domain.report.portfolio import ProductRow, Tracked, light, row
from app.store.register import Entry, Register

FRESH_S = 2.0
"""A page may be that much behind the register."""


@dataclass
class _Kept:
    repository: str
    number: int
    facts: list[Fact]
    tracked: Tracked | None = None
    row: ProductRow | None = None
    made_at: datetime | None = None
    policy: str = ""


class PortfolioCache:
    """Safe to share between threads; `clock` counts seconds, and never goes back."""

    def __init__(self, register: Register, clock: Callable[[], float] = time.monotonic) -> None:
        self._register, self._clock = register, clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._read_at = float("-inf")

    def repositories(self) -> tuple[str, ...]:
        with self._lock:
            self._refresh()
            return tuple(sorted({kept.repository for kept in self._kept.values()}))

    def rows(self, repository: str, policy: Policy, now: datetime) -> tuple[ProductRow, ...]:
        """Every product of a backlog as it stands now, in the order of their numbers."""
        with self._lock:
            self._refresh()
            found = [kept for kept in self._kept.values() if kept.repository == repository]
            made = (_row(kept, policy, now) for kept in sorted(found, key=lambda kept: kept.number))
            return tuple(one for one in made if one is not None)

    def products(self, repository: str) -> tuple[Tracked, ...]:
        """Every product of a backlog with its whole history, to look at the past."""
        with self._lock:
            self._refresh()
            return tuple(_tracked(kept) for kept in self._kept.values() if kept.repository == repository)

    def _refresh(self) -> None:
        if self._clock() - self._read_at < FRESH_S:
            return
        if not self._kept:
            for entry in self._register.entries():
                self._take(entry)
        else:
            for product, seq in self._register.tips().items():
                length = len(self._kept[product].facts) if product in self._kept else 0
                for entry in self._register.after(product, length) if seq > length else ():
                    self._take(entry)
        self._follow()
        self._read_at = self._clock()

    def _follow(self) -> None:
        """A repository renamed takes its products along, though no history has grown."""
        for product, repository in self._register.places().items():
            kept = self._kept.get(product)
            if kept and kept.repository != repository:
                kept.repository = repository
                kept.tracked = kept.row = kept.made_at = None

    def _take(self, entry: Entry) -> None:
        kept = self._kept.setdefault(entry.product, _Kept(entry.repository, entry.number, []))
        kept.facts.append(light(entry.fact))
        kept.tracked = kept.row = kept.made_at = None


def _row(kept: _Kept, policy: Policy, now: datetime) -> ProductRow | None:
    if _is_old(kept, policy, now):
        kept.row, kept.made_at, kept.policy = row(_tracked(kept), policy, now), now, policy_key(policy)
    return kept.row


def _tracked(kept: _Kept) -> Tracked:
    if kept.tracked is None:
        described = known(standing(tuple(kept.facts)))
        kept.tracked = Tracked(kept.repository, kept.number, described.title, tuple(kept.facts), described.needs)
    return kept.tracked


def policy_key(policy: Policy) -> str:
    return f"{policy.version} {policy.language} {policy.timezone}"


def _day(moment: datetime, policy: Policy) -> date:
    return day_of(moment, policy.timezone)


def _is_old(kept: _Kept, policy: Policy, now: datetime) -> bool:
    """Facts, the day or the rules have changed, or a deadline has passed since."""
    if kept.made_at is None or kept.policy != policy_key(policy) or _day(kept.made_at, policy) != _day(now, policy):
        return True
    gate = kept.row.gate if kept.row else None
    return gate is not None and not gate.overdue and now >= gate.deadline
