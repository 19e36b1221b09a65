"""The register: facts appended and never changed, chained by digests so that a missing or altered one shows."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.domain.product.erasure import ERASING
from app.domain.product.fact import LogPlace
from app.domain.product.fact_json import to_json
from app.domain.product.facts import Fact, History
from app.domain.report.present import Present
from app.store.agreement import parted
from app.store.chain import chained_digest
from app.store.fact_rows import readable_fact
from app.store.outbox import note_news
from app.store.present_rows import Tip, drawn, forget, keep_present, saying, unfaithful
from app.store.schema import FACTS, PLACES
from app.store.sealing import SEALS, seal_product, sealed_of, with_seals

log = logging.getLogger(__name__)
AT_ONCE = 1_000
"""Rows in memory at once while the whole register is read."""


class ConflictError(Exception):
    """Another turn recorded facts of the same product meanwhile: read again and decide again."""


class BrokenChainError(Exception):
    """The history of a product is not as it was recorded: a fact is missing or altered at `seq`."""

    def __init__(self, product: str, seq: int) -> None:
        self.product, self.seq = product, seq
        super().__init__(f"{product}: fact {seq} is missing or was altered")


@dataclass(frozen=True)
class RegisterEntry:
    """One fact where it stands in the register; `product` is the node id of the product's issue.

    `repository` is the name it has today, `recorded` the one it had then, which the digest covers.
    """

    product: str
    repository: str
    number: int
    seq: int
    fact: Fact
    delivery: str
    digest: str
    recorded: str = ""


@dataclass(frozen=True)
class Flaw:
    """A fact that is missing or altered, by its place in the history of a product."""

    repository: str
    number: int
    seq: int


_here: sa.ColumnElement[Any] = sa.func.coalesce(PLACES.c.repository, FACTS.c.repository)
"""The repository that holds a product today, whatever name it had when a fact was recorded."""


def _facts() -> sa.Select[Any]:
    """Facts, each with where its product is, and its entry in the sealed log."""
    rows = FACTS.outerjoin(PLACES, PLACES.c.product == FACTS.c.product)
    return sa.select(FACTS, _here.label("here"), *SEALS).select_from(with_seals(rows))


class Register:
    """Append-only; `seq` counts from 1 within a product and cannot be taken twice."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def history(self, product: str) -> History:
        """All the facts of one product, oldest first; raises BrokenChainError unless each link holds."""
        rows = self._rows(product)
        for _, seq in _flawed(rows):
            raise BrokenChainError(product, seq)
        return tuple(fact for fact in map(_read, rows) if fact)

    def readable(self, product: str) -> History:
        """What can still be read of a history whose chain is broken, to show it; never to act upon it."""
        return tuple(entry.fact for entry in _entries(self._rows(product)))

    def _rows(self, product: str) -> Any:
        with self.engine.connect() as connection:
            return _of_product(connection, product)

    def append(
        self,
        product: str,
        where: tuple[str, int],
        known: int,
        facts: History,
        delivery: str,
        *,
        is_news: bool = True,
    ) -> History:
        """Add facts after the `known` first ones, all or none; raises ConflictError if others came meanwhile.

        Raises BrokenChainError where another fact was sealed at that rank: rows were taken away from the end.
        Gives them back, each with its place in the sealed log if there is one. Those that bring a place keep it: they
        were sealed before, and are read back from GitHub.
        The present they lead to is kept with them, drawn from what the register holds and not from what callers know.
        What channels may have to be told is noted with them, unless it is no news: facts read back from GitHub.
        """
        try:
            with self.engine.begin() as connection:
                kept = recorded(connection, product, where, known, facts, delivery)
                if is_news:
                    note_news(connection, product, known, facts)
        except sa.exc.IntegrityError as error:
            raise ConflictError(product) from error
        return kept

    def seal_again(self, product: str, places: Mapping[int, LogPlace]) -> None:
        """Put facts that wait back in the places that the log had given them, by their ranks."""
        with self.engine.begin() as connection:
            seal_product(connection, _of_product(connection, product), places)

    def renewed(self, products: Iterable[str]) -> tuple[tuple[Tip, Present], ...]:
        """The presents of these products, drawn from their facts and kept; each with where its product is today."""
        asked = tuple(products)
        try:
            with self.engine.begin() as connection:
                found = [_renew(connection, product, keep_present) for product in asked]
        except sa.exc.DBAPIError:  # a full disk, a database held by another: what is read is still told
            log.warning("the present of %d products could not be kept", len(asked), exc_info=True)
            with self.engine.connect() as connection:
                found = [_renew(connection, product, lambda _, tip, facts: drawn(tip, facts)) for product in asked]
        return tuple(one for one in found if one)

    def entries(self, spoilt: Callable[[Flaw], None] | None = None) -> Iterator[RegisterEntry]:
        """The whole register, product by product; `spoilt` hears of each fact that cannot be read."""
        query = _facts().order_by(_here, FACTS.c.number, FACTS.c.product, FACTS.c.seq)
        with self.engine.connect() as connection:
            yield from _entries(connection.execution_options(yield_per=AT_ONCE).execute(query), spoilt)

    def holding(self, products: Iterable[str]) -> set[str]:
        """Those of these that have a history."""
        query = sa.select(FACTS.c.product).where(FACTS.c.product.in_(list(products)), FACTS.c.seq == 1)
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def last_of(self, repository: str) -> dict[str, tuple[int, Fact]]:
        """The number and the last fact of each product that a repository holds, or held last; not those unreadable."""
        living = FACTS.c.cause.not_like(f"{ERASING}%")  # what was erased since says nothing of where a product is
        last = sa.select(FACTS.c.product, sa.func.max(FACTS.c.seq).label("seq")).where(living)
        newest = last.group_by(FACTS.c.product).subquery()
        same = sa.and_(FACTS.c.product == newest.c.product, FACTS.c.seq == newest.c.seq)
        query = _facts().join(newest, same).where(_here == repository).order_by(FACTS.c.number)
        with self.engine.connect() as connection:
            return {entry.product: (entry.number, entry.fact) for entry in _entries(connection.execute(query))}

    def first_of(self, repository: str) -> dict[int, Fact]:
        """The first fact of each product that a repository holds, or held last, by number."""
        numbers = {product: number for product, (number, _) in self.last_of(repository).items()}
        query = _facts().where(FACTS.c.seq == 1)
        with self.engine.connect() as connection:
            found = _entries(connection.execute(query))
            return {numbers[entry.product]: entry.fact for entry in found if entry.product in numbers}

    def numbered(self, number: int) -> tuple[tuple[str, str], ...]:
        """Node id and repository of the products that bear a number, in the repository that last held each."""
        query = _facts().where(FACTS.c.number == number).order_by(FACTS.c.seq)
        with self.engine.connect() as connection:
            return tuple({row.product: row.here for row in connection.execute(query)}.items())

    def repositories(self) -> tuple[str, ...]:
        """The repositories that hold products."""
        with self.engine.connect() as connection:
            found = connection.execute(_facts().with_only_columns(_here).distinct()).scalars()
            return tuple(name for name in found if isinstance(name, str))

    def places(self) -> dict[str, str]:
        """Where products are that were recorded under another name."""
        with self.engine.connect() as connection:
            return {row.product: row.repository for row in connection.execute(sa.select(PLACES))}

    def verify(self) -> list[Flaw]:
        """Each broken link of a chain; empty when the register is whole.

        A chain proves its links, not its end: facts taken away from the end show only against GitHub's copy.
        Every history having been read, a present kept that says otherwise is taken away: it will be made again.
        """
        broken: list[Flaw] = []
        told: dict[str, tuple[int, str]] = {}
        with self.engine.connect() as connection:
            ordered = _facts().order_by(FACTS.c.product, FACTS.c.seq)
            every = connection.execution_options(yield_per=AT_ONCE).execute(ordered)
            for product, found in groupby(every, key=attrgetter("product")):
                rows = tuple(found)
                flaws = [Flaw(row.here, row.number, seq) for row, seq in _flawed(rows)]
                broken += flaws
                if not flaws:
                    told[product] = rows[-1].seq, saying(tuple(fact for fact in map(_read, rows) if fact))
        self._review(told)
        return broken

    def _review(self, told: Mapping[str, tuple[int, str]]) -> None:
        with self.engine.connect() as connection:
            forged = unfaithful(connection, told)
        for product in forged:
            log.error("the present kept of %s said otherwise than its facts: it is made again", product)
        if forged:
            with self.engine.begin() as connection:
                forget(connection, forged)


