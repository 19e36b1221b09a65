"""The turn of a catalogue: its files read again, the good ones kept, a faulty one told once where it was changed."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from app.domain.policy.document import Problem
from app.domain.publish.effects import Effect, Message, PostComment
from app.domain.publish.file_notices import CatalogueFile
from app.domain.reuse.catalogue import Catalogue
from app.domain.reuse.catalogue_file import PATHS
from app.github.catalogue_files import FileReading, FileState, read_catalogue_file
from app.github.client import Client
from app.github.policies import CommitNotShownError, Policies
from app.github.policy_feedback import ISSUE, is_feedback_open, post_policy_feedback
from app.store.catalogue_store import CatalogueStore, FileKept, bytes_version
from app.turns.outcome import TurnOutcome
from app.turns.policy_turn import head_of, look_again, told_where
from app.turns.wakeup import PolicyWakeUp
from app.yaml_documents import LARGEST, read_catalogue_bytes, too_large

log = logging.getLogger(__name__)
KEY = "catalogue"
ISSUES: Mapping[str, str] = {path: str(number) for number, path in enumerate(PATHS, start=2)}
"""The issue kept for each file, beside that of the rules."""
NOTHING = "-"
"""The stamp of a file of which nothing was ever told."""


class CatalogueTurn:
    """Taken after the turn of the policy file: a repository never has two such turns at once."""

    def __init__(self, client: Client, policies: Policies, store: CatalogueStore, web: str) -> None:
        """`web` is GitHub's address for people."""
        self._client, self._policies, self._store, self._web = client, policies, store, web
        self._etags: dict[tuple[str, str], str] = {}

    def take(self, wake: PolicyWakeUp) -> TurnOutcome:
        """Raises LaterError when GitHub cannot answer now; a file it withholds leaves the last good one in use."""
        paths = [path for path in PATHS if path in wake.catalogue]
        if not paths:
            return TurnOutcome()
        repository, head = wake.repository, head_of(self._client, wake)
        found = {path: self._shown(wake, path, head) for path in paths}
        before = self._store.files(repository)
        if wake.is_named and not head and not any(_is_news(one, before.get(path)) for path, one in found.items()):
            look_again(wake, "the catalogue as it is")
        effects: list[Effect] = []
        for path, one in found.items():
            effects += self._heard(wake, head, path, one, before.get(path, FileKept()))
        return TurnOutcome(effects=tuple(effects))

    def _shown(self, wake: PolicyWakeUp, path: str, head: str) -> FileReading:
        etag = self._etags.get((wake.repository, path), "")
        try:
            found = read_catalogue_file(self._client, wake.repository, path, "" if head else etag, head)
        except CommitNotShownError:
            look_again(wake, "the commit it told of")
            found = read_catalogue_file(self._client, wake.repository, path, etag)
        # A copy read at a commit has another address, and so another tag.
        self._etags[wake.repository, path] = "" if head else found.etag
        return found

    def _heard(self, wake: PolicyWakeUp, head: str, path: str, one: FileReading, known: FileKept) -> list[Effect]:
        """Store what became of one file, and post what is to be told of it."""
        repository = wake.repository
        if one.state is FileState.UNCHANGED:
            return []
        problems: tuple[Problem, ...] = ()
        state: str = one.state
        if one.state is FileState.READ:
            problems = _problems(path, one)
            state = "flawed" if problems else "good"
        if state == "good":
            self._store.keep(repository, path, one.data)
            return self._mended(repository, path, known)
        self._store.note(repository, path, state)
        if state == "unreadable" or (state == "absent" and not known.is_seen):
            return []
        notice = CatalogueFile("", state, path, problems, self._address(repository, path), bool(known.version))
        if notice.fingerprint == known.stamp and known.is_open:
            return []
        return [self._told(repository, path, told_where(self._client, wake, head, path), notice)]

    def _address(self, repository: str, path: str) -> str:
        return f"{self._web}/{repository}/blob/HEAD/{path}"

    def _mended(self, repository: str, path: str, known: FileKept) -> list[Effect]:
        """Said where the fault was; an empty database looks once for what was posted on GitHub."""
        place, is_open = known.place or ISSUE, known.is_open
        if not known.stamp and not known.version:
            is_open = is_feedback_open(self._client, repository, ISSUES[path])
            if not is_open:
                self._store.told(repository, path, ISSUE, NOTHING, is_open=False)
        if not is_open:
            return []
        return [self._told(repository, path, place, CatalogueFile("", "mended", path))]

    def _told(self, repository: str, path: str, place: str, notice: CatalogueFile) -> Effect:
        """Post, then record: if the process dies in between, the next turn finds what was posted."""
        rules = self._policies.remembered(repository)
        message = Message(f"{KEY}-{ISSUES[path]}-{notice.state}", notice, notice.fingerprint)
        log.info("%s of %s %s, told on %s", path, repository, notice.state, place)
        told_in = post_policy_feedback(
            self._client, repository, place, message, rules.language if rules else "fr", ISSUES[path]
        )
        self._store.told(repository, path, told_in, notice.fingerprint, is_open=notice.state != "mended")
        return PostComment(message)


def _is_news(one: FileReading, known: FileKept | None) -> bool:
    return one.state is FileState.READ and not (
        known and known.state == "good" and known.version == bytes_version(one.data)
    )


def _problems(path: str, one: FileReading) -> tuple[Problem, ...]:
    if one.size > LARGEST:
        return (too_large(one.size),)
    found = read_catalogue_bytes(path, one.data)
    return () if isinstance(found, Catalogue) else found
