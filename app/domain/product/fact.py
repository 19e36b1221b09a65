"""What every fact of the register has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.later_fields import later
from app.domain.product.accounts import Account


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """`at` is when Jalon took note (UTC), `by` the person's login, `cause` what asked for it, unique per request.

    `by_id` is the number of the person's account, 0 in what former versions kept.
    """

    at: datetime
    by: str
    cause: str
    by_id: int = later(0)

    @property
    def who(self) -> Account:
        return Account(self.by, self.by_id)
