"""Where a report's products come from: the register, read once from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from app.domain.description import known
from app.domain.portfolio import Tracked
from app.domain.product import standing
from app.register import Register


def from_register(register: Register, repository: str) -> Iterator[Tracked]:
    """Every product of one backlog."""
    for _, entries in groupby(register.entries(), key=attrgetter("product")):
        found = tuple(entries)
        if found[0].repository == repository:
            history = tuple(entry.fact for entry in found)
            described = known(standing(history))
            yield Tracked(repository, found[0].number, described.title, history, described.needs)
