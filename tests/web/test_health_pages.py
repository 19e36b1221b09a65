"""What those who watch over Jalon are told: alive, ready or not, and figures that cover every worker."""

from __future__ import annotations

import json
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.engine import Inbox, health, open_database
from app.engine.attempts import BUGS, attempt
from app.github.budget import RateLimit
from app.github.client import LaterError
from app.github.errors import WaitError
from app.settings import Settings
from app.store.policy_store import PolicyStore
from app.store.rate_limits import LedgerInDatabase
from app.store.register import Register
from app.store.troubles import Troubles
from app.web import create_app
from tests.engine.test_inbox import COMMENT, Turns


class Worker:
    is_alive = True


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "FRESH_S", 0.0)
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    inbox, worker = Inbox(database), Worker()
    app = create_app(Settings(1, "PRIVATE KEY", ("secret",)), inbox, Register(database), worker)
    yield app.test_client(), inbox, worker, tmp_path
    database.dispose()


def figures(client):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_ready_tells_each_part(stage):
    client, inbox, worker, _ = stage
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.text == "database: ok, 0 waiting, 0 parked\ngithub: no answer yet\nworker: ok\n"
    LedgerInDatabase(inbox.database).note("dnum", "core", RateLimit(4000, 5000, time.time() + 60, time.time() - 12))
    assert "github: answered 12 s ago" in client.get("/readyz").text
    for name, state in {"dnum/produits": "good", "dnum/autres": "flawed"}.items():
        PolicyStore(inbox.database).note(name, state)
    assert [line for line in client.get("/readyz").text.splitlines() if "policy" in line] == [
        "policy: dnum/autres flawed"
    ]
    assert client.get("/readyz").status_code == 200
    assert figures(client)["jalon_policy_file", "dnum/autres", "flawed"] == 1
    assert figures(client)["jalon_policy_file", "dnum/produits", "good"] == 1
    worker.is_alive = False
    stopped = client.get("/readyz")
    assert (stopped.status_code, "worker: stopped" in stopped.text) == (503, True)


def test_what_keeps_the_app_from_its_work_is_told_and_only_what_blocks_makes_it_not_ready(stage):
    client, inbox, *_ = stage
    troubles = Troubles(inbox.database, lambda: 1_800_000_000.0)
    troubles.note("board", "dnum/produits", "Resource not accessible by integration")
    ready = client.get("/readyz")
    assert ready.status_code == 200
    (line,) = (one for one in ready.text.splitlines() if one.startswith("warning: "))
    assert line.startswith("warning: board dnum/produits, since 2027-01-15T08:00:00+00:00: le tableau de dnum/produits")
    assert line.endswith("votes and decisions go on (Resource not accessible by integration)")
    troubles.note("suspended", "dnum")
    told = client.get("/readyz")
    assert told.status_code == 503
    assert "trouble: suspended dnum, since" in told.text
    assert figures(client)["jalon_trouble", "suspended", "dnum"] == 1
    troubles.clear("suspended", "dnum")
    assert client.get("/readyz").status_code == 200


def test_not_ready_without_its_database(stage):
    client, inbox, *_ = stage
    with inbox.database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE jalon_inbox")
    assert client.get("/readyz").status_code == 503
    assert figures(client)["jalon_trouble", "corrupt", ""] == 1
    assert client.get("/healthz").status_code == 200


def test_figures_cover_turns_retries_effects_and_limits(stage):
    client, inbox, *_ = stage
    for name, acts in {
        "d1": [LaterError("502", 1), WaitError("limit", 9)],
        "d2": [ValueError("cassé")] * BUGS,
        "d3": [],
    }.items():
        inbox.store(name, "issue_comment", f"I_{name}", json.dumps({**json.loads(COMMENT)}).encode())
        turns = Turns(*acts)
        for _ in range(len(acts) or 1):
            attempt(inbox, turns, name)
    LedgerInDatabase(inbox.database).note("dnum", "graphql", RateLimit(4321, 5000, time.time() + 60, time.time()))
    found = figures(client)
    assert found["jalon_inbox", "waiting"] == 1
    assert found["jalon_inbox", "parked"] == 1
    assert found["jalon_turns_total", "done"] == 1
    assert found["jalon_turns_total", "parked"] == 1
    assert found["jalon_retries_total", "github"] == 1
    assert found["jalon_retries_total", "limit"] == 1
    assert found["jalon_retries_total", "failure"] == BUGS - 1
    assert found["jalon_github_points_left", "dnum", "graphql"] == 4321
    assert found[("jalon_queue_age_seconds",)] >= 0
