"""A former version's products come to this one: what it read, or did not understand, keeps its silence.

`former/` was made by the version of commit 15a87a5: every row of a list of odd commands, written by the team, by a seat
and by the secretariat; a comment that made its reader fail; a delivery that waited, when it was stopped.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.demo.seed import seed
from app.domain.product import former_readings
from app.engine.attempts import attempt
from app.turns.wakeup import ProductWakeUp
from local_github import persistence
from local_github.server import Sandbox
from local_github.world import World
from tests.stage import Stage

pytestmark = pytest.mark.slow

POLICY = ".github/jalon.yml"
FORMER = Path(__file__).parent / "former"
THEN = datetime(2026, 11, 3, tzinfo=UTC)
ODD = (1, 2, 3, 4)
FAILED, WAITING = 5, 6


def unzipped(name):
    return gzip.decompress((FORMER / name).read_bytes()).decode()


def state_file(tmp_path):
    """The local GitHub of today, with the issues, the boards and the rules of then."""
    path = tmp_path / "world.json"
    world = World.from_seed(seed())
    world.files[POLICY] = unzipped("jalon.yml.gz")  # an upgrade does not change the committee's own rules
    persistence.save(world, path)
    former = unzipped("world.json.gz").replace('"jalon[bot]"', f'"{world.bot}"')  # the App's account, of another name
    path.write_text(json.dumps(json.loads(path.read_text()) | json.loads(former)))
    return path


def stage_of(tmp_path, *, with_database):
    database_file = tmp_path / "jalon.db"
    if with_database:
        with contextlib.closing(sqlite3.connect(database_file)) as connection:
            connection.executescript(unzipped("database.sql.gz"))
    hub = Sandbox(seed(), port=0, state_file=state_file(tmp_path))
    hub.hold = True
    hub.start()
    made = Stage(hub, f"sqlite:///{database_file}")
    made.now = THEN
    made.inbox = made.jalon.inbox
    return made


@pytest.fixture(params=[True, False], ids=["database", "comments alone"])
def upgraded(request, tmp_path):
    made = stage_of(tmp_path, with_database=request.param)
    yield made
    made.hub.stop()
    made.inbox.database.dispose()


def words(stage):
    """Every comment as people read it, without its hidden marks; what the days that pass change is left out."""
    shown = {
        number: [comment.body.split("\n<!-- jalon")[0] for comment in issue.comments]
        for number, issue in stage.world.issues.items()
    }
    return {
        number: [text for text in texts if not text.startswith("Bonjour @") and "\nDemandé par " not in text]
        for number, texts in shown.items()
    }


def sweep(stage, *numbers):
    for number in numbers:
        issue = stage.world.issues[number]
        stage.turns.take(ProductWakeUp(issue.node_id, stage.world.repository, number), f"sweep-{number}")
    stage.settle()


def history(stage, number):
    return stage.register.history(stage.world.issues[number].node_id)


def spoken(stage, number):
    """What comments caused; the accounts of an open gate are bound at the first turn, and nobody is told."""
    return [fact for fact in history(stage, number) if fact.cause.startswith("comment:")]


def test_what_a_former_version_read_keeps_its_silence(upgraded):
    for number in ODD:
        upgraded.product_turn.rebuild(upgraded.world.repository, number)
    facts, said = {number: spoken(upgraded, number) for number in ODD}, words(upgraded)
    for _ in range(2):
        sweep(upgraded, *ODD)
    assert {number: spoken(upgraded, number) for number in ODD} == facts
    assert words(upgraded) == said


def test_without_the_boundary_old_comments_would_speak(upgraded, monkeypatch):
    """The test above would fail: what keeps the silence is where the former version stopped reading."""
    monkeypatch.setattr(former_readings, "reading", lambda *_: None)
    facts, said = {number: spoken(upgraded, number) for number in ODD}, words(upgraded)
    sweep(upgraded, *ODD)
    for number in ODD:
        assert len(spoken(upgraded, number)) > len(facts[number])
    assert words(upgraded) != said


def test_a_new_comment_is_heard_and_no_old_one_with_it(upgraded):
    sweep(upgraded, *ODD)
    facts = {number: history(upgraded, number) for number in ODD}
    for number in ODD:
        upgraded.says("visiteur", number, "/aide")
        upgraded.says("visiteur", number, "/coche 1")
    for number in ODD:
        fresh = history(upgraded, number)[len(facts[number]) :]
        assert [type(fact).__name__ for fact in fresh] == ["HelpAsked", "CommandRefused"]
        assert {fact.by for fact in fresh} == {"visiteur"}


def test_a_new_comment_found_by_a_sweep_is_heard_once_one_was_answered(upgraded):
    number = ODD[0]
    upgraded.says("visiteur", number, "/aide")
    known = len(history(upgraded, number))
    upgraded.world.comment("chef-produit", number, "/aide")
    upgraded.hub.take_held()
    sweep(upgraded, number)
    assert [fact.by for fact in history(upgraded, number)[known:]] == ["chef-produit"]


def test_an_old_comment_edited_today_is_read(upgraded):
    number = ODD[0]
    sweep(upgraded, number)
    known = len(history(upgraded, number))
    old = next(one for one in upgraded.world.issues[number].comments if one.author == "cheffe-produit")
    upgraded.world.edit_comment("cheffe-produit", old.id, "/aide")
    upgraded.settle()
    assert [type(fact).__name__ for fact in history(upgraded, number)[known:]] == ["HelpAsked"]


def test_what_waited_during_the_upgrade_is_heard(tmp_path):
    stage = stage_of(tmp_path, with_database=True)
    known = {number: len(spoken(stage, number)) for number in (FAILED, WAITING)}
    for delivery, _ in stage.inbox.unfinished():
        attempt(stage.inbox, stage.turns, delivery)
    for parked in stage.inbox.parked():
        stage.inbox.replay(parked.delivery)
        attempt(stage.inbox, stage.turns, parked.delivery)
    stage.settle()
    # « /go👍 », read and not understood then, keeps its silence; what nobody had read yet has its answer.
    assert {fact.by for fact in spoken(stage, WAITING)[known[WAITING] :]} <= {"archi"}
    assert {fact.by for fact in spoken(stage, FAILED)[known[FAILED] :]} <= {"visiteur"}
    stage.hub.stop()
    stage.inbox.database.dispose()
