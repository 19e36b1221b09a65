"""Notices that a catalogue was never read, or has changed: most Apps are told of no push."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.reuse.catalogue_file import COMMONS, PATHS
from app.github.catalogue_files import FileState, read_catalogue_file
from app.github.client import Client
from app.store.catalogue_store import CatalogueStore
from app.store.register import Register

MOST = 50
"""Repositories without a product that are looked at, by one call each: an App may be installed on an organisation."""


class CatalogueWatch:
    """Of the repositories that hold products, or will; what is noticed is then read by a turn."""

    def __init__(self, client: Client, store: CatalogueStore, register: Register) -> None:
        self._client, self._store, self._register = client, store, register
        self._etags: dict[tuple[str, str], str] = {}
        self._asked: set[str] = set()

    def unread(self) -> list[str]:
        """Those whose catalogue nobody has looked for; each once, and without asking GitHub."""
        looked = {repository for repository, _ in self._store.states()} | self._asked
        found = [one for one in self._register.repositories() if one not in looked]
        self._asked.update(found)
        return found

    def changed(self) -> list[str]:
        """Those of which GitHub shows another file than when this was last asked; raises LaterError."""
        held = [one for one in self._register.repositories() if self._has_changed(one)]
        return held + [one for one in self._begun() if self._has_changed(one, (COMMONS,))]

    def begun(self) -> list[str]:
        """Those that keep a catalogue before their first product, which is to be looked at with it."""
        found = [
            one for one in self._begun() if read_catalogue_file(self._client, one, COMMONS).state is FileState.READ
        ]
        self._asked.update(found)
        return found

    def _begun(self) -> tuple[str, ...]:
        """Where the App is installed and no product was filed yet."""
        known = set(self._register.repositories())
        return tuple(one for one in sorted(self._client.repositories()) if one not in known)[:MOST]

    def _has_changed(self, repository: str, paths: Iterable[str] = PATHS) -> bool:
        changed = False
        for path in paths:
            known = self._etags.get((repository, path))
            found = read_catalogue_file(self._client, repository, path, known or "")
            etag = found.etag if found.state in {FileState.READ, FileState.UNCHANGED} else ""
            changed |= known is not None and etag != known
            self._etags[repository, path] = etag
            if found.state is FileState.UNREADABLE:
                break  # the right is granted for all three, or for none
        return changed
