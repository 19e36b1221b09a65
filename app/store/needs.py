"""What every product is for, compared with one another in memory: read once, then again only where a row changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.domain.policy.model import Policy, ReuseSettings
from app.domain.product.purpose import Purpose, from_text
from app.domain.reuse.catalogue import PRODUCT, Catalogue
from app.domain.reuse.near import Index
from app.domain.reuse.need import Filing, Need
from app.domain.reuse.suggest import FoundCandidates, suggest
from app.store.present_rows import UNREADABLE, mark
from app.store.presents import AT_ONCE, RENEWED, Presents
from app.store.register import Register
from app.store.schema import PLACES, PRESENTS

log = logging.getLogger(__name__)
HERE = sa.func.coalesce(PLACES.c.repository, PRESENTS.c.repository)


class Row(NamedTuple):
    """One product as it was last read."""

    seal: str
    repository: str
    number: int
    purpose: Purpose


@dataclass
class _Shelf:
    """The index of one backlog, under the rules that tell it; `held` are the rows it was made from."""

    rules: tuple[Any, ...]
    index: Index
    held: dict[str, Row] = field(default_factory=dict)

    def follow(self, rows: Mapping[str, Row], policy: Policy) -> None:
        for product in self.held.keys() - rows.keys():
            self.index.drop(f"{PRODUCT}{product}")
            del self.held[product]
        for product, row in rows.items():
            if self.held.get(product) is not row:
                self.index.put(row.purpose.need(product, row.repository, row.number, policy))
                self.held[product] = row


class Needs:
    """One for the turns and the pages of a process, safe to share between threads.

    Rows that other code made are made again at the first look, as a page would.
    """

    def __init__(self, register: Register) -> None:
        self._register, self._presents = register, Presents(register)
        self._lock = threading.RLock()
        self._rows: dict[str, Row] = {}
        self._shelves: dict[str, _Shelf] = {}
        self._is_whole = False

    @contextmanager
    def index(self, repository: str, policy: Policy) -> Iterator[Index]:
        """Every product that a backlog follows, as the register holds it now; others wait until the block ends.

        Whatever a block puts there, it takes back.
        """
        with self._lock:
            self._refresh()
            rules = _rules(policy)
            shelf = self._shelves.get(repository)
            if shelf is None or shelf.rules != rules:
                shelf = self._shelves[repository] = _Shelf(rules, Index(_settings(policy).plain_words))
            shelf.follow(self._of(repository), policy)
            yield shelf.index

    def found(
        self,
        filing: Filing,
        policy: Policy,
        catalogue: Catalogue,
        today: date,
        aside: frozenset[str] = frozenset(),
    ) -> FoundCandidates:
        """What may answer a need; `aside` are references set aside in facts that the register has not yet."""
        need = filing.need
        with self.index(need.repository, policy) as index:
            silenced = aside | self._silenced(need.ref.removeprefix(PRODUCT), need.repository)
            before = index.need(need.ref)
            try:
                return suggest(filing, index, catalogue, _settings(policy), silenced, today)
            finally:
                _put_back(index, need.ref, before)

    def known(self, repository: str, policy: Policy) -> tuple[Need, ...]:
        """What every product that a backlog follows is for."""
        with self._lock:
            self._refresh()
            rows = self._of(repository).items()
            return tuple(row.purpose.need(product, row.repository, row.number, policy) for product, row in rows)

    def silenced(self, product: str, repository: str) -> frozenset[str]:
        """The references that a product set aside, and those of the products that set it aside."""
        with self._lock:
            self._refresh()
            return self._silenced(product, repository)

    def _silenced(self, product: str, repository: str) -> frozenset[str]:
        own, mine = f"{PRODUCT}{product}", self._rows.get(product)
        rows = self._of(repository).items()
        by_others = (f"{PRODUCT}{other}" for other, row in rows if own in row.purpose.set_aside)
        return frozenset((*by_others, *(mine.purpose.set_aside if mine else ())))

    def _of(self, repository: str) -> dict[str, Row]:
        return {
            product: row
            for product, row in self._rows.items()
            if row.repository == repository and row.purpose.is_followed
        }

    def _refresh(self) -> None:
        if not self._is_whole:
            self._make_all()
        query = sa.select(PRESENTS.c.product, PRESENTS.c.seal, PRESENTS.c.mark, HERE.label("here"))
        query = query.outerjoin(PLACES, PLACES.c.product == PRESENTS.c.product)
        with self._register.engine.connect() as connection:
            seen = connection.execute(query).all()
        for product in self._rows.keys() - {row.product for row in seen}:
            del self._rows[product]
        grown = sorted(row.product for row in seen if row.mark == mark() and not self._has(row))
        for start in range(0, len(grown), AT_ONCE):
            self._read(grown[start : start + AT_ONCE])

    def _has(self, row: Any) -> bool:
        known = self._rows.get(row.product)
        return known is not None and (known.seal, known.repository) == (row.seal, row.here)

    def _read(self, products: list[str]) -> None:
        columns = (PRESENTS.c.product, PRESENTS.c.seal, PRESENTS.c.number, PRESENTS.c.need, HERE.label("here"))
        query = sa.select(*columns).outerjoin(PLACES, PLACES.c.product == PRESENTS.c.product)
        with self._register.engine.connect() as connection:
            found = connection.execute(query.where(PRESENTS.c.product.in_(products))).all()
        for row in found:
            try:
                self._rows[row.product] = Row(row.seal, row.here, row.number, from_text(row.need))
            except UNREADABLE:
                log.exception("%s#%s: what it is for cannot be read; it is compared with none", row.here, row.number)

    def _make_all(self) -> None:
        """What an upgrade left to make again; each process looks once."""
        after = ""
        while True:
            after, late = self._presents.to_make(after, AT_ONCE, is_backward=False)
            for start in range(0, len(late), RENEWED):
                self._presents.make(late[start : start + RENEWED])
            if not after:
                break
        self._is_whole = True


def _put_back(index: Index, ref: str, before: Need | None) -> None:
    if before is None:
        index.drop(ref)
    else:
        index.put(before)


def _settings(policy: Policy) -> ReuseSettings:
    return policy.reuse or ReuseSettings()


def _rules(policy: Policy) -> tuple[Any, ...]:
    """What of the rules the index depends on: the words that say nothing, and when a product has come to its end."""
    ends = frozenset(phase.id for phase in policy.phases if policy.is_final(phase.id))
    return _settings(policy).plain_words, ends, policy.timezone
