"""Where every product stands, without reading its history: the presents kept beside the facts, or made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.domain.report.portfolio import KeptProduct
from app.domain.report.search_words import is_found
from app.store.present_rows import believed, mark
from app.store.register import Register
from app.store.schema import FACTS, PLACES, PRESENTS

AT_ONCE = 500
"""Rows read by one query."""
APART = {"words", "need"}
"""Columns that pages and reports do without."""
RENEWED = 25
"""Presents made again in one transaction: whoever has something to write waits a tenth of a second at most."""


class Presents:
    """Rows are never believed against the register: one that is late, spoilt or made by other code is made again."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def tips(self) -> dict[str, Any]:
        """The rank of the last fact of each product; SQLite lets a hand put words there."""
        query = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq)).group_by(FACTS.c.product)
        with self._register.engine.connect() as connection:
            return {product: seq for product, seq in connection.execute(query).all() if isinstance(product, str)}

    def seals(self) -> dict[str, Any]:
        """What changes with each row: one made again by another process, or taken away, shows."""
        query = sa.select(PRESENTS.c.product, PRESENTS.c.seal)
        with self._register.engine.connect() as connection:
            return dict(connection.execute(query).all())

    def at(self, tips: Mapping[str, Any]) -> Iterator[tuple[str, KeptProduct]]:
        """The present of each product after these facts, or later ones; those that do not hold together left out."""
        late: list[str] = []
        products = sorted(tips)
        for start in range(0, len(products), AT_ONCE):
            asked = products[start : start + AT_ONCE]
            found = self._believed(asked, tips)
            late += [product for product in asked if product not in found]
            yield from found.items()
        for start in range(0, len(late), RENEWED):
            for tip, told in self._register.renewed(late[start : start + RENEWED]):
                yield (
                    tip.product,
                    KeptProduct(tip.repository, tip.number, told, partial(self._register.readable, tip.product)),
                )

    def _believed(self, products: list[str], tips: Mapping[str, Any]) -> dict[str, KeptProduct]:
        found = {}
        for row in self._rows(products):
            told = believed(row, tips[row.product], row.tip)
            if told:
                found[row.product] = KeptProduct(
                    row.here, row.number, told, partial(self._register.readable, row.product)
                )
        return found

    def to_make(self, after: str, most: int, *, is_backward: bool) -> tuple[str, list[str]]:
        """Of the next products in the order of their ids, those whose row other code made, or that have none.

        With the last one looked at, empty at the end. A cheap look: what is amiss within a row shows when it is read.
        """
        order = FACTS.c.product.desc() if is_backward else FACTS.c.product
        beyond = FACTS.c.product < after if is_backward else FACTS.c.product > after
        query = sa.select(FACTS.c.product).where(FACTS.c.seq == 1, *([beyond] if after else []))
        with self._register.engine.connect() as connection:
            seen = connection.execute(query.order_by(order).limit(most)).scalars().all()
            tips = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq).label("seq")).group_by(FACTS.c.product)
            last = tips.where(FACTS.c.product.in_(seen)).subquery()
            same = sa.and_(PRESENTS.c.product == last.c.product, PRESENTS.c.seq >= last.c.seq)
            made = sa.select(PRESENTS.c.product).join(last, same).where(PRESENTS.c.mark == mark())
            kept = set(connection.execute(made).scalars())
        return (seen[-1] if seen else ""), [one for one in seen if isinstance(one, str) and one not in kept]

    def make(self, products: Iterable[str]) -> None:
        """Kept as they are made, in one transaction."""
        self._register.renewed(products)

    def of(self, repository: str) -> tuple[KeptProduct, ...]:
        """Every product of one backlog, in the order of their numbers."""
        found = (kept for _, kept in self.at(self.tips()) if kept.repository == repository)
        return tuple(sorted(found, key=lambda kept: kept.number))

    def found(self, words: Collection[str], private: Collection[str]) -> frozenset[str]:
        """The products that hold each of these words, what answers a private item left out."""
        query = sa.select(PRESENTS.c.product, PRESENTS.c.words)
        for word in words:
            query = query.where(PRESENTS.c.words.contains(word, autoescape=True))
        with self._register.engine.connect() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(query)
            return frozenset(row.product for row in rows if is_found(row.words, words, private))

    def _rows(self, products: list[str]) -> Sequence[Any]:
        """The connection is given back before what is read is looked at: a page may have to read a history."""
        here = sa.func.coalesce(PLACES.c.repository, PRESENTS.c.repository).label("here")
        last = sa.and_(FACTS.c.product == PRESENTS.c.product, FACTS.c.seq == PRESENTS.c.seq)
        columns = (column for column in PRESENTS.c if column.name not in APART)
        query = sa.select(*columns, here, FACTS.c.digest.label("tip")).select_from(PRESENTS).outerjoin(FACTS, last)
        query = query.outerjoin(PLACES, PLACES.c.product == PRESENTS.c.product)
        with self._register.engine.connect() as connection:
            return connection.execute(query.where(PRESENTS.c.product.in_(products))).all()
