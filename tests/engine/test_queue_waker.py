"""What is stored is taken at once, however seldom the engine looks at its queue by itself."""

from __future__ import annotations

import threading
import time

import pytest

from app.engine import Inbox, Worker, dispatch, open_database, worker
from app.turns.outcome import TurnOutcome
from tests.engine.test_inbox import CARD

HOUR_S = 3600.0
COMMENT = b"""{"action": "created", "sender": {"login": "secu"}, "issue": {"node_id": "I_1", "number": 1},
"repository": {"full_name": "dnum/produits"}}"""


class Turns:
    def __init__(self):
        self.taken = threading.Semaphore(0)

    def take(self, _wake, _delivery, _progressed):
        self.taken.release()
        return TurnOutcome()


@pytest.fixture
def stored_and_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "POLL_S", HOUR_S)
    monkeypatch.setattr(dispatch, "BUSY_S", HOUR_S)
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    inbox, turns = Inbox(database), Turns()
    at_work = Worker(database, inbox, turns)
    at_work.start()

    def took(*deliveries, payload=COMMENT, event="issue_comment"):
        for delivery in deliveries:
            inbox.store(delivery, event, "I_1", payload)
        return all(turns.taken.acquire(timeout=30) for _ in deliveries)

    yield took
    before = time.monotonic()
    assert at_work.stop()
    assert time.monotonic() - before < HOUR_S
    database.dispose()


def test_an_engine_that_looks_once_an_hour_takes_what_is_stored_at_once(stored_and_taken):
    assert stored_and_taken("d1")
    assert stored_and_taken("d2")


def test_a_volley_about_one_product_is_taken_one_after_the_other_without_a_pause(stored_and_taken):
    """A moved card is answered by its own turn alone: each has to wait for the former one, and for no clock."""
    assert stored_and_taken(*(f"d{number}" for number in range(8)), payload=CARD, event="projects_v2_item")
