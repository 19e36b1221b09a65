"""Whether the sealed log is whole: its tree worked out again from its entries, against what its seal signed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from app.store.log import Log
from app.store.schema import FACTS, LOG_FACTS, LOG_NODES
from app.transparency.entries import read_entry
from app.transparency.key_ring import KeyRing
from app.transparency.notes import Checkpoint, NoteError, parse, parse_checkpoint
from app.transparency.tree import leaf_hash, new_nodes, root


@dataclass(frozen=True, order=True)
class LogFlaw:
    """`entry`: an entry that is missing or altered, or seals no fact any more; `seal`: a checkpoint, by its size, whose
    root the log does not have, or that its key did not sign.
    """

    kind: str
    n: int


def flaws(engine: sa.Engine, kept: Log, known: KeyRing | None) -> tuple[LogFlaw, ...]:
    """Everything wrong with the log; `known` are its keys, without which signatures are not looked at.

    While a log is taken back, what lacks is told by whoever takes it.
    """
    if not kept.origin or kept.wanted:
        return ()
    nodes, grown, found = dict[tuple[int, int], bytes](), 0, list[LogFlaw]()
    leaves, facts = _leaves(engine), _sealed(engine)
    for row in kept.entries():
        if row.n != grown:
            break
        leaf = leaf_hash(row.entry.encode())
        if leaves.get(row.n) != leaf or _is_of_a_fact(row.entry) is not (row.n in facts):
            found.append(LogFlaw("entry", row.n))
        for level, index, digest in new_nodes(lambda *place: nodes[place], row.n, leaf):
            nodes[level, index] = digest
        grown += 1
    if grown < kept.size:
        found.append(LogFlaw("entry", grown))
    for one in kept.checkpoints():
        said = _said(one.whole, known)
        if said is None or one.size > grown or root(lambda *place: nodes[place], one.size) != said.root:
            found.append(LogFlaw("seal", one.size))
    return tuple(found)


@lru_cache(maxsize=50_000)
def _said(note: str, known: KeyRing | None) -> Checkpoint | None:
    """What a checkpoint kept says; None when its key did not sign it. Looked at once each, keys being what they are."""
    try:
        return known.believed(note) if known else parse_checkpoint(parse(note).text)
    except NoteError:
        return None


def _is_of_a_fact(entry: str) -> bool:
    try:
        return "fact" in read_entry(entry)
    except ValueError:
        return False


def _leaves(engine: sa.Engine) -> dict[int, bytes]:
    query = sa.select(LOG_NODES.c.position, LOG_NODES.c.hash).where(LOG_NODES.c.level == 0)
    with engine.connect() as connection:
        return {row.position: bytes(row.hash) for row in connection.execute(query)}


def _sealed(engine: sa.Engine) -> set[int]:
    """The numbers of the entries whose fact is in the register."""
    same = sa.and_(FACTS.c.product == LOG_FACTS.c.product, FACTS.c.seq == LOG_FACTS.c.seq)
    with engine.connect() as connection:
        return set(connection.execute(sa.select(LOG_FACTS.c.n).join(FACTS, same)).scalars())
