"""Where a report's products come from: the register, read once from end to end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from app.domain.product.description import known
from app.domain.product.state import standing
from app.domain.report.portfolio import Tracked
from app.store.register import Register

log = logging.getLogger(__name__)


def from_register(register: Register, repository: str) -> Iterator[Tracked]:
    """Every product of one backlog."""
    for _, entries in groupby(register.entries(), key=attrgetter("product")):
        found = tuple(entries)
        if found[0].repository == repository:
            history = tuple(entry.fact for entry in found)
            try:
                described = known(standing(history))
            except (KeyError, ValueError):
                log.exception("%s#%s: left out, its history does not hold together", repository, found[0].number)
                continue
            yield Tracked(repository, found[0].number, described.title, history, described.needs)