def recorded(
    connection: sa.Connection, product: str, where: tuple[str, int], known: int, facts: History, delivery: str
) -> History:
    """Add facts to a product, chain and seal them, and renew its present, in the transaction of the caller."""
    repository, number = where
    digest = _last_digest(connection, product)
    for seq, fact in enumerate(facts, start=known + 1):
        values = {"product": product, "seq": seq, "repository": repository, "number": number}
        values |= {"cause": fact.cause, "fact": fact_text(fact), "delivery": delivery}
        digest = chained_digest(digest, SimpleNamespace(**values))
        connection.execute(sa.insert(FACTS).values(**values, digest=digest))
    brought = {seq: fact.sealed for seq, fact in enumerate(facts, start=known + 1) if fact.sealed}
    rows = _of_product(connection, product)
    places = seal_product(connection, rows, brought)
    _refuse_replacing(product, rows[known:], brought)
    _renew(connection, product, keep_present)
    return tuple(replace(fact, sealed=places.get(seq)) for seq, fact in enumerate(facts, start=known + 1))


def fact_text(fact: Fact) -> str:
    """The text of a fact's row: its place in the log stands elsewhere."""
    return json.dumps(to_json(replace(fact, sealed=None)), ensure_ascii=False, sort_keys=True)


def rewrite_facts(connection: sa.Connection, product: str, fresh: Mapping[int, Fact]) -> int:
    """Put other facts at these ranks, in the transaction of the caller; how many the product has.

    Their chain is made again from the first of them on: a digest of words that are gone would tell who guesses them.
    """
    digest, rows = "", _of_product(connection, product)
    for row in rows:
        fact = fresh.get(row.seq)
        cause, text = (fact.cause, fact_text(fact)) if fact else (row.cause, row.fact)
        place = {"product": product, "seq": row.seq, "repository": row.repository, "number": row.number}
        digest = chained_digest(digest, SimpleNamespace(**place, cause=cause, fact=text))
        if digest != row.digest:
            here = sa.and_(FACTS.c.product == product, FACTS.c.seq == row.seq)
            connection.execute(sa.update(FACTS).where(here).values(cause=cause, fact=text, digest=digest))
    return len(rows)


