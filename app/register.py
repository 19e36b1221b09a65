"""The register: facts appended and never changed, chained by digests so that a missing or altered one shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.domain.facts import Fact, History, from_json, to_json
from app.schema import FACTS

AT_ONCE = 1_000
"""Rows in memory at once while the whole register is read."""


class ConflictError(Exception):
    """Another turn recorded facts of the same product meanwhile: read again and decide again."""


@dataclass(frozen=True)
class Entry:
    """One fact where it stands in the register; `product` is the node id of the product's issue."""

    product: str
    repository: str
    number: int
    seq: int
    fact: Fact
    delivery: str
    digest: str


@dataclass(frozen=True)
class Flaw:
    """A fact that is missing or altered, by its place in the history of a product."""

    repository: str
    number: int
    seq: int


class Register:
    """Append-only; `seq` counts from 1 within a product and cannot be taken twice."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def history(self, product: str) -> History:
        """All the facts of one product, oldest first."""
        query = sa.select(FACTS.c.fact).where(FACTS.c.product == product).order_by(FACTS.c.seq)
        with self._engine.connect() as connection:
            return tuple(from_json(json.loads(row.fact)) for row in connection.execute(query))

    def append(self, product: str, where: tuple[str, int], known: int, facts: History, delivery: str) -> None:
        """Add facts after the `known` first ones, all or none; raises ConflictError if others came meanwhile."""
        repository, number = where
        try:
            with self._engine.begin() as connection:
                digest = self._last_digest(connection, product)
                for seq, fact in enumerate(facts, start=known + 1):
                    text = json.dumps(to_json(fact), ensure_ascii=False, sort_keys=True)
                    digest = chained(digest, text)
                    values = {"product": product, "seq": seq, "repository": repository, "number": number}
                    values |= {"cause": fact.cause, "fact": text, "delivery": delivery, "digest": digest}
                    connection.execute(sa.insert(FACTS).values(**values))
        except sa.exc.IntegrityError as error:
            raise ConflictError(product) from error

    def _last_digest(self, connection: sa.Connection, product: str) -> str:
        query = sa.select(FACTS.c.digest).where(FACTS.c.product == product).order_by(FACTS.c.seq.desc()).limit(1)
        return connection.execute(query).scalar() or ""

    def entries(self) -> Iterator[Entry]:
        """The whole register, product by product."""
        query = sa.select(FACTS).order_by(FACTS.c.repository, FACTS.c.number, FACTS.c.product, FACTS.c.seq)
        with self._engine.connect() as connection:
            yield from map(_entry, connection.execution_options(yield_per=AT_ONCE).execute(query))

    def tips(self) -> dict[str, int]:
        """How many facts each product has: what tells, cheaply, which histories have grown."""
        query = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq).label("facts")).group_by(FACTS.c.product)
        with self._engine.connect() as connection:
            return {row.product: int(row.facts) for row in connection.execute(query)}

    def after(self, product: str, seq: int) -> tuple[Entry, ...]:
        """The facts of one product that come after the `seq` first ones."""
        query = sa.select(FACTS).where(FACTS.c.product == product, FACTS.c.seq > seq).order_by(FACTS.c.seq)
        with self._engine.connect() as connection:
            return tuple(map(_entry, connection.execute(query)))

    def holding(self, products: Iterable[str]) -> set[str]:
        """Those of these that have a history."""
        query = sa.select(FACTS.c.product).where(FACTS.c.product.in_(list(products)), FACTS.c.seq == 1)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def last_of(self, repository: str) -> dict[str, tuple[int, Fact]]:
        """The number and the last fact of each product that a repository holds, or held last."""
        newest = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq).label("seq")).group_by(FACTS.c.product).subquery()
        same = sa.and_(FACTS.c.product == newest.c.product, FACTS.c.seq == newest.c.seq)
        query = sa.select(FACTS).join(newest, same).where(FACTS.c.repository == repository).order_by(FACTS.c.number)
        with self._engine.connect() as connection:
            return {row.product: (row.number, from_json(json.loads(row.fact))) for row in connection.execute(query)}

    def numbered(self, number: int) -> tuple[tuple[str, str], ...]:
        """Node id and repository of the products that bear a number, in the repository that last held each."""
        query = sa.select(FACTS.c.product, FACTS.c.repository).where(FACTS.c.number == number).order_by(FACTS.c.seq)
        with self._engine.connect() as connection:
            return tuple({row.product: row.repository for row in connection.execute(query)}.items())

    def repositories(self) -> tuple[str, ...]:
        """The repositories that hold products."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(sa.select(FACTS.c.repository).distinct()).scalars())

    def verify(self) -> list[Flaw]:
        """Each broken link of a chain; empty when the register is whole.

        A chain proves its links, not its end: facts taken away from the end show only against GitHub's copy.
        """
        query = sa.select(FACTS)
        broken, product, expected, digest = [], "", 1, ""
        with self._engine.connect() as connection:
            ordered = query.order_by(FACTS.c.product, FACTS.c.seq)
            for row in connection.execution_options(yield_per=AT_ONCE).execute(ordered):
                if row.product != product:
                    product, expected, digest = row.product, 1, ""
                digest = chained(digest, row.fact)
                if row.seq != expected or row.digest != digest:
                    broken.append(Flaw(row.repository, row.number, expected))
                expected, digest = row.seq + 1, row.digest
        return broken


def _entry(row: Any) -> Entry:
    fact = from_json(json.loads(row.fact))
    return Entry(row.product, row.repository, row.number, row.seq, fact, row.delivery, row.digest)


def chained(previous: str, text: str) -> str:
    """The digest of a fact, which depends on every fact before it."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
