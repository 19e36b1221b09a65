"""Where a report's products come from: the presents kept beside the register, else the facts."""

from __future__ import annotations

from app.domain.report.portfolio import KeptProduct
from app.store.presents import Presents
from app.store.register import Register


def from_register(register: Register, repository: str) -> tuple[KeptProduct, ...]:
    """Every product of one backlog."""
    return Presents(register).of(repository)
