"""What GitHub could not deliver is asked for again, once, and only what we never got."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import requests
from dbos import DBOS

from app.bootstrap import Jalon, _memory
from app.demo.seed import seed
from app.engine import catchup
from app.engine.catchup import HOPELESS, CatchUp
from app.engine.schedules import Schedules
from app.github.client import Client, LaterError
from app.github.deliveries import Attempt
from app.settings import read_settings
from app.store.key_values import KeyValues
from app.turns.wakeup import wake_up
from local_github.server import Sandbox
from tests.engine.stage import body, until


class Road:
    """The way from GitHub to us, open or cut."""

    def __init__(self):
        self.inbox, self.is_cut, self.answers, self.seen = None, False, 202, []

    def __call__(self, headers, raw):
        self.seen.append(headers["X-GitHub-Delivery"])
        if self.is_cut:
            raise requests.ConnectionError("cut")
        wake = wake_up(headers["X-GitHub-Event"], json.loads(raw))
        if wake and self.answers == 202:
            self.inbox.store(headers["X-GitHub-Delivery"], headers["X-GitHub-Event"], wake.key, raw)
        return self.answers


@pytest.fixture
def stage(tmp_path):
    road = Road()
    hub = Sandbox(seed())
    hub.deliver = road
    hub.start()
    jalon = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}))
    road.inbox = jalon.inbox
    yield hub, road, jalon
    hub.stop()
    jalon.database.dispose()


def test_what_was_lost_is_asked_again_once(stage):
    hub, road, jalon = stage
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.wait_delivered()
    road.is_cut = True
    hub.world.comment("cheffe-produit", 1, "/aide")
    hub.wait_delivered()
    road.is_cut, road.answers = False, 500
    hub.world.comment("cheffe-produit", 1, "/aide 2")
    hub.wait_delivered()
    road.answers = 202
    missed = jalon.catch_up.missed()
    assert [(attempt.event, attempt.action) for attempt in missed] == [("issue_comment", "created")] * 2
    assert jalon.catch_up.run() == missed
    hub.wait_delivered()
    assert jalon.inbox.counts()["waiting"] == 4
    assert jalon.catch_up.run() == ()
    assert len(road.seen) == 6


def test_what_was_stored_without_github_knowing_is_not_asked_again(stage):
    hub, road, jalon = stage
    hub.deliver = lambda headers, raw: road(headers, raw) and 504
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.wait_delivered()
    assert jalon.catch_up.run() == ()


def test_the_next_look_stops_where_nothing_is_left_to_do(stage, monkeypatch):
    hub, road, jalon = stage
    monkeypatch.setattr("app.github.deliveries.PAGE", 5)
    monkeypatch.setattr(catchup, "SHUFFLE", timedelta())
    now = datetime.now(UTC)
    monkeypatch.setattr(hub.world, "clock", lambda: now - timedelta(minutes=5))
    road.is_cut = True
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.wait_delivered()
    road.is_cut = False
    monkeypatch.setattr(hub.world, "clock", lambda: now - timedelta(minutes=2))
    for number in range(20):
        hub.world.comment("cheffe-produit", 1, f"bonjour {number}")
    hub.wait_delivered()
    monkeypatch.setattr(hub.world, "clock", lambda: now)
    assert len(jalon.catch_up.run()) == 2
    hub.wait_delivered()
    assert jalon.catch_up.run() == ()
    pages = []
    real = Client.rest
    monkeypatch.setattr(Client, "rest", lambda *args, **kwargs: pages.append(args[3]) or real(*args, **kwargs))
    assert jalon.catch_up.run() == ()
    assert len(pages) == 1


def test_an_interrupted_run_is_finished_by_the_next(stage, monkeypatch):
    hub, road, jalon = stage
    road.is_cut = True
    for number in range(3):
        hub.world.open_issue("cheffe-produit", f"Produit {number}", body(), [])
    hub.wait_delivered()
    road.is_cut = False
    real, asked = catchup.redeliver, []

    def breaking(client, attempt):
        if len(asked) == 1:
            raise RuntimeError("killed")
        asked.append(attempt)
        return real(client, attempt)

    monkeypatch.setattr(catchup, "redeliver", breaking)
    with pytest.raises(RuntimeError):
        jalon.catch_up.run()
    hub.wait_delivered()
    monkeypatch.setattr(catchup, "redeliver", real)
    assert len(jalon.catch_up.run()) == 2
    hub.wait_delivered()
    assert jalon.inbox.counts()["waiting"] == 3


def test_what_is_hopeless_or_too_old_is_left_alone(stage):
    hub, road, jalon = stage
    road.is_cut = True
    hub.world.open_issue("cheffe-produit", "SISAC", body(), [])
    hub.wait_delivered()
    late = CatchUp(
        jalon.client,
        jalon.inbox,
        KeyValues(jalon.database),
        lambda: datetime.now(UTC) + timedelta(days=3),
        timedelta(days=3),
    )
    assert late.missed() == ()
    for _ in range(HOPELESS - 1):
        assert len(jalon.catch_up.run()) == 1
        hub.wait_delivered()
    assert jalon.catch_up.run() == ()


@pytest.mark.parametrize(
    ("url", "days"),
    [("https://api.github.com", 3), ("https://api.ministere.ghe.com", 3), ("https://github.ministere.fr/api/v3", 7)],
)
def test_how_long_github_remembers(url, days):
    assert _memory(url) == timedelta(days=days)


def test_hours_are_kept_and_claimed_once(stage):
    _, _, jalon = stage
    done, now = [], [datetime(2026, 11, 24, 13, 7, tzinfo=UTC)]

    class Sweep:
        def wake_due(self):
            done.append("deadlines")

        def repositories(self):
            done.append("sweep")
            return ()

        def files(self):
            return ()

        def read_rules(self, *, anew):
            done.append("rules anew" if anew else "rules")

        def wake_rules(self, repositories):
            done.append("rules of all")

        def wake_changed_rules(self):
            pass

    class Catch:
        def run(self):
            done.append("catch-up")

    def worker():
        one = Schedules(jalon.inbox, KeyValues(jalon.database), Sweep(), Catch(), lambda: now[0])
        one.forget = lambda: done.append("retention")
        return one

    def ticks(*workers):
        done.clear()
        for one in workers:
            one.tick()
        return [what for what in done if what != "deadlines"]

    first, second = worker(), worker()
    assert ticks(first) == ["catch-up", "rules anew"]
    assert ticks(first) == []
    assert ticks(second) == ["catch-up", "rules anew"]  # each looks once when it starts
    now[0] += timedelta(minutes=1)
    assert ticks(first, second) == ["rules"]
    now[0] += timedelta(minutes=15)
    assert ticks(first, second) == ["catch-up", "rules"]
    now[0] += timedelta(hours=14)
    assert ticks(second, first) == ["catch-up", "rules", "rules of all", "sweep", "retention"]
    now[0] -= timedelta(hours=1)  # a clock set back stops nothing
    assert ticks(first, second) == ["catch-up", "rules"]


def test_a_failing_task_stops_no_other(stage, caplog):
    _, _, jalon = stage
    done = []

    class Broken:
        def wake_due(self):
            raise ValueError("cassé")

        def run(self):
            done.append("catch-up")

        def read_rules(self, *, anew):
            raise LaterError("502")

        def wake_changed_rules(self):
            done.append("rules")

    schedules = Schedules(jalon.inbox, KeyValues(jalon.database), Broken(), Broken(), lambda: datetime.now(UTC))
    schedules.tick()
    assert done == ["catch-up", "rules"]
    assert "deadlines failed" in caplog.text


@pytest.mark.slow
def test_what_nobody_needs_any_more_is_dropped(stage):
    hub, _, jalon = stage
    jalon.worker.start(with_schedules=False)
    try:
        hub.world.open_issue("cheffe-produit", "SISAC", body(), [])
        hub.wait_delivered()
        until(lambda: len(hub.world.issues[1].comments) == 2)
        hub.wait_delivered()
        until(lambda: jalon.inbox.counts()["waiting"] == 0)
        until(lambda: all(one.status == "SUCCESS" for one in DBOS.list_workflows()))
        kept = DBOS.list_workflows()
        later = Schedules(
            jalon.inbox,
            KeyValues(jalon.database),
            jalon.sweep,
            jalon.catch_up,
            lambda: datetime.now(UTC) + timedelta(days=31),
        )
        assert later.forget() == len(kept) > 0
        assert DBOS.list_workflows() == []
        assert all(jalon.inbox.read(one.workflow_id).payload == b"" for one in kept)
    finally:
        jalon.worker.stop()


def test_numbers_that_do_not_follow_the_hours_hide_nothing(monkeypatch):
    """GitHub promises no order of the numbers: a delivery lost later, with a smaller one, is asked again all the same."""
    now, kept, asked = datetime(2026, 11, 25, 12, tzinfo=UTC), {}, []
    listed = [
        Attempt(5, "b", now - timedelta(hours=1), False, "issues", "opened"),
        Attempt(9, "a", now - timedelta(hours=2), False, "issues", "opened"),
        Attempt(1, "c", now - timedelta(hours=3), True, "issues", "opened"),
    ]
    monkeypatch.setattr(catchup, "attempts", lambda client: iter(listed))
    monkeypatch.setattr(catchup, "redeliver", lambda client, attempt: asked.append(attempt.guid) or True)
    notes = SimpleNamespace(get=lambda name: kept.get(name, ""), set=kept.__setitem__)
    inbox = SimpleNamespace(known=lambda guids: set(guids) & set(asked))
    catch_up = CatchUp(None, inbox, notes, lambda: now, timedelta(days=3))
    assert [attempt.guid for attempt in catch_up.run()] == ["a", "b"]
    listed.insert(0, Attempt(2, "d", now, False, "issues", "opened"))
    assert [attempt.guid for attempt in catch_up.run()] == ["d"]
