"""The sealed log of the register: an entry per fact in the transaction that records it, checkpoints, and proofs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.store.schema import CHECKPOINTS, FACTS, LOG, LOG_FACTS, LOG_STATE
from app.store.sealing import LogError, State, add_event, begin_log, grow, release, seal_waiting, state_of, stored_nodes
from app.store.upsert import insert_into
from app.transparency import entries, notes, proofs, tree
from app.transparency.key_ring import signs
from app.transparency.notes import Checkpoint, Signer

AT_ONCE = 1_000
"""Rows in memory at once while the whole log is read."""
OPENED = "LogOpened"


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry as it was sealed, with the personal part behind its commitment unless it was erased or there is none."""

    n: int
    entry: str
    personal: str | None
    salt: str | None


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as the log signed it; `cosigned` are the lines of witnesses, `stamp` a time-stamp (RFC 3161)."""

    size: int
    root: str
    note: str
    at: float
    cosigned: tuple[str, ...] = ()
    stamp: bytes | None = None

    @property
    def whole(self) -> str:
        """The note with the signatures of witnesses under the log's own."""
        return self.note + "".join(f"{line}\n" for line in self.cosigned)


class Log:
    """Its tree only grows. Nothing is sealed until it is `open`, nor while it is behind what it signed elsewhere."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def origin(self) -> str:
        """The log's name; empty until it is opened."""
        found = self._now()
        return found.origin if found else ""

    @property
    def size(self) -> int:
        """How many entries its tree holds."""
        found = self._now()
        return found.size if found else 0

    @property
    def wanted(self) -> int:
        """The size of the newest checkpoint of this log known elsewhere; 0 when it is not behind."""
        found = self._now()
        return found.wanted if found and found.wanted > found.size else 0

    def open(self, origin: str, at: datetime) -> int:
        """Begin a log: its first entry, then one for each fact recorded until then. Returns how many facts.

        Raises LogError when there is one already.
        """
        with self._engine.begin() as connection:
            if state_of(connection, lock=True) or connection.execute(sa.select(LOG.c.n).limit(1)).first():
                raise LogError("the register is sealed already")
            begin_log(connection, origin)
            count = connection.execute(sa.select(sa.func.count()).select_from(FACTS)).scalar_one()
            first = entries.event_entry(origin, 0, at, {"kind": OPENED, "facts": count})
            add_event(connection, State(origin, 0, (), 0, -1), first.decode())
            return seal_waiting(connection)

    def adopt(self, origin: str) -> None:
        """Take back a log known by its name alone: its entries come from elsewhere, and the tree grows with them."""
        with self._engine.begin() as connection:
            if not state_of(connection, lock=True):
                begin_log(connection, origin)

    def event(self, event: Mapping[str, Any], at: datetime) -> int:
        """Seal what the log says of itself; its number. Raises LogError unless the log is open and whole."""
        with self._engine.begin() as connection:
            state = state_of(connection, lock=True)
            if not state or state.is_behind:
                raise LogError("the register is not sealed, or lacks entries that it sealed before")
            text = entries.event_entry(state.origin, state.size, at, dict(event)).decode()
            add_event(connection, state, text)
            return state.size

    def seal_pending(self) -> int:
        """Seal the facts that wait, in the order in which they were recorded; how many were sealed."""
        with self._engine.begin() as connection:
            return seal_waiting(connection)

    def pending(self) -> int:
        """How many facts wait to be sealed."""
        apart = sa.and_(LOG_FACTS.c.product == FACTS.c.product, LOG_FACTS.c.seq == FACTS.c.seq)
        query = sa.select(sa.func.count()).select_from(FACTS.outerjoin(LOG_FACTS, apart)).where(LOG_FACTS.c.n.is_(None))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def grow(self) -> None:
        """Take into the tree the entries that follow it, once those that missed are back."""
        with self._engine.begin() as connection:
            grow(connection)

    def behind(self, size: int, root: bytes = b"") -> None:
        """The seal signed a checkpoint of that size and root elsewhere: until the tree has them, nothing is sealed nor
        signed. The largest one counts; a root that the tree cannot have any more holds it for good.
        """
        with self._engine.begin() as connection:
            state = state_of(connection, lock=True)
            if state and (size > state.wanted or size <= state.size):
                connection.execute(sa.update(LOG_STATE).values(wanted=size, wanted_root=root))
                release(connection)

    def take(self, text: str) -> None:
        """Put back an entry that the log says of itself, found elsewhere; one that is no such entry is left aside."""
        with self._engine.begin() as connection:
            state = state_of(connection, lock=True)
            n = _number(text, state.origin) if state else -1
            if n >= 0 and not connection.execute(sa.select(LOG.c.n).where(LOG.c.n == n)).first():
                connection.execute(sa.insert(LOG).values(n=n, entry=text))
                grow(connection)

    def held(self, numbers: Iterable[int]) -> dict[int, str]:
        """The entries that the log holds of these numbers, beyond a hole or not."""
        query, asked, found = sa.select(LOG.c.n, LOG.c.entry), sorted(set(numbers)), dict[int, str]()
        with self._engine.connect() as connection:
            for start in range(0, len(asked), AT_ONCE):
                some = query.where(LOG.c.n.in_(asked[start : start + AT_ONCE]))
                found |= {row.n: row.entry for row in connection.execute(some)}
        return found

    def entries(self, start: int = 0) -> Iterator[LogRow]:
        """The entries from a number on, in order; holes, while a log is taken back, are left out."""
        query = sa.select(LOG).where(LOG.c.n >= start).order_by(LOG.c.n)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=AT_ONCE).execute(query):
                yield LogRow(row.n, row.entry, row.personal, row.salt)

    def events(self) -> tuple[str, ...]:
        """The entries that the log says of itself, in order."""
        with self._engine.connect() as connection:
            return _events(connection)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` entries, all by default."""
        state = self._now()
        if size is None or (state and state.size == size):
            return state.root if state else tree.EMPTY
        with self._engine.connect() as connection:
            return tree.root(stored_nodes(connection), size)

    def inclusion(self, n: int, size: int) -> tuple[bytes, ...]:
        with self._engine.connect() as connection:
            return tree.inclusion(stored_nodes(connection), n, size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        with self._engine.connect() as connection:
            return tree.consistency(stored_nodes(connection), old, new)

    def checkpoint(self, signer: Signer, now: datetime) -> SignedCheckpoint | None:
        """Sign what the tree is now; a size signed before is not signed again.

        None while the log is empty, behind, or while this is not the key that signs it: one left behind by a change of
        key must not go on beside the new one.
        """
        with self._engine.begin() as connection:
            state = state_of(connection, lock=True)
            if not state or not state.size or state.is_behind or not _signs(connection, state, signer):
                return None
            found = connection.execute(sa.select(CHECKPOINTS).where(CHECKPOINTS.c.size == state.size)).first()
            if found:
                return _signed(found)
            said = Checkpoint(state.origin, state.size, state.root)
            fresh = SignedCheckpoint(
                said.size,
                base64.b64encode(said.root).decode(),
                notes.note(said.text, [signer.sign(said.text)]),
                now.timestamp(),
            )
            values = {"size": fresh.size, "root": fresh.root, "note": fresh.note, "at": fresh.at}
            connection.execute(sa.insert(CHECKPOINTS).values(**values))
            return fresh

    def keep_checkpoint(self, note: str, at: float) -> None:
        """Keep a checkpoint that this log signed before, found elsewhere; one known already stays as it is."""
        said = notes.parse_checkpoint(notes.parse(note).text)
        values = {"size": said.size, "root": base64.b64encode(said.root).decode(), "note": note, "at": at}
        with self._engine.begin() as connection:
            connection.execute(insert_into(CHECKPOINTS, self._engine).values(**values).on_conflict_do_nothing())

    def checkpoints(self) -> tuple[SignedCheckpoint, ...]:
        """All those signed, the smallest first."""
        with self._engine.connect() as connection:
            return tuple(map(_signed, connection.execute(sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.size))))

    def latest(self) -> SignedCheckpoint | None:
        query = sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            found = connection.execute(query).first()
        return _signed(found) if found else None

    def covering(self, n: int) -> SignedCheckpoint | None:
        """The first checkpoint signed under which entry `n` is; None while there is none."""
        query = sa.select(CHECKPOINTS).where(CHECKPOINTS.c.size > n).order_by(CHECKPOINTS.c.size).limit(1)
        with self._engine.connect() as connection:
            found = connection.execute(query).first()
        return _signed(found) if found else None

    def proof(self, n: int) -> str | None:
        """What proves that entry `n` is in the log, under the first checkpoint that covers it; None until one does."""
        found = self.covering(n)
        if found is None or found.size > self.size:
            return None
        return proofs.proof_text(n, self.inclusion(n, found.size), found.note)

    def add_cosignature(self, size: int, line: str) -> None:
        """Keep the line of a witness under a checkpoint; the same line twice is kept once."""
        with self._engine.begin() as connection:
            query = sa.select(CHECKPOINTS.c.cosigned).where(CHECKPOINTS.c.size == size).with_for_update()
            lines = _lines(connection.execute(query).scalar_one())
            told = json.dumps([*dict.fromkeys((*lines, line))], ensure_ascii=False)
            connection.execute(sa.update(CHECKPOINTS).where(CHECKPOINTS.c.size == size).values(cosigned=told))

    def add_stamp(self, size: int, token: bytes) -> None:
        """Keep the first time-stamp of a checkpoint: it is the earliest."""
        only = sa.and_(CHECKPOINTS.c.size == size, CHECKPOINTS.c.stamp.is_(None))
        with self._engine.begin() as connection:
            connection.execute(sa.update(CHECKPOINTS).where(only).values(stamp=token))

    def _now(self) -> State | None:
        with self._engine.connect() as connection:
            return state_of(connection)


def _events(connection: sa.Connection) -> tuple[str, ...]:
    apart = LOG.outerjoin(LOG_FACTS, LOG_FACTS.c.n == LOG.c.n)
    query = sa.select(LOG.c.entry).select_from(apart).where(LOG_FACTS.c.n.is_(None)).order_by(LOG.c.n)
    return tuple(connection.execute(query).scalars())


def _signs(connection: sa.Connection, state: State, signer: Signer) -> bool:
    """Whether this key is the one that the log's own entries name last, or signed its first checkpoint."""
    if state.origin != signer.name:
        return False
    first = connection.execute(sa.select(CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size).limit(1)).scalar()
    return signs(signer.key, _events(connection), first or "")


def _number(text: str, origin: str) -> int:
    """The number of an entry that this log says of itself; -1 for anything else."""
    try:
        told = entries.read_entry(text)
        is_ours = told["log"] == origin and isinstance(told["event"], dict) and type(told["n"]) is int
    except (ValueError, KeyError, TypeError):
        return -1
    return told["n"] if is_ours else -1


def _signed(row: Any) -> SignedCheckpoint:
    return SignedCheckpoint(row.size, row.root, row.note, row.at, _lines(row.cosigned), row.stamp)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()