def renewed(connection: sa.Connection, product: str) -> None:
    """Make the present of a product again, in the transaction of the caller."""
    _renew(connection, product, keep_present)


def _last_digest(connection: sa.Connection, product: str) -> str:
    query = sa.select(FACTS.c.digest).where(FACTS.c.product == product).order_by(FACTS.c.seq.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def _of_product(connection: sa.Connection, product: str) -> Any:
    return connection.execute(_facts().where(FACTS.c.product == product).order_by(FACTS.c.seq)).all()


def _refuse_replacing(product: str, fresh: Iterable[Any], brought: Mapping[int, LogPlace]) -> None:
    """The ranks of new facts are free in the log, unless the very fact that was sealed there is read back."""
    for row in fresh:
        place, given = sealed_of(row), brought.get(row.seq)
        if place and (given is None or given.n != place.n):
            raise BrokenChainError(product, row.seq)


Keeper = Callable[[sa.Connection, Tip, History], Present | None]


def _renew(connection: sa.Connection, product: str, keeper: Keeper) -> tuple[Tip, Present] | None:
    """The present of one product and where it is today; None when nothing of its history can be read."""
    entries = tuple(_entries(_of_product(connection, product)))
    if not entries:
        return None
    last = entries[-1]
    tip = Tip(product, last.recorded, last.number, last.seq, last.digest)
    told = keeper(connection, tip, tuple(entry.fact for entry in entries))
    return (replace(tip, repository=last.repository), told) if told else None


def _flawed(rows: Sequence[Any]) -> Iterator[tuple[Any, int]]:
    """Where the chain of one product is broken; a whole chain may still say otherwise than what was sealed."""
    found = tuple(_broken(rows))
    yield from found or parted(rows, tuple(map(_read, rows)))


def _broken(rows: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    """Where a fact of one product is missing, is not the one that was recorded there, or cannot be read.

    Gives the row found, and the place.
    """
    expected, digest = 1, ""
    for row in rows:
        if row.seq != expected or row.digest != chained_digest(digest, row) or _read(row) is None:
            yield row, expected
        place = row.seq if isinstance(row.seq, int) else expected  # SQLite lets a hand put words there
        expected, digest = place + 1, row.digest


def _entries(rows: Iterable[Any], spoilt: Callable[[Flaw], None] | None = None) -> Iterator[RegisterEntry]:
    """The facts that can be read: one spoilt by hand, which `verify` tells, hides no other."""
    for row in rows:
        fact = _read(row)
        if fact is None or not _is_placed(row):
            log.error("%s#%s: fact %s cannot be read", row.here, row.number, row.seq)
            if spoilt:
                spoilt(Flaw(row.here, row.number, row.seq))
        else:
            place = row.product, row.here, row.number, row.seq
            yield RegisterEntry(*place, fact, row.delivery, row.digest, row.repository)


def _read(row: Any) -> Fact | None:
    """The fact a row holds, with its place in the log; None when its text is none that any version wrote."""
    fact = readable_fact(row)
    place = sealed_of(row) if fact else None
    return replace(fact, sealed=place) if fact and place else fact


def _is_placed(row: Any) -> bool:
    """SQLite lets a hand put anything in any column."""
    words = (row.product, row.here, row.repository, row.delivery, row.digest)
    return all(isinstance(word, str) for word in words) and all(type(rank) is int for rank in (row.number, row.seq))


@dataclass
class Seal:
    """Whether the register is whole, for those who ask often: one process looks twice a minute at most.

    A large register is looked at less often: what a look costs stays a twentieth of the time at most.
    """

    register: Register
    kept_s: float = 30.0
    share: float = 20.0
    clock: Callable[[], float] = time.monotonic
    sealed: Callable[[], Mapping[str, str]] = dict
    """What is wrong with the sealed log, by its name."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _flaws: tuple[Flaw, ...] = ()
    _of_log: Mapping[str, str] = field(default_factory=dict)
    _due: float | None = None

    @property
    def is_due(self) -> bool:
        """Whether asking now looks again: an old answer must not undo what another process found since."""
        return self._due is None or self.clock() >= self._due

    def flaws(self) -> tuple[Flaw, ...]:
        """Each broken link; one found for the first time by this process is written in the journal, with what to do."""
        with self._lock:
            if self.is_due:
                began, known = self.clock(), self._flaws
                self._flaws, before = tuple(self.register.verify()), self._of_log
                self._of_log = self.sealed()
                for name, told in self._of_log.items():
                    if name not in before:
                        log.error("the sealed log %s is not what was sealed: %s; restore a back-up", name, told)
                ended = self.clock()
                self._due = ended + max(self.kept_s, self.share * (ended - began))
                for flaw in self._flaws:
                    if flaw in known:
                        continue
                    log.error(
                        "register: %s#%s: fact %s is missing or was altered; the product is stopped until a back-up "
                        "is restored",
                        *(flaw.repository, flaw.number, flaw.seq),
                    )
            return self._flaws

    @property
    def of_log(self) -> Mapping[str, str]:
        """What the last look found wrong with the sealed log."""
        return self._of_log
