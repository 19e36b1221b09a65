"""What is stored of each file of a catalogue, and the one door by which everybody reads a repository's catalogue."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.catalogue_file import COMMONS, IMPORTED, NORMS, merged_catalogues
from app.store.schema import CATALOGUES
from app.yaml_documents import read_catalogue_bytes

SEEN = ("good", "flawed")
"""States of a file that is there."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileKept:
    """One file: its state, its last good text, and where its faults were told."""

    state: str = ""
    """good, flawed, absent or unreadable; empty when it was never looked for."""
    version: str = ""
    """Of the last good text; empty when there never was one."""
    is_seen: bool = False
    """Whether the file was ever there, good or not."""
    place: str = ""
    stamp: str = ""
    """A digest of what was told there last."""
    is_open: bool = False
    """Whether the fault told there still holds."""


class CatalogueStore:
    """Losing it costs the last good files, never a decision."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def files(self, repository: str) -> dict[str, FileKept]:
        """By path, those ever looked for."""
        kept = CATALOGUES.c
        columns = (kept.path, kept.state, kept.version, kept.seen, kept.place, kept.stamp, kept.is_open)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(kept.repository == repository)).all()
        return {row.path: _kept(row) for row in rows}

    def states(self) -> dict[tuple[str, str], str]:
        """By repository and path."""
        kept = CATALOGUES.c
        query = sa.select(kept.repository, kept.path, kept.state).order_by(kept.repository, kept.path)
        with self._engine.connect() as connection:
            return {(row.repository, row.path): row.state for row in connection.execute(query)}

    def texts(self, repository: str) -> dict[str, bytes]:
        """The last good texts, by path."""
        query = sa.select(CATALOGUES.c.path, CATALOGUES.c.text)
        query = query.where(CATALOGUES.c.repository == repository, CATALOGUES.c.version != "")
        with self._engine.connect() as connection:
            return {row.path: bytes(row.text) for row in connection.execute(query)}

    def keep(self, repository: str, path: str, text: bytes) -> None:
        """Store a good text in place of the one before."""
        self._write(repository, path, state="good", version=bytes_version(text), text=text, seen=1)

    def note(self, repository: str, path: str, state: str) -> None:
        """Store what became of the file; its last good text stays."""
        self._write(repository, path, state=state, **({"seen": 1} if state in SEEN else {}))

    def told(self, repository: str, path: str, place: str, stamp: str, *, is_open: bool) -> None:
        """Store what a place shows now of the file's faults."""
        self._write(repository, path, place=place, stamp=stamp, is_open=int(is_open))

    def _write(self, repository: str, path: str, **values: object) -> None:
        mine = sa.and_(CATALOGUES.c.repository == repository, CATALOGUES.c.path == path)
        with self._engine.begin() as connection:
            if not connection.execute(sa.update(CATALOGUES).where(mine).values(**values)).rowcount:
                connection.execute(sa.insert(CATALOGUES).values(repository=repository, path=path, **values))


def _kept(row: Any) -> FileKept:
    return FileKept(row.state, row.version, bool(row.seen), row.place, row.stamp, bool(row.is_open))


def bytes_version(text: bytes) -> str:
    """A short digest that names one exact text."""
    return hashlib.sha256(text).hexdigest()[:12]


class Catalogues:
    """The catalogue of each repository, from its last good files: GitHub is never asked, and nothing is ever raised."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store
        self._known: dict[tuple[str, str], tuple[Mapping[str, FileKept], Catalogue]] = {}

    def of(self, repository: str, language: str = "fr") -> Catalogue:
        """Empty where none is kept; while the database is away, what was last read."""
        known = self._known.get((repository, language))
        try:
            files = self._store.files(repository)
            if known is None or known[0] != files:
                known = files, self._read(repository, files, language)
                self._known[repository, language] = known
        except sa.exc.SQLAlchemyError as error:
            log.warning("the catalogue of %s cannot be read now: %s", repository, type(error).__name__)
        return known[1] if known else Catalogue()

    def _read(self, repository: str, files: Mapping[str, FileKept], language: str) -> Catalogue:
        texts = self._store.texts(repository)
        curated, imported, norms = (_parsed(path, texts.get(path), language) for path in (COMMONS, IMPORTED, NORMS))
        version = bytes_version(
            b"".join(bytes_version(texts.get(path, b"")).encode() for path in (COMMONS, IMPORTED, NORMS))
        )
        is_kept = files.get(COMMONS, FileKept()).is_seen
        return replace(merged_catalogues(curated, imported, norms), version=version if texts else "", is_kept=is_kept)


def _parsed(path: str, text: bytes | None, language: str) -> Catalogue:
    """Empty for a text that a later version of the format refuses: the next look at GitHub will tell it."""
    found = read_catalogue_bytes(path, text, language) if text is not None else Catalogue()
    return found if isinstance(found, Catalogue) else Catalogue()
