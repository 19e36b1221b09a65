"""What every fact of the register has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.policy.later_fields import beside, later
from app.domain.product.accounts import Account


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a fact stands in the sealed log, and what its entry cannot be made again without.

    `n` is its number there, `product` that of the first entry of its product; `salt` (hexadecimal) hides the personal
    part; `issue`, `repository` and `number` are those of the day it was sealed. `erased` is the commitment to a
    personal part that is no longer kept, and then there is no salt.
    """

    n: int
    salt: str
    product: int
    issue: str
    repository: str
    number: int
    erased: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """`at` is when Jalon took note (UTC), `by` the person's login, `cause` what asked for it, unique per request.

    `by_id` is the number of the person's account, 0 in what former versions kept.
    """

    at: datetime
    by: str
    cause: str
    by_id: int = later(0)
    sealed: LogPlace | None = beside(None)  # noqa: RUF009 - a field, not a value

    @property
    def who(self) -> Account:
        return Account(self.by, self.by_id)
