"""Deliveries kept: once each, put aside when they fail again and again, replayed on demand."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.engine import Inbox, open_database
from app.engine.attempts import BUGS, DEATHS, attempt
from app.engine.deaths import Deaths
from app.engine.inbox import STALE
from app.github.client import LaterError
from app.github.errors import WaitError
from app.store.register import ConflictError
from app.turns.outcome import TurnOutcome
from local_github.keys import new_key

COMMENT = json.dumps(
    {
        "action": "created",
        "sender": {"login": "cheffe-produit"},
        "issue": {"node_id": "I_1", "number": 1},
        "repository": {"full_name": "dnum/produits"},
    }
).encode()
CARD = json.dumps(
    {
        "action": "edited",
        "sender": {"login": "cheffe-produit"},
        "projects_v2_item": {"content_type": "Issue", "content_node_id": "I_1", "project_node_id": "PVT_1"},
        "changes": {},
    }
).encode()
SETTINGS = {
    "JALON_APP_ID": "1",
    "JALON_PRIVATE_KEY": new_key(),
    "JALON_WEBHOOK_SECRET": "un-secret-de-test",
}


class Clock:
    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


class Turns:
    """Turns that do as told."""

    def __init__(self, *acts):
        self.acts, self.taken = list(acts), []

    def take(self, wake, delivery, progressed):
        self.taken.append(delivery)
        act = self.acts.pop(0) if self.acts else TurnOutcome()
        if isinstance(act, Exception):
            raise act
        return act


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/jalon.db"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def inbox(url, clock):
    database = open_database(url)
    yield Inbox(database, clock)
    database.dispose()


def test_a_delivery_is_stored_once(inbox):
    assert inbox.store("d1", "issue_comment", "I_1", COMMENT)
    assert not inbox.store("d1", "issue_comment", "I_1", COMMENT)
    assert inbox.counts() == {"waiting": 1, "done": 0, "parked": 0}


def test_a_turn_that_saw_later_deliveries_answers_them_too_but_never_a_moved_card(inbox):
    for name, event in (("d1", "issue_comment"), ("d2", "projects_v2_item"), ("d3", "issue_comment")):
        inbox.store(name, event, "I_1", COMMENT)
    inbox.store("other", "issue_comment", "I_2", COMMENT)
    turns = Turns()
    assert attempt(inbox, turns, "d1") == {"done": True}
    assert [name for name, _ in inbox.unfinished()] == ["d2", "other"]
    assert attempt(inbox, turns, "d3") == {"done": "handled by another turn"}
    assert turns.taken == ["d1"]


@pytest.mark.parametrize("queued", [0, 2, 9])
def test_what_was_answered_leaves_the_queue_and_nothing_waits_behind_it(inbox, queued):
    """Queued before the turn, or never."""
    for name in ("d1", "d2", "d3"):
        inbox.store(name, "issue_comment", "I_1", COMMENT)
    inbox.queue_stored(queued)
    attempt(inbox, Turns(), "d1")
    inbox.queue_stored(9)
    with inbox.database.connect() as connection:
        rows = connection.execute(sa.text("SELECT workflow_uuid FROM workflow_status WHERE status = 'ENQUEUED'"))
        assert rows.scalars().all() == (["d1"] if queued else [])


def test_a_failure_is_tried_again_then_put_aside(inbox, clock):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    turns = Turns(*[ValueError("cassé, jeton ghs_abcdef0123456789")] * BUGS)
    for _ in range(BUGS - 1):
        assert attempt(inbox, turns, "d1") == {"put off": "ValueError"}
        clock.now += 60
    assert not inbox.parked()
    assert "parked" in attempt(inbox, turns, "d1")
    (parked,) = inbox.parked()
    assert (parked.delivery, parked.attempts) == ("d1", BUGS)
    assert re.fullmatch(r"ValueError \(app/\S+, line \d+\)", parked.why), "where it failed, and not on which words"
    assert inbox.counts() == {"waiting": 0, "done": 0, "parked": 1}


def test_waiting_for_github_is_no_failure(inbox, clock):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    turns = Turns(*[LaterError("GitHub answered 502", 1), ConflictError("I_1")] * DEATHS)
    waits = []
    for _ in range(2 * DEATHS):
        waits.append(attempt(inbox, turns, "d1")["put off"])
        clock.now += 60
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == 60
    assert attempt(inbox, turns, "d1") == {"done": True}


def test_a_known_hour_is_kept_and_products_do_not_all_come_back_at_once(inbox):
    waits = []
    for number in range(20):
        inbox.store(f"d{number}", "issue_comment", f"I_{number}", COMMENT)
        waits.append(attempt(inbox, Turns(WaitError("limit", 300)), f"d{number}")["put off"])
    assert all(300 <= wait <= 305 for wait in waits)
    assert len(set(waits)) > 10


def test_none_passes_before_an_older_one_put_off(inbox, clock):
    for name in ("d1", "d2"):
        inbox.store(name, "projects_v2_item", "I_1", CARD)
    inbox.store("other", "issue_comment", "I_2", COMMENT)
    turns = Turns(WaitError("limit", 30))
    put_off = attempt(inbox, turns, "d1")["put off"]
    assert put_off <= attempt(inbox, turns, "d2")["put off"] <= put_off + 3
    assert attempt(inbox, turns, "other") == {"done": True}
    clock.now += 40
    assert attempt(inbox, turns, "d1") == {"done": True}
    assert attempt(inbox, turns, "d2") == {"done": True}
    assert turns.taken == ["d1", "other", "d1", "d2"]


def test_those_behind_one_put_off_do_not_wait_longer_and_longer(inbox, clock):
    names = [f"d{number}" for number in range(1, 10)]
    for name in names:
        inbox.store(name, "projects_v2_item", "I_1", CARD)
    turns = Turns(LaterError("502", 1))
    first, *others = [attempt(inbox, turns, name)["put off"] for name in names]
    assert all(first <= other <= first + 2 for other in others)
    clock.now += first + 2
    assert attempt(inbox, turns, "d3")["put off"] < 1  # due with the others: none passes, though nobody came yet
    assert [attempt(inbox, turns, name) for name in names] == [{"done": True}] * 9
    assert turns.taken == ["d1", *names]


def test_a_clock_set_back_is_noticed(inbox, clock):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    attempt(inbox, Turns(LaterError("502", 1)), "d1")
    assert inbox.from_the_future() == ()
    clock.now -= 3600
    assert inbox.from_the_future() == ("d1:1",)


def test_a_delivery_that_kills_its_worker_is_put_aside(inbox):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    for _ in range(DEATHS):
        inbox.begin("d1")
    assert "parked" in attempt(inbox, Turns(), "d1")


def test_what_ended_its_process_keeps_its_product_aside_until_it_is_replayed(inbox):
    for name, product in {"d1": "I_1", "d2": "I_1", "d3": "I_2"}.items():
        inbox.store(name, "issue_comment", product, COMMENT)
    inbox.wake("night", "sweep", "I_1", "dnum/produits", 1)
    for _ in range(DEATHS):
        inbox.begin("d1")
    attempt(inbox, Turns(), "d1")
    told = "the turns of this product ended the process: replay d1 first"
    assert attempt(inbox, Turns(), "d2") == {"parked": told}
    assert attempt(inbox, Turns(), "night") == {"done": told}, "the sweep's own wake-ups do not pile up"
    assert attempt(inbox, Turns(), "d3") == {"done": True}
    assert inbox.replay("d1")
    assert attempt(inbox, Turns(), "d1") == {"done": True}
    assert not inbox.parked(), "and what was aside is settled by the turn that succeeds"


def test_a_turn_that_goes_further_at_each_life_is_not_put_aside(inbox):
    """Killed again and again, by chance or by a test, it has done something each time."""
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    for _ in range(2 * DEATHS):
        stored = inbox.begin("d1")
        assert stored.attempts <= 2
        inbox.deaths.forgive("d1")
    assert attempt(inbox, Going(), "d1") == {"done": True}


class Going(Turns):
    """Each turn makes one change on GitHub."""

    def take(self, _wake, _delivery, progressed):
        progressed()
        return TurnOutcome()


def test_only_a_turn_that_died_before_notes_how_far_it_goes(inbox, monkeypatch):
    noted = []
    monkeypatch.setattr(Deaths, "forgive", lambda _, delivery: noted.append(delivery))
    for name in ("d1", "d2"):
        inbox.store(name, "issue_comment", f"I_{name}", COMMENT)
    inbox.begin("d2")
    for name in ("d1", "d2"):
        assert attempt(inbox, Going(), name) == {"done": True}
    assert noted == ["d2"]


def test_waiting_for_the_database_is_no_death(inbox):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    away = sa.exc.OperationalError("", {}, Exception("away"))
    assert attempt(inbox, Turns(away), "d1")["wait"]
    for _ in range(2 * DEATHS):
        assert attempt(inbox, Turns(away), "d1", again=True)["wait"]
    assert inbox.deaths.of("d1") == 1
    assert attempt(inbox, Turns(), "d1", again=True) == {"done": True}


def test_a_later_turn_settles_what_was_put_aside(inbox):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    for _ in range(BUGS):
        attempt(inbox, Turns(ValueError("cassé")), "d1")
    inbox.store("d2", "issue_comment", "I_1", COMMENT)
    attempt(inbox, Turns(), "d2")
    assert not inbox.parked()


def test_what_was_put_aside_is_shown_and_replayed(inbox, url):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    for _ in range(BUGS):
        attempt(inbox, Turns(ValueError("cassé")), "d1")
    environment = SETTINGS | {"JALON_DATABASE_URL": url}
    shown = CliRunner().invoke(main, ["replay"], env=environment)
    assert "| d1 | issue_comment |" in shown.output
    assert "| ValueError (app/" in shown.output
    done = CliRunner().invoke(main, ["replay", "d1"], env=environment)
    assert (done.exit_code, "remise dans la file" in done.output) == (0, True)
    assert inbox.unfinished() == (("d1", f"d1:{BUGS}"),)
    assert attempt(inbox, Turns(), "d1") == {"done": True}
    assert "Aucune livraison mise de côté" in CliRunner().invoke(main, ["replay"], env=environment).output
    unknown = CliRunner().invoke(main, ["replay", "d9"], env=environment)
    assert (unknown.exit_code, "inconnue" in unknown.output) == (1, True)


def test_old_payloads_are_dropped_and_duplicates_still_known(inbox, url):
    inbox.store("d1", "issue_comment", "I_1", COMMENT)
    inbox.store("d2", "issue_comment", "I_2", COMMENT)
    attempt(inbox, Turns(), "d1")
    assert inbox.drop_payloads(inbox.read("d1").received + 3600) == 1
    assert not inbox.store("d1", "issue_comment", "I_1", COMMENT)
    refused = CliRunner().invoke(main, ["replay", "d1"], env=SETTINGS | {"JALON_DATABASE_URL": url})
    assert (refused.exit_code, "jalon sweep" in refused.output) == (1, True)


def test_what_is_only_looked_for_again_holds_nobody_up_and_is_not_taken_for_seen(inbox):
    """A comment deleted within seconds: its first delivery looks for it in vain, while others are answered."""
    for name in ("d1", "d2"):
        inbox.store(name, "issue_comment", "I_1", b"{}")
    inbox.put_off("d1", 30, "github")
    assert inbox.waits_for(inbox.read("d2")) > 0
    inbox.put_off("d1", 30, STALE, waits={})
    assert inbox.read("d1").waits == {STALE: 1}
    assert inbox.waits_for(inbox.read("d2")) == 0
    inbox.close("d2", "{}", "I_1", inbox.newest("I_1"))
    assert (inbox.read("d2").is_done, inbox.read("d1").is_done) == (True, False)
