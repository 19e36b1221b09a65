"""Small notes the engine keeps between two runs: where it had got to, which of its tasks are done."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.schema import NOTES
from app.store.upsert import insert_into

SWEEPS = "sweep asked"
"""Name of the note of repositories to sweep within seconds; one that is lost is swept at night."""


class KeyValues:
    """One value per name, shared by every worker."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> str:
        """Empty when nothing was noted."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(NOTES.c.value).where(NOTES.c.name == name)).scalar() or ""

    def starting(self, prefix: str) -> dict[str, str]:
        """The non-empty notes whose name begins so."""
        query = sa.select(NOTES).where(NOTES.c.name.startswith(prefix, autoescape=True), NOTES.c.value != "")
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def set(self, name: str, value: str) -> None:
        self.claim(name, value)

    def add(self, name: str, word: str) -> None:
        """Add a word to a note; if two workers add one at the same instant, one may be lost."""
        self.set(name, " ".join(sorted({*self.get(name).split(), word})))

    def take(self, name: str) -> tuple[str, ...]:
        """Read the words of a note and empty it, for one worker only."""
        words = self.get(name)
        return tuple(words.split()) if words and self.claim(name, "") else ()

    def claim(self, name: str, value: str) -> bool:
        """Set a value and tell whether it is new: of several workers that try, one gets True.

        The test is for difference, not order: a clock set back must not stop what is done every quarter of an hour.
        """
        query = insert_into(NOTES, self._engine).values(name=name, value=value)
        query = query.on_conflict_do_update(
            index_elements=["name"], set_={"value": value}, where=NOTES.c.value != value
        )
        with self._engine.begin() as connection:
            return connection.execute(query.returning(NOTES.c.name)).scalar() is not None
