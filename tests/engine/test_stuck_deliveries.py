"""A delivery that nothing works on any more is queued again; one that is worked on is left alone."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from app.engine import Inbox, open_database, stuck_deliveries
from app.engine.attempts import attempt
from app.engine.pulse import Pulse
from app.engine.stuck_deliveries import StuckDeliveries
from app.turns.outcome import TurnOutcome
from tests.engine.test_inbox import COMMENT


class Engine:
    """Stands for DBOS: workflows with their states."""

    def __init__(self):
        self.states, self.resumed, self.hastened = {}, [], []

    def list_workflows(self, workflow_ids, **_):
        return [
            SimpleNamespace(workflow_id=name, status=self.states[name], executor_id="local")
            for name in workflow_ids
            if name in self.states
        ]

    def set_workflow_delay(self, name, delay_seconds):
        self.hastened.append(name)

    def resume_workflows(self, names, queue_name):
        self.resumed += names


@pytest.fixture
def set_back():
    """By how many seconds the clock was set back, time after time."""
    return []


@pytest.fixture
def stage(tmp_path, monkeypatch, set_back):
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    inbox, engine, present = Inbox(database, lambda: time.time() - sum(set_back)), Engine(), set()
    monkeypatch.setattr(stuck_deliveries, "DBOS", engine)
    for name in ("d1", "d2"):
        inbox.store(name, "issue_comment", f"I_{name}", COMMENT)
    yield inbox, engine, present, StuckDeliveries(inbox, "local", lambda: present, Pulse())
    database.dispose()


def test_living_workflows_are_left_alone(stage):
    _, engine, present, net = stage
    engine.states = {"d1": "ENQUEUED", "d2": "PENDING"}
    present.add("d2")
    assert [net.look(), net.look(), net.look()] == [0, 0, 0]


def test_one_that_ended_on_an_error_is_queued_again_after_two_looks(stage):
    inbox, engine, _, net = stage
    engine.states = {"d1": "ENQUEUED", "d2": "ERROR"}
    assert [net.look(), net.look()] == [0, 1]
    assert ("d2", "d2:1") in inbox.unfinished()
    engine.states["d2:1"] = "ENQUEUED"
    assert [net.look(), net.look()] == [0, 0]


def test_one_whose_thread_died_is_resumed(stage):
    _, engine, _, net = stage
    engine.states = {"d1": "ENQUEUED", "d2": "PENDING"}
    assert [net.look(), net.look()] == [0, 1]
    assert engine.resumed == ["d2"]


def test_one_handled_meanwhile_is_not(stage):
    inbox, engine, _, net = stage
    engine.states = {"d1": "ENQUEUED", "d2": "SUCCESS"}
    net.look()
    inbox.close("d2", "{}")
    assert net.look() == 0


def test_one_that_was_never_queued_is(stage):
    inbox, engine, _, net = stage
    engine.states = {"d1": "ENQUEUED"}
    assert [net.look(), net.look()] == [0, 1]
    assert ("d2", "d2:1") in inbox.unfinished()


def workflows(inbox):
    """What the queue holds: each delivery's workflows, with its rank, in the order they were queued."""
    query = sa.text("SELECT workflow_uuid, priority FROM workflow_status ORDER BY rowid")
    with inbox.database.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_stored_deliveries_that_nobody_queued_are_queued_once_in_order_of_arrival(stage):
    """Their dispatcher may be dead, or late: either way each is queued by one of the two only."""
    inbox, _, _, net = stage
    inbox.store("a3", "issue_comment", "I_d1", COMMENT)
    assert [net.look(), net.look()] == [0, 3]
    assert inbox.queue_stored(20) == 0
    assert workflows(inbox) == [("d1:1", 1), ("d2:1", 2), ("a3:1", 3)]


def test_one_queued_by_both_at_the_same_moment_is_handled_once(stage, monkeypatch):
    inbox, _, _, net = stage
    net.look()
    read = inbox.read
    monkeypatch.setattr(inbox, "read", lambda delivery: (inbox.queue_stored(20), read(delivery))[1])
    assert net.look() == 2
    assert sorted(workflows(inbox)) == [("d1", 1), ("d1:1", 1), ("d2", 2), ("d2:1", 2)]
    taken = []
    turns = SimpleNamespace(take=lambda wake, delivery, progressed: taken.append(delivery) or TurnOutcome(1, ()))
    for workflow, _ in workflows(inbox):
        assert "done" in attempt(inbox, turns, workflow.partition(":")[0])
    assert taken == ["d1", "d2"]


def test_what_was_put_off_before_the_clock_was_set_back_is_hastened(stage, set_back):
    inbox, engine, _, net = stage
    inbox.put_off("d2", 1, "github")
    engine.states = {"d1": "ENQUEUED", "d2:1": "DELAYED"}
    net.look()
    assert engine.hastened == []
    set_back.append(3600)
    net.look()
    assert engine.hastened == ["d2:1"]
