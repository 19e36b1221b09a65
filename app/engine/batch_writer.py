"""Deliveries that arrive together are kept together: one transaction, one wait for the disk, for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]
GATHER_S = 0.003
SPOILT = (sa.exc.DataError, sa.exc.IntegrityError)
"""Errors that one row alone may cause: the others are then written without it."""


class BatchWriter:
    """Rows that come while a commit is going on share the next one; for one event loop.

    `commit` keeps rows in their order, all or none, and tells for each whether it was not known yet. It runs in a
    thread: a slow disk keeps nobody else waiting.
    """

    def __init__(self, commit: Callable[[Sequence[Row]], Sequence[bool]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[Row, asyncio.Future[bool]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._expected = 1
        self._all_here = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "batch-writer")

    async def put(self, row: Row) -> bool:
        """Returns once the row is stored; False when it was stored already. Raises what the commit raised."""
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, kept))
        if len(self._waiting) >= self._expected:
            self._all_here.set()
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_waiting())
        return await kept

    async def _commit_waiting(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting, []
            self._all_here.clear()
            outcomes = await self._in_thread([row for row, _ in batch])
            for (_, kept), outcome in zip(batch, outcomes, strict=True):
                if kept.cancelled():
                    continue  # the server is stopping and nobody waits for the answer
                if isinstance(outcome, Exception):
                    kept.set_exception(outcome)
                else:
                    kept.set_result(outcome)
            self._expected = len(batch) + len(self._waiting)
        self._committing = None

    def _in_thread(self, rows: Sequence[Row]) -> asyncio.Future[Sequence[bool | Exception]]:
        """`asyncio.to_thread` goes by two futures and a copy of the context: a fifteenth fewer deliveries are kept."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Sequence[bool | Exception]] = loop.create_future()

        def tell(outcomes: Sequence[bool | Exception]) -> None:
            if not told.done():  # the server is stopping
                told.set_result(outcomes)

        self._thread.submit(lambda: loop.call_soon_threadsafe(tell, self._outcomes(rows)))
        return told

    async def _gather(self) -> None:
        """After a busy commit, wait up to 3 ms for the same number of rows: one commit costs less than several."""
        if len(self._waiting) < self._expected:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_S):
                    await self._all_here.wait()

    def _outcomes(self, rows: Sequence[Row]) -> Sequence[bool | Exception]:
        try:
            return self._commit(rows)
        except Exception as error:  # noqa: BLE001 - each of those who wait raises it
            if len(rows) > 1 and isinstance(error, SPOILT):
                return [outcome for row in rows for outcome in self._outcomes([row])]
            return [error] * len(rows)
