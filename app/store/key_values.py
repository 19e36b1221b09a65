"""Small facts the engine must remember between two runs: where it had got to, and which of its tasks are done."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.schema import NOTES
from app.store.upsert import insert_into

SWEEPS = "sweep asked"
"""Repositories whose products are to be looked at within seconds; one that is forgotten is looked at by night."""


class KeyValues:
    """One value per name, shared by every worker."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> str:
        """Empty when nothing was noted."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(NOTES.c.value).where(NOTES.c.name == name)).scalar() or ""

    def starting(self, prefix: str) -> dict[str, str]:
        """Those that say something, of the names that begin so."""
        query = sa.select(NOTES).where(NOTES.c.name.startswith(prefix, autoescape=True), NOTES.c.value != "")
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def set(self, name: str, value: str) -> None:
        self.claim(name, value)

    def add(self, name: str, word: str) -> None:
        """Note one more word; of two workers that add at the same instant, one may be forgotten."""
        self.set(name, " ".join(sorted({*self.get(name).split(), word})))

    def take(self, name: str) -> tuple[str, ...]:
        """The words noted, for one worker alone."""
        words = self.get(name)
        return tuple(words.split()) if words and self.claim(name, "") else ()

    def claim(self, name: str, value: str) -> bool:
        """Note a value, and tell whether it is new: of several workers that try, one gets True.

        Compared for difference, not for order: a clock set back must not stop what is done every quarter of an hour.
        """
        query = insert_into(NOTES, self._engine).values(name=name, value=value)
        query = query.on_conflict_do_update(
            index_elements=["name"], set_={"value": value}, where=NOTES.c.value != value
        )
        with self._engine.begin() as connection:
            return connection.execute(query.returning(NOTES.c.name)).scalar() is not None
