"""Common parts of rules, files of other repositories: read again at most every half minute, whoever extends them."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.domain.policy.inheritance import CommonFile, CommonProblem
from app.github.client import Client, NotFoundError
from app.github.errors import RefusalError
from app.yaml_documents import LARGEST

FRESH_S = 30


@dataclass(frozen=True)
class KeptFile:
    """`content` is the text of the file, or why it is not to be had; `blob` names the text."""

    content: bytes | CommonProblem
    blob: str = ""
    etag: str = ""
    read_at: float = 0.0


class CommonFiles:
    """The caller makes sure that one thread at a time asks."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._kept: dict[tuple[str, str], KeptFile] = {}

    def read(self, file: CommonFile, *, again: bool = False, at: str = "") -> KeptFile:
        """`at` is the commit to read it at, the last of the branch unless told; raises LaterError."""
        kept = self._kept.get(file.key)
        if kept is None or again or at or self._clock() - kept.read_at > FRESH_S:
            kept = self._kept[file.key] = self._asked(file, kept, at)
        return kept

    def _asked(self, file: CommonFile, kept: KeptFile | None, at: str) -> KeptFile:
        headers = {"If-None-Match": kept.etag} if kept and kept.etag else None
        path = f"/repos/{file.repository}/contents/{quote(file.path)}" + (f"?ref={at}" if at else "")
        try:
            answer, data = self._client.rest(self._client.requester(file.repository), "GET", path, headers=headers)
        except NotFoundError:
            return KeptFile(CommonProblem.ABSENT, "", "", self._clock())
        except RefusalError:
            return KeptFile(CommonProblem.UNREADABLE, "", "", self._clock())
        if data is None and kept:
            return KeptFile(kept.content, kept.blob, kept.etag, self._clock())
        return KeptFile(file_text(data), _blob(data), str(answer.get("etag", "")), self._clock())


def _blob(data: Any) -> str:
    return str(data.get("sha") or "") if isinstance(data, dict) else ""


def file_text(data: Any) -> bytes | CommonProblem:
    """The bytes of a file as GitHub gives them; a folder of that name is no file, and an overlong one is not given."""
    if not isinstance(data, dict):
        return CommonProblem.ABSENT
    if int(data.get("size") or 0) > LARGEST:
        return bytes(LARGEST + 1)  # refused for its size, with the sentence for that
    return base64.b64decode(data.get("content") or "")
