"""Deliveries that come together: one commit for all, each with its own answer, a spoilt one harming itself alone."""

from __future__ import annotations

import asyncio
import threading

import pytest
import sqlalchemy as sa

from app.engine import Inbox, open_database
from app.engine.batch_writer import BatchWriter
from app.store.schema import INBOX


class Slow:
    """Commits that wait for a sign, so that others gather meanwhile; `bad` rows are refused by the database."""

    def __init__(self, bad=()):
        self.batches, self.known, self.bad = [], set(), set(bad)
        self.go, self.entered = threading.Event(), threading.Event()

    def __call__(self, rows):
        names = [row["delivery"] for row in rows]
        self.batches.append(names)
        self.entered.set()
        assert self.go.wait(20)
        if self.bad & set(names):
            raise sa.exc.DataError("insert", {}, Exception("bad text"))
        fresh = [name not in self.known for name in names]
        self.known.update(names)
        return fresh


async def together(slow, names):
    """The first is being committed while the others arrive."""
    group = BatchWriter(slow)
    first = asyncio.create_task(group.put({"delivery": names[0]}))
    assert await asyncio.to_thread(slow.entered.wait, 20)
    others = [asyncio.create_task(group.put({"delivery": name})) for name in names[1:]]
    await asyncio.sleep(0)
    slow.go.set()
    outcomes = await asyncio.gather(first, *others, return_exceptions=True)
    return [one if isinstance(one, bool) else type(one).__name__ for one in outcomes]


def test_those_who_come_during_a_commit_share_the_next_one():
    slow = Slow()
    assert asyncio.run(together(slow, ["a", "b", "c", "d"])) == [True] * 4
    assert [len(batch) for batch in slow.batches] == [1, 3]


def test_a_row_the_database_refuses_harms_itself_alone():
    slow = Slow(bad={"c"})
    assert asyncio.run(together(slow, ["a", "b", "c", "d"])) == [True, True, "DataError", True]


def test_a_database_that_fails_fails_everybody_who_waited():
    def down(rows):
        raise sa.exc.OperationalError("insert", {}, Exception("disk full"))

    async def both():
        group = BatchWriter(down)
        return await asyncio.gather(*(group.put({"delivery": name}) for name in "ab"), return_exceptions=True)

    assert [type(one) for one in asyncio.run(both())] == [sa.exc.OperationalError] * 2


def test_a_volley_is_waited_for_only_while_it_lasts():
    """After a commit of many, a delivery that comes alone is kept all the same."""

    async def volley():
        group = BatchWriter(lambda rows: [True] * len(rows))
        await asyncio.gather(*(group.put({"delivery": str(number)}) for number in range(5)))
        return await group.put({"delivery": "alone"})

    assert asyncio.run(volley())


@pytest.fixture
def inbox(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    yield Inbox(database)
    database.dispose()


def queued(inbox):
    with inbox.database.connect() as connection:
        rows = connection.execute(sa.text("SELECT workflow_uuid FROM workflow_status ORDER BY priority")).all()
        waiting = connection.execute(sa.select(sa.func.count()).where(INBOX.c.queued == 0)).scalar()
    return [row[0] for row in rows], waiting


def test_the_same_delivery_twice_in_one_group_is_kept_once(inbox):
    rows = [
        {"delivery": name, "event": "issues", "product": "I", "payload": b"{}", "received": 0.0, "queued": 0}
        for name in ("a", "b", "a")
    ]
    assert inbox._keep(rows) == [True, True, False]
    assert inbox._keep(rows[:1]) == [False]


def test_what_is_kept_is_queued_in_order_of_arrival_and_once(inbox):
    names = [f"d{number}" for number in range(7)]
    for name in names:
        inbox.store(name, "issue_comment", "I_1", b"{}")
    assert inbox.queue_stored(3) == 3
    assert queued(inbox) == (names[:3], 4)
    assert inbox.queue_stored(3) == 3
    assert inbox.queue_stored(3) == 1
    assert inbox.queue_stored(3) == 0
    assert queued(inbox) == (names, 0)


def test_queueing_that_fails_leaves_everything_to_the_next_round(inbox):
    inbox.store("d1", "issue_comment", "I_1", b"{}")
    inbox.queue_stored(0)

    def fails(_connection, _cursor, statement, *_):
        if "INSERT" in statement and "workflow_status" in statement:
            raise sa.exc.OperationalError("insert", {}, Exception("gone"))

    sa.event.listen(inbox.database, "before_cursor_execute", fails)
    with pytest.raises(sa.exc.OperationalError):
        inbox.queue_stored(5)
    sa.event.remove(inbox.database, "before_cursor_execute", fails)
    assert queued(inbox) == ([], 1)
    assert inbox.queue_stored(5) == 1
