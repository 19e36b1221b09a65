"""Misbehaviour met by the App itself: its web door, its durable queue and its worker, beside a local GitHub over HTTP."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.settings import read_settings
from app.web import create_app
from app.web.server import Server
from app.web.webhook import Webhook
from local_github.server import Sandbox
from tests.engine.stage import body, until
from tests.faults.stage import SEATS, TICKS, flaws
from tests.ports import free_port

pytestmark = pytest.mark.slow

COMMENT = "POST .*/comments|addComment"
FAULTS = {
    "502 after the comment was written": {"kind": "error-after", "match": COMMENT, "next": 1},
    "deliveries lost": {"kind": "lost", "match": "issue_comment", "chance": 0.4},
    "deliveries lost without a trace": {"kind": "vanished", "match": "issue_comment", "chance": 0.3},
    "deliveries doubled": {"kind": "duplicated"},
    "deliveries out of order": {"kind": "reordered", "chance": 0.5},
    "deliveries late": {"kind": "delayed", "seconds": 0.1, "chance": 0.3},
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """One App for all: each story has a product of its own."""
    port, url = free_port(), f"sqlite:///{tmp_path_factory.mktemp('engine')}/jalon.db"
    hub = Sandbox(seed(), app_url=f"http://127.0.0.1:{port}")
    hub.start()
    jalon = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": url}))
    app = create_app(jalon.settings, jalon.inbox, jalon.register)
    web = Server(Webhook(app, lambda: app.extensions["jalon"]), "127.0.0.1", port)
    web.start()
    jalon.worker.start(with_schedules=False)
    yield hub, jalon
    jalon.worker.stop()
    web.stop()
    hub.stop()
    jalon.database.dispose()


def rests(hub, jalon):
    """Every webhook was attempted, and every delivery stored is handled."""
    hub.wait_delivered(60)
    until(lambda: jalon.inbox.counts()["waiting"] == 0)


def caught_up(hub, jalon):
    """What the schedules do in their time: GitHub asked for what it could not deliver, every product looked at."""
    jalon.catch_up.run()
    rests(hub, jalon)
    list(jalon.sweep.wake(jalon.sweep.stale(hub.world.repository), lambda: True))
    rests(hub, jalon)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_app_shows_the_decision_once_whatever_github_does(stage, fault):
    hub, jalon = stage
    hub.faults.reseed(3)
    hub.faults.add(fault)
    number = hub.world.open_issue("cheffe-produit", "SILAV", body(), ["produit"]).number
    hub.world.comment("cheffe-produit", number, f"{TICKS}\n/demande")
    rests(hub, jalon)
    for seat in SEATS:
        hub.world.comment(seat, number, "/go")
    rests(hub, jalon)
    assert hub.faults.happened, "the fault never came"
    hub.faults.clear()
    caught_up(hub, jalon)
    cards = [card for card in hub.world.cards.values() if card.issue == number]
    seen = SimpleNamespace(world=SimpleNamespace(issues=hub.world.issues, cards=cards, bot=hub.world.bot))
    assert flaws(seen, [number]) == {"lost": 0, "doubled": 0}
    assert list(jalon.sweep.stale(hub.world.repository)) == []
    assert jalon.inbox.parked() == ()
    assert jalon.register.verify() == []
