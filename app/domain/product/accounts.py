"""Who is who: an account is a number, and a login only the name it bears today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """`id` is 0 where GitHub told none, as in what former versions kept."""

    login: str
    id: int = 0

    def is_same(self, other: Account) -> bool:
        """By their numbers where both are known: a login may be given up, and taken by somebody else."""
        if self.id and other.id:
            return self.id == other.id
        return self.login.lower() == other.login.lower()


def account(login: str, numbers: Mapping[str, int]) -> Account:
    """The account that bears a login, by its number if it is known."""
    return Account(login, numbers.get(login.lower(), 0))
