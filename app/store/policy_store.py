"""What is stored of each policy file: its last valid text, its state, and where its errors were posted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from app.store.schema import RULES, RULES_SAID, RULES_TEXTS
from app.store.upsert import insert_into
from app.yaml_documents import as_kept


@dataclass(frozen=True)
class PolicyReport:
    """`place` is an issue, a pull request or a commit; `stamp` a digest of what was posted there."""

    place: str
    stamp: str
    is_open: bool = True
    """Whether the error posted there still holds: the file was not fixed since."""


class PolicyStore:
    """Losing it costs the last valid file, never a decision."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def good(self, repository: str) -> bytes | None:
        """The last valid text; None when there never was one."""
        query = sa.select(RULES.c.text).where(RULES.c.repository == repository, RULES.c.version != "")
        with self._engine.connect() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else bytes(text)

    def keep(self, repository: str, text: bytes, version: str) -> None:
        """Store a valid text in place of the one before, which stays among the texts."""
        former = self.good(repository)
        for one in (former, text):
            if one is not None:
                self._keep_text(one)
        self._write(repository, text=text, version=version)

    def texts(self, digests: Collection[str]) -> dict[str, bytes]:
        """Those of these texts that were ever in force, by digest."""
        with self._engine.connect() as connection:
            now = connection.execute(sa.select(RULES.c.text).where(RULES.c.version != "")).scalars()
            found = {sha256(kept).hexdigest(): kept for kept in map(_as_kept, now)}
            for row in connection.execute(sa.select(RULES_TEXTS).order_by(RULES_TEXTS.c.digest)):
                found[row.digest] = bytes(row.text)
        return {digest: text for digest, text in found.items() if digest in digests}

    def _keep_text(self, text: bytes) -> None:
        kept = _as_kept(text)
        new = insert_into(RULES_TEXTS, self._engine).values(digest=sha256(kept).hexdigest(), text=kept)
        with self._engine.begin() as connection:
            connection.execute(new.on_conflict_do_nothing())

    def note(self, repository: str, state: str) -> None:
        """Store the state of the file: good, flawed, absent or unreadable."""
        self._write(repository, state=state)

    def states(self) -> dict[str, str]:
        """By repository."""
        query = sa.select(RULES.c.repository, RULES.c.state).where(RULES.c.state != "").order_by(RULES.c.repository)
        with self._engine.connect() as connection:
            return {row.repository: row.state for row in connection.execute(query)}

    def said(self, repository: str) -> tuple[PolicyReport, ...]:
        """Every place where something was posted, whether or not it still holds."""
        query = sa.select(RULES_SAID).where(RULES_SAID.c.repository == repository).order_by(RULES_SAID.c.place)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(PolicyReport(row.place, row.stamp, bool(row.is_open)) for row in rows)

    def record(self, repository: str, said: PolicyReport) -> None:
        """Store what a place shows now."""
        mine = sa.and_(RULES_SAID.c.repository == repository, RULES_SAID.c.place == said.place)
        values = {"stamp": said.stamp, "is_open": int(said.is_open)}
        with self._engine.begin() as connection:
            if not connection.execute(sa.update(RULES_SAID).where(mine).values(**values)).rowcount:
                new = sa.insert(RULES_SAID).values(repository=repository, place=said.place, **values)
                connection.execute(new)

    def _write(self, repository: str, **values: object) -> None:
        with self._engine.begin() as connection:
            known = sa.update(RULES).where(RULES.c.repository == repository).values(**values)
            if not connection.execute(known).rowcount:
                connection.execute(sa.insert(RULES).values(repository=repository, **values))


def _as_kept(text: bytes) -> bytes:
    return as_kept(bytes(text).decode(errors="replace"))
