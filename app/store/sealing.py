"""How the sealed log grows: facts become entries, entries become the tree, all in the transaction of its caller."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.domain.product.fact import Fact, LogPlace
from app.store.fact_rows import readable_fact
from app.store.schema import FACTS, LOG, LOG_FACTS, LOG_NODES, LOG_STATE
from app.transparency import entries, tree
from app.transparency.canonical import canonical
from app.transparency.entries import EntryPlace
from app.transparency.public_parts import split

log = logging.getLogger(__name__)
HASH = 32
AT_ONCE = 1_000
"""Entries looked for at once."""


class LogError(Exception):
    """What was asked of the log cannot be: the sentence says why."""


@dataclass(frozen=True, slots=True)
class State:
    """Its name, how many entries its tree holds, the right edge of the tree, and how many it should hold at least."""

    origin: str
    size: int
    edge: tuple[bytes, ...]
    wanted: int
    last: int
    """The number of the last entry kept, which may be beyond a hole while a log is taken back; -1 for none."""

    @property
    def is_behind(self) -> bool:
        """Whether what was sealed before is not all here, as it was: no other entry may take its numbers.

        The size wanted stays until the tree has that root: entries that came back otherwise free nothing.
        """
        return self.wanted > 0 or self.last >= self.size

    @property
    def root(self) -> bytes:
        if not self.edge:
            return tree.EMPTY
        *others, found = self.edge
        for peak in reversed(others):
            found = tree.node_hash(peak, found)
        return found


def begin_log(connection: sa.Connection, origin: str) -> None:
    connection.execute(sa.insert(LOG_STATE).values(id=1, origin=origin, size=0, edge=b"", wanted=0))


def state_of(connection: sa.Connection, *, lock: bool = False) -> State | None:
    """None until the log is opened. `lock`: others that append wait, on a database where two may."""
    last = sa.select(sa.func.max(LOG.c.n)).scalar_subquery()
    query = sa.select(LOG_STATE, last.label("last"))
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        return None
    edge = tuple(row.edge[start : start + HASH] for start in range(0, len(row.edge), HASH))
    return State(row.origin, row.size, edge, row.wanted, -1 if row.last is None else row.last)


@dataclass
class _Product:
    """What is sealed of a product so far: its facts, and the place of each by its rank."""

    before: list[Fact] = field(default_factory=list)
    places: dict[int, LogPlace] = field(default_factory=dict)

    def add(self, seq: int, fact: Fact, place: LogPlace) -> None:
        self.places[seq] = place
        self.before.append(replace(fact, sealed=place))


@dataclass
class Sealing:
    """Entries being made, in one transaction; `free` is the number of the next one."""

    connection: sa.Connection
    state: State
    made: list[dict[str, Any]] = field(default_factory=list)
    seals: list[dict[str, Any]] = field(default_factory=list)
    free: int = field(init=False)

    def __post_init__(self) -> None:
        self.free = self.state.size

    def seal(self, row: Any, fact: Fact, of: _Product) -> None:
        """Make the next entry, or the very one that a fact read back from elsewhere says it is."""
        parts, given = split(fact, of.before), fact.sealed
        personal = canonical(parts.personal).decode()
        first = next(iter(of.places.values())).product if of.places else self.free
        fresh = LogPlace(
            self.free, secrets.token_hex(entries.SALT_BYTES), first, row.product, row.repository, row.number
        )
        place = given or fresh
        hidden = place.erased or entries.commitment(place.salt, personal.encode())
        where = EntryPlace(place.product, place.issue, place.repository, place.number, row.seq)
        text = entries.canonical_entry(self.state.origin, place.n, parts, hidden, where).decode()
        kept = {"personal": None, "salt": None} if place.erased else {"personal": personal, "salt": place.salt}
        self.made.append({"n": place.n, "entry": text, **kept})
        self.seals.append({"product": row.product, "seq": row.seq, "n": place.n})
        self.free += place.n == self.free
        of.add(row.seq, fact, place)

    def end(self) -> int:
        """Write what was made, and let the tree grow over it; how many facts were sealed."""
        if self.seals:
            _insert(self.connection, self.made)
            self.connection.execute(sa.insert(LOG_FACTS), self.seals)
            grow(self.connection)
        return len(self.seals)


def seal_product(
    connection: sa.Connection, rows: Sequence[Any], brought: Mapping[int, LogPlace]
) -> dict[int, LogPlace]:
    """Seal what waits of one product; the place of each of its facts, by rank.

    `rows` are all of the product's, in order; `brought` the places that facts read back from elsewhere came with.
    """
    state = state_of(connection, lock=True)
    if state is None:
        return {}
    work, of = Sealing(connection, state), _Product()
    for row in rows:
        fact, place = readable_fact(row), sealed_of(row)
        given = brought.get(row.seq)
        if fact is None or not (place or given or not state.is_behind):
            break  # the facts of a product are sealed in order: what follows waits with it
        if place:
            of.add(row.seq, fact, place)
        else:
            work.seal(row, replace(fact, sealed=given), of)
    work.end()
    return of.places


def seal_waiting(connection: sa.Connection) -> int:
    """Seal every fact that waits, by the moment it was recorded and in the order of its product; how many."""
    state = state_of(connection, lock=True)
    if state is None or state.is_behind:
        return 0
    work, products = Sealing(connection, state), dict[str, _Product]()
    waiting, latest, stopped = list[tuple[datetime, str, int, Any, Fact]](), dict[str, datetime](), set[str]()
    query = sa.select(FACTS, *SEALS).select_from(with_seals(FACTS)).order_by(FACTS.c.product, FACTS.c.seq)
    for row in connection.execute(query).all():
        fact, place = readable_fact(row), sealed_of(row)
        if fact is None or row.product in stopped:
            stopped.add(row.product)
            continue
        latest[row.product] = max(fact.at, latest.get(row.product, fact.at))
        if place:
            products.setdefault(row.product, _Product()).add(row.seq, fact, place)
        else:
            waiting.append((latest[row.product], row.product, row.seq, row, fact))
    for _, product, _, row, fact in sorted(waiting, key=lambda one: one[:3]):
        work.seal(row, fact, products.setdefault(product, _Product()))
    return work.end()


def _insert(connection: sa.Connection, made: Sequence[Mapping[str, Any]]) -> None:
    """Raises LogError when another entry is there already: of one number, there is one entry for ever."""
    held = dict[int, str]()
    for start in range(0, len(made), AT_ONCE):
        numbers = [fresh["n"] for fresh in made[start : start + AT_ONCE]]
        query = sa.select(LOG.c.n, LOG.c.entry).where(LOG.c.n.in_(numbers))
        held |= {row.n: row.entry for row in connection.execute(query)}
    there, fresh_ones = set(held), list[Mapping[str, Any]]()
    for fresh in made:
        if held.setdefault(fresh["n"], fresh["entry"]) != fresh["entry"]:
            raise LogError(f"entry {fresh['n']} of the sealed register is another one")
        if fresh["n"] not in there:
            there.add(fresh["n"])
            fresh_ones.append(fresh)
    if fresh_ones:
        connection.execute(sa.insert(LOG), fresh_ones)


def add_event(connection: sa.Connection, state: State, text: str) -> None:
    connection.execute(sa.insert(LOG).values(n=state.size, entry=text))
    grow(connection)


def grow(connection: sa.Connection) -> None:
    """The tree takes in the entries that follow those it holds, as far as there is no hole."""
    state = state_of(connection)
    if state is None:
        return
    size, peaks = state.size, dict(zip(_edge_places(state.size), state.edge, strict=True))
    fresh = list[dict[str, Any]]()
    query = sa.select(LOG.c.n, LOG.c.entry).where(LOG.c.n >= size).order_by(LOG.c.n)
    for row in connection.execute(query).all():
        if row.n != size:
            break
        leaf = tree.leaf_hash(row.entry.encode())
        for level, position, digest in tree.new_nodes(lambda level, index: peaks[level, index], size, leaf):
            peaks[level, position] = digest
            fresh.append({"level": level, "position": position, "hash": digest})
        size += 1
    if fresh:
        connection.execute(sa.insert(LOG_NODES), fresh)
        edge = b"".join(peaks[place] for place in _edge_places(size))
        connection.execute(sa.update(LOG_STATE).values(size=size, edge=edge))
        release(connection)


def release(connection: sa.Connection) -> None:
    """The log is no longer behind once its tree has the size that was wanted, and the root if it is known."""
    row = connection.execute(sa.select(LOG_STATE)).one()
    if not 0 < row.wanted <= row.size:
        return
    if row.wanted_root and tree.root(stored_nodes(connection), row.wanted) != row.wanted_root:
        log.error("the sealed register holds %d entries, and they are not those that its seal signed", row.wanted)
        return
    connection.execute(sa.update(LOG_STATE).values(wanted=0, wanted_root=b""))


def stored_nodes(connection: sa.Connection) -> tree.Node:
    """The complete subtrees that the database keeps; raises LookupError for one that it lacks."""

    def node(level: int, position: int) -> bytes:
        only = sa.and_(LOG_NODES.c.level == level, LOG_NODES.c.position == position)
        found = connection.execute(sa.select(LOG_NODES.c.hash).where(only)).scalar()
        if found is None:
            raise LookupError((level, position))
        return bytes(found)

    return node


def _edge_places(size: int) -> Iterator[tuple[int, int]]:
    """Where the complete subtrees stand of which a tree of this size is made, the largest first."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


SEALS = (LOG.c.entry.label("sealed_entry"), LOG.c.salt.label("sealed_salt"))
"""Columns that tell the place of a fact in the log."""


def with_seals(rows: sa.FromClause) -> sa.FromClause:
    """The rows of facts beside their entries, where they have one."""
    mine = sa.and_(LOG_FACTS.c.product == FACTS.c.product, LOG_FACTS.c.seq == FACTS.c.seq)
    return rows.outerjoin(LOG_FACTS, mine).outerjoin(LOG, LOG.c.n == LOG_FACTS.c.n)


def sealed_of(row: Any) -> LogPlace | None:
    """The place in the log of the fact that a row holds; None while it waits, or when a hand wrote there."""
    return _sealed(row.sealed_entry, row.sealed_salt) if row.sealed_entry else None


@lru_cache(maxsize=8192)
def _sealed(entry: str, salt: str | None) -> LogPlace | None:
    try:
        told = entries.read_entry(entry)
        place = told["n"], salt or "", told["product"], told["issue"], told["repository"], told["number"]
        return LogPlace(*place, erased="" if salt else told["personal"])
    except (ValueError, KeyError, TypeError):
        log.exception("an entry of the sealed register cannot be read")
        return None
