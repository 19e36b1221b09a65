"""Several workers on PostgreSQL: the same code, one turn at a time per product, and the work of the dead taken over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa

from app.demo.seed import seed
from app.domain.product.former_readings import FormerReading
from app.domain.report.reminders import Sent
from app.engine import Inbox, open_database, worker_failover
from app.engine.pulse import Pulse
from app.engine.worker_failover import WorkerFailover
from app.github.budget import PACE_S
from app.store.former_readings import FormerReadings
from app.store.issue_snapshots import IssueSnapshot, IssueSnapshots
from app.store.places import Places
from app.store.policy_store import PolicyReport, PolicyStore
from app.store.rate_limits import LedgerInDatabase
from app.store.register import ConflictError, Register
from app.store.reminder_log import ReminderLog
from local_github.server import Sandbox
from tests.builders import T0, a_policy, filed
from tests.engine.stage import Process, body, until
from tests.ports import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def stage(url):
    port = free_port()
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    environment = hub.environment() | {"JALON_DATABASE_URL": url}
    processes = [Process.serve(environment, port, "--no-worker")]
    yield hub, environment, processes
    for process in processes:
        process.kill()
    hub.stop()


def test_the_register_and_the_inbox_keep_their_promises(url):
    engine = open_database(url)
    register, inbox, snapshots = Register(engine), Inbox(engine), IssueSnapshots(engine)
    history = filed(a_policy()).history
    register.append("I_1", ("dnum/produits", 1), 0, history, "d1")
    with pytest.raises(ConflictError):
        register.append("I_1", ("dnum/produits", 1), 0, history, "d1")
    assert register.history("I_1") == history
    assert register.verify() == []
    assert inbox.store("d1", "issue_comment", "I_1", b"{}")
    assert not inbox.store("d1", "issue_comment", "I_1", b"{}")
    assert inbox.replay("d1")
    assert inbox.begin("d1").attempts == 1
    inbox.park("d1", "pourquoi")
    assert [parked.why for parked in inbox.parked()] == ["pourquoi"]
    snapshots.keep(IssueSnapshot("I_1", "dnum/produits", 1, "abc", T0))
    snapshots.keep(IssueSnapshot("I_1", "dnum/produits", 1, "abd", T0))
    assert snapshots.due(T0) == (IssueSnapshot("I_1", "dnum/produits", 1, "abd", T0),)
    engine.dispose()


def test_the_rulebook_keeps_what_it_is_given(url):
    database = open_database(url)
    book = PolicyStore(database)
    assert (book.good("dnum/produits"), book.states(), book.said("dnum/produits")) == (None, {}, ())
    book.note("dnum/produits", "flawed")
    assert book.good("dnum/produits") is None
    book.keep("dnum/produits", "é\0".encode(), "0123")
    book.keep("dnum/produits", b"neuf", "4567")
    assert (book.good("dnum/produits"), book.states()) == (b"neuf", {"dnum/produits": "flawed"})
    for said in (PolicyReport("issue", "a"), PolicyReport("issue", "b", is_open=False), PolicyReport("commit/1", "a")):
        book.record("dnum/produits", said)
    assert book.said("dnum/produits") == (PolicyReport("commit/1", "a"), PolicyReport("issue", "b", is_open=False))
    database.dispose()


def test_of_two_machines_one_mentions_a_person_in_a_week(url):
    engines = [open_database(url) for _ in range(2)]
    sent = [Sent(f"p{number}", "2026-W48", ("ballot",)) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        claims = [ReminderLog(engines[turn % 2]).claim for turn in range(4)]
        jobs = [pool.submit(claim, one, ("dnum/produits", 1), T0) for one in sent for claim in claims]
        won = sum(job.result() for job in jobs)
    assert won == len(sent)
    ledger = ReminderLog(engines[0])
    ledger.confirm(sent[0])
    ledger.release(sent[0])
    ledger.release(sent[1])
    assert {kept.sent for kept in ledger.since(T0)} == {*sent} - {sent[1]}
    for engine in engines:
        engine.dispose()


def test_machines_that_write_at_the_same_instant_each_take_a_place(url):
    engines = [open_database(url) for _ in range(2)]
    ledgers = [LedgerInDatabase(one, lambda: 1_000_000.0) for one in engines]
    with ThreadPoolExecutor(4) as pool:
        places = list(pool.map(lambda turn: ledgers[turn % 2].next_write("dnum", 1_000_000.0, PACE_S), range(8)))
    assert sorted(places) == [1_000_000.0 + turn for turn in range(8)]
    assert ledgers[0].next_write("another", 1_000_000.0, PACE_S) == 1_000_000.0
    for engine in engines:
        engine.dispose()


def test_what_is_kept_by_name_follows_a_rename(url):
    database = open_database(url)
    places, register, snapshots = Places(database), Register(database), IssueSnapshots(database)
    register.append("I_1", ("dnum/produits", 1), 0, filed(a_policy()).history, "d1")
    snapshots.keep(IssueSnapshot("I_1", "dnum/produits", 1, "abc", T0))
    places.listed({4_000_000_000: "dnum/produits"})
    assert places.renamed("dnum/produits", "dnum/projets", 4_000_000_000)
    assert not places.renamed("dnum/produits", "dnum/projets", 4_000_000_000), "told twice"
    assert (register.repositories(), snapshots.due(T0)[0].repository) == (("dnum/projets",), "dnum/projets")
    assert places.owner_renamed("dnum", "numerique")
    assert register.repositories() == ("numerique/projets",)
    places.shown("I_1", "numerique/portefeuille")
    assert register.repositories() == ("numerique/portefeuille",)
    places.listed({4_000_000_000: "numerique/portefeuille"})
    assert register.verify() == []
    database.dispose()


def test_how_far_a_former_version_had_read_is_kept_once(url):
    database = open_database(url)
    readings, inbox = FormerReadings(database), Inbox(database)
    assert (readings.of("I_1"), readings.unread("I_1")) == (None, frozenset())
    for newest in (4_000_000_000, 5_000_000_000):
        readings.keep("I_1", FormerReading(newest, T0))
    assert readings.of("I_1") == FormerReading(4_000_000_000, T0)
    inbox.store("d1", "issue_comment", "I_1", b'{"comment": {"id": 7}}')
    inbox.store("d2", "issue_comment", "I_1", b"cut")
    assert readings.unread("I_1") == frozenset({7})
    database.dispose()


def test_workers_of_several_machines_share_products(stage):
    hub, environment, processes = stage
    processes += [Process(environment, "worker") for _ in range(2)]
    numbers = [hub.world.open_issue("cheffe-produit", f"Produit {n}", body(), ["produit"]).number for n in range(12)]
    for number in numbers:
        for _ in range(3):
            hub.world.comment("cheffe-produit", number, "/aide")
    until(lambda: all(len(hub.world.issues[number].comments) == 8 for number in numbers), 60)
    hub.wait_delivered()
    assert [process.stop() for process in processes[1:]] == [0, 0]
    for number in numbers:
        written = [comment.body for comment in hub.world.issues[number].comments if comment.author == hub.world.bot]
        assert len(written) == len(set(written)) == 5


def test_the_turns_of_a_worker_gone_for_good_are_taken_over(stage, url):
    hub, environment, processes = stage
    first = Process(environment, "worker", dies=("after", 2))
    number = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
    first.wait_killed()
    processes.append(Process(environment, "worker"))
    until(lambda: len(hub.world.issues[number].comments) == 2, 60)
    assert len(hub.world.cards) == 1
    engine = open_database(url)
    until(lambda: Inbox(engine).counts()["waiting"] == 0)
    engine.dispose()
    assert len(hub.world.issues[number].comments) == 2


def test_a_worker_that_loses_its_lock_stops_at_once(stage, url):
    _, environment, processes = stage
    worker = Process(environment, "worker")
    processes.append(worker)
    engine = open_database(url)
    held = sa.text(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'jalon-lock%' AND query = 'SELECT 1'"  # it beats
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until(lambda: connection.execute(held).scalar() is not None)
        connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.execute(held).scalar()})
    engine.dispose()
    assert worker.process.wait(30) == 70


@pytest.mark.postgres
def test_the_lock_of_a_worker_that_its_system_has_suspended_is_taken(url, monkeypatch):
    """Its session lives on, kept by its system alone, and holds the lock: it has been silent for too long."""
    monkeypatch.setattr(worker_failover, "BEAT_S", 3600)
    engine = open_database(url)
    frozen, other = WorkerFailover(engine, "frozen", Pulse()), WorkerFailover(engine, "other", Pulse())
    frozen.hold()
    other.hold()
    try:
        other._end_frozen("frozen")
        assert not other._try("frozen"), "it was heard of a moment ago"
        monkeypatch.setattr(worker_failover, "FROZEN_S", 0)
        other._end_frozen("frozen")
        until(lambda: other._try("frozen"))
        with pytest.raises(psycopg.Error):
            frozen._execute("SELECT 1")
        other._end_frozen("nobody")
    finally:
        frozen.release()
        other.release()
        engine.dispose()
