"""What every notice has: whom it speaks to, its boxes, and the digest that tells when it must be written again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.policy.later_fields import as_written


@dataclass(frozen=True)
class Notice:
    """`to` is the login spoken to; empty when the comment is for everybody."""

    to: str = ""

    @property
    def boxes(self) -> Mapping[str, bool]:
        """The tick boxes drawn, by item id."""
        return {}

    @property
    def fingerprint(self) -> str:
        """A digest of the data shown: a comment is rewritten when it changes, not when the wording does."""
        data = json.dumps(as_written(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(data.encode()).hexdigest()[:16]
