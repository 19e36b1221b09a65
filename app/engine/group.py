"""Deliveries that arrive together are kept together: one transaction, one wait for the disk, for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]
GATHER_S = 0.001
"""While deliveries come by several, whoever commits lets the others of the same volley come first."""
SPOILT = (sa.exc.DataError, sa.exc.IntegrityError)
"""What one row alone may cause: the others are then kept without it."""


class _Ticket:
    def __init__(self, row: Row) -> None:
        self.row = row
        self.is_fresh: bool | None = None
        self.error: Exception | None = None

    @property
    def is_settled(self) -> bool:
        return self.is_fresh is not None or self.error is not None


class Group:
    """No thread of its own: whoever comes first commits for all those who came while the former commit was going on.

    `commit` keeps rows in their order, all or none, and tells for each whether it was not known yet.
    """

    def __init__(self, commit: Callable[[Sequence[Row]], Sequence[bool]]) -> None:
        self._commit = commit
        self._arriving, self._committing = threading.Lock(), threading.Lock()
        self._waiting: list[_Ticket] = []
        self._came_together = False

    def put(self, row: Row) -> bool:
        """Returns once the row is kept; False when it was known already. Raises what the commit raised."""
        ticket = _Ticket(row)
        with self._arriving:
            self._waiting.append(ticket)
        with self._committing:
            if not ticket.is_settled:
                if self._came_together:
                    time.sleep(GATHER_S)
                with self._arriving:
                    batch, self._waiting = self._waiting, []
                self._came_together = len(batch) > 1
                self._settle(batch)
        if ticket.error is not None:
            raise ticket.error
        return bool(ticket.is_fresh)

    def _settle(self, batch: Sequence[_Ticket]) -> None:
        try:
            outcomes = self._commit([ticket.row for ticket in batch])
        except Exception as error:  # noqa: BLE001 - each of those who wait raises it
            if len(batch) > 1 and isinstance(error, SPOILT):
                for ticket in batch:
                    self._settle([ticket])
                return
            for ticket in batch:
                ticket.error = error
            return
        for ticket, is_fresh in zip(batch, outcomes, strict=True):
            ticket.is_fresh = is_fresh
