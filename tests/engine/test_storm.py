"""A small storm without processes: lost answers, lost, doubled and late deliveries; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import random

import pytest
import requests

from app.bootstrap import Jalon
from app.demo.seed import seed
from app.engine.attempts import attempt
from app.settings import read_settings
from app.turns.wakeup import wake_up
from tests.engine.stage import body
from tests.faults.stage import SEATS, TICKS, Hub, flaws

pytestmark = pytest.mark.slow


@pytest.fixture
def stage(tmp_path):
    hub = Hub(seed())
    hub.start()
    jalon = Jalon(read_settings(hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}))
    yield hub, jalon
    hub.stop()
    jalon.database.dispose()


def road(jalon, lost=0.0, doubled=0.0):
    dice = random.Random(3)

    def deliver(headers, raw):
        if dice.random() < lost:
            raise requests.ConnectionError("lost")
        wake = wake_up(headers["X-GitHub-Event"], json.loads(raw))
        for _ in range(1 + (dice.random() < doubled)):
            if wake:
                jalon.inbox.store(headers["X-GitHub-Delivery"], headers["X-GitHub-Event"], wake.key, raw)
        return 202

    return deliver


def work(jalon, hub):
    """What workers do, without their waits: every delivery attempted until it is done."""
    while True:
        hub.wait_delivered()
        waiting = jalon.inbox.unfinished()
        if not waiting:
            return
        for delivery, _ in waiting:
            attempt(jalon.inbox, jalon.turns, delivery)


def test_an_answer_lost_at_every_write_doubles_nothing(stage):
    """Every write is obeyed by GitHub and answered 502: each attempt finds what the one before it did."""
    hub, jalon = stage
    hub.deliver = road(jalon)
    hub.answers.share, hub.answers.only_writes = 1.0, True
    number = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
    work(jalon, hub)
    hub.world.comment("cheffe-produit", number, f"{TICKS}\n/demande")
    for seat in SEATS:
        hub.world.comment(seat, number, "/go")
    work(jalon, hub)
    assert hub.answers.made == 3  # the filing, the fields of its card, all that the request and the votes change
    assert flaws(hub, [number]) == {"lost": 0, "doubled": 0}
    assert jalon.inbox.parked() == ()


def test_a_small_storm(stage):
    hub, jalon = stage
    hub.deliver = road(jalon, lost=0.2, doubled=0.2)
    hub.answers.share = 0.1
    numbers = [hub.world.open_issue("cheffe-produit", f"Produit {n}", body(), ["produit"]).number for n in range(3)]
    for number in numbers:
        hub.world.comment("cheffe-produit", number, f"{TICKS}\n/demande")
    work(jalon, hub)
    for seat in SEATS:
        for number in numbers:
            hub.world.comment(seat, number, "/go")
    work(jalon, hub)
    hub.deliver, hub.answers.share = road(jalon), 0
    jalon.catch_up.run()
    work(jalon, hub)
    found = list(jalon.sweep.stale("dnum/produits"))
    list(jalon.sweep.wake(found, lambda: True))
    work(jalon, hub)
    assert flaws(hub, numbers) == {"lost": 0, "doubled": 0}
    assert list(jalon.sweep.stale("dnum/produits")) == []
    assert jalon.register.verify() == []
