"""The policy file through the engine: a push stored and handled, a change found without one, both told once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.engine.attempts import attempt
from app.engine.schedules import Schedules
from app.github.policies import PATH
from app.settings import read_settings
from app.store.key_values import KeyValues
from app.turns.wakeup import wake_up
from local_github.server import Sandbox
from tests.engine.stage import body

BROKEN = "version: 2\n"


@pytest.fixture
def hub():
    given = seed()
    given["app"]["permissions"] = given["app"]["permissions"] | {"contents": "read"}
    given["app"]["events"] = [*given["app"]["events"], "push"]
    running = Sandbox(given, port=0)
    running.hold = True
    running.start()
    yield running
    running.stop()


@pytest.fixture
def jalon(hub, tmp_path):
    one = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}))
    yield one
    one.database.dispose()


def stored(jalon, hub):
    """What the web does of everything GitHub sends."""
    names = []
    for headers, raw in hub.take_held():
        event, delivery = headers["X-GitHub-Event"], headers["X-GitHub-Delivery"]
        wake = wake_up(event, json.loads(raw))
        if wake:
            jalon.inbox.store(delivery, event, wake.key, raw)
            names.append(delivery)
    return names


def attempted(jalon, names):
    return [attempt(jalon.inbox, jalon.turns, name) for name in names]


def told(hub):
    return [said.body for said in hub.world.commit_comments]


def handled(jalon):
    """What a worker would do of all that waits."""
    return attempted(jalon, [delivery for delivery, _ in jalon.inbox.unfinished()])


def test_pushes_of_one_moment_share_a_turn(jalon, hub):
    jalon.policies.of("dnum/produits")
    for text in (BROKEN, BROKEN + "language: fr\n"):
        hub.world.write_file("secretariat", PATH, text)
    first, second = stored(jalon, hub)
    assert jalon.inbox.read(first).product == "rules:dnum/produits"
    assert attempted(jalon, [first]) == [{"done": True}]
    assert len(told(hub)) == 1
    assert hub.world.commit_comments[0].sha == hub.world.commits[-1].sha
    assert jalon.inbox.read(second).is_done
    assert jalon.inbox.read(first).outcome == '{"facts": 0, "effects": [["PostComment", "policy-flawed"]]}'


def late(hub, match, **more):
    hub.faults.add({"kind": "stale", "changes": 1, "match": match} | more)


def test_a_turn_that_shows_one_push_does_not_answer_for_the_next(jalon, hub):
    """The copy read has the first of two: both wait for one that has the second, which alone is told of."""
    jalon.policies.of("dnum/produits")
    late(hub, "GET .*commits$", next=1)
    for text in (BROKEN, BROKEN + "language: fr\n"):
        hub.world.write_file("secretariat", PATH, text)
    first, second = stored(jalon, hub)
    assert attempted(jalon, [first]) == [{"put off": 1}]
    assert not jalon.inbox.read(second).is_done
    assert told(hub) == []
    assert attempted(jalon, [second, first]) == [{"done": True}, {"done": True}]
    assert [said.sha for said in hub.world.commit_comments] == [hub.world.commits[-1].sha]


def test_a_look_that_nobody_asked_for_is_no_older_than_the_pushes_of_its_minute(jalon, hub):
    jalon.policies.of("dnum/produits")
    late(hub, "remembered from now on")
    for text in (BROKEN, hub.world.files[PATH]):
        hub.world.write_file("secretariat", PATH, text)
        attempted(jalon, stored(jalon, hub))
    assert len(told(hub)) == 2
    late(hub, "GET /repos/", changes=2)
    jalon.sweep.wake_rules(["dnum/produits"])
    (look,) = [name for name, _ in jalon.inbox.unfinished()]
    assert attempted(jalon, [look]) == [{"put off": 1}]
    hub.faults.clear()
    assert attempted(jalon, [look]) == [{"done": True}]
    assert len(told(hub)) == 2


def test_a_push_of_other_files_costs_nothing(jalon, hub):
    hub.world.write_file("secretariat", "README.md", "Bonjour")
    hub.calls.clear()
    assert stored(jalon, hub) == []
    assert list(hub.calls) == []


def test_a_change_nobody_told_of_is_found_when_a_product_needs_the_rules(jalon, hub):
    schedules = Schedules(
        jalon.inbox, KeyValues(jalon.database), jalon.sweep, jalon.catch_up, lambda: datetime.now(UTC)
    )
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    attempted(jalon, stored(jalon, hub))
    schedules.tick()
    handled(jalon)
    hub.world.write_file("secretariat", PATH, BROKEN)
    hub.take_held()  # lost
    jalon.policies.forget("dnum/produits")  # a minute later
    hub.world.comment("cheffe-produit", 1, "/aide")
    attempted(jalon, stored(jalon, hub))
    assert told(hub) == []
    schedules.tick()
    assert handled(jalon) == [{"done": True}]
    schedules.tick()
    assert handled(jalon) == []
    assert len(told(hub)) == 1


def test_a_change_made_while_jalon_was_down_is_found_when_it_starts(jalon, hub):
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    attempted(jalon, stored(jalon, hub))
    hub.world.write_file("secretariat", PATH, BROKEN)
    hub.take_held()
    reborn = Jalon(jalon.settings)
    Schedules(reborn.inbox, KeyValues(reborn.database), reborn.sweep, reborn.catch_up, lambda: datetime.now(UTC)).tick()
    handled(reborn)
    reborn.database.dispose()
    assert len(told(hub)) == 1
