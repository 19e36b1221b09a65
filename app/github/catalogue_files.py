"""A file of the catalogue as GitHub shows it: its bytes, or that it is unchanged, absent or withheld."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from enum import StrEnum

from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError
from app.github.policies import NO_COMMIT, CommitNotShownError


class FileState(StrEnum):
    """What GitHub answered of a file."""

    READ = "read"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


WITHHELD = {403, 451}
"""GitHub's answers where the App may not read a file, which no second look changes."""


@dataclass(frozen=True)
class FileReading:
    state: FileState
    data: bytes = field(default=b"", repr=False)
    etag: str = ""
    size: int = 0
    """Bytes, also of a file so large that GitHub leaves its text out."""


def read_catalogue_file(client: Client, repository: str, path: str, etag: str = "", at: str = "") -> FileReading:
    """Raises LaterError when GitHub cannot answer now, CommitNotShownError when it does not know the commit `at`."""
    headers = {"If-None-Match": etag} if etag else None
    address = f"/repos/{repository}/contents/{path}" + (f"?ref={at}" if at else "")
    try:
        answer, found = client.rest(client.requester(repository), "GET", address, headers=headers)
    except NotFoundError as error:
        if at and NO_COMMIT in str(error):
            raise CommitNotShownError from error
        return FileReading(FileState.ABSENT)
    except RefusalError as error:
        if error.status not in WITHHELD:
            raise
        return FileReading(FileState.UNREADABLE)
    if found is None:
        return FileReading(FileState.UNCHANGED, etag=etag)
    is_file = isinstance(found, dict)
    text = base64.b64decode(found.get("content") or "") if is_file else b""
    size = int(found.get("size") or 0) if is_file else 0
    return FileReading(FileState.READ, text, str(answer.get("etag", "")), size)
