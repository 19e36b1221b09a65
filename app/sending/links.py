"""The link by which one week's digest is read without a GitHub account: signed, for a while, and revocable.

The key comes from the App's own, so that no further secret is to be kept; a new key ends every link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from binascii import Error as NotBase64Error
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from app.store.key_values import KeyValues

LABEL = b"jalon digest links, v1"
LIFE = timedelta(days=14)
LONGEST = 2_000
"""Characters of the longest link looked at."""
NOTE = "digest links of "


@dataclass(frozen=True)
class DigestLink:
    """What a link opens: the digest of one week of one committee, as it was sent to one channel."""

    repository: str
    week: str
    channel: str
    until: int
    """Seconds since 1970."""
    generation: int

    @property
    def last_day(self) -> date:
        return datetime.fromtimestamp(self.until, UTC).date()


class DigestLinks:
    """Links signed and opened. `secret` is the App's private key."""

    def __init__(self, secret: str, notes: KeyValues) -> None:
        self._key = hmac.new("".join(secret.split()).encode(), LABEL, hashlib.sha256).digest()
        self._notes = notes

    def sign(self, repository: str, week: str, channel: str, now: datetime) -> tuple[str, DigestLink]:
        """The token of a new link, and what it holds."""
        until = int((now + LIFE).timestamp())
        link = DigestLink(repository, week, channel, until, self._generation(channel))
        said = json.dumps(list(asdict(link).values()), ensure_ascii=False, separators=(",", ":")).encode()
        return f"{_text(said)}.{_text(self._mac(said))}", link

    def open(self, token: str, now: datetime) -> DigestLink | None:
        """None of a link that is not ours, or was altered, has expired, or was revoked."""
        said, _, mac = token[:LONGEST].partition(".")
        content, given = _bytes(said), _bytes(mac)
        if not hmac.compare_digest(self._mac(content), given):
            return None
        link = DigestLink(*json.loads(content))
        is_alive = link.until > now.timestamp() and link.generation == self._generation(link.channel)
        return link if is_alive else None

    def revoke(self, channel: str) -> None:
        """End every link that was sent to a channel."""
        self._notes.set(f"{NOTE}{channel}", str(self._generation(channel) + 1))

    def _generation(self, channel: str) -> int:
        known = self._notes.get(f"{NOTE}{channel}")
        return int(known) if known.isdecimal() else 1

    def _mac(self, said: bytes) -> bytes:
        return hmac.new(self._key, said, hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """Nothing of what is not base64."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (NotBase64Error, ValueError):
        return b""
