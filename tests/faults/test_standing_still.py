"""Jalon frozen by its own loop, its clock two months ahead, its App taken away for a minute, its disk full at start."""

from __future__ import annotations

import time

import pytest

from app.engine import Inbox, open_database
from tests.engine.stage import until
from tests.faults.stage import SEATS, TICKS, body
from tests.faults.test_deaths import CLEAN, base, committee, whole  # noqa: F401 - base is a fixture

pytestmark = pytest.mark.faults
MONTHS_S = 60 * 24 * 3600


def waits(seconds):
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def all_answered(url):
    """A label comes first of what a decision changes: the rest is waited for."""
    engine = open_database(url)
    until(lambda: Inbox(engine).counts()["waiting"] == 0, 60)
    engine.dispose()


def test_the_process_frozen_by_its_own_loop(base, row, tmp_path):  # noqa: F811
    """A regular expression without end, at each turn of one product: the others are decided all the same."""
    name, url = base
    with committee(url, log=tmp_path / "log", dies=("freeze", 1)) as one:
        one.post.patient = True
        engine = open_database(url)
        inbox = Inbox(engine)
        poison, *numbers = one.file(3)
        until(inbox.parked, 150)
        one.settle(120)
        one.wait_decided(numbers, 120)
        until(lambda: inbox.counts()["waiting"] == 0, 60)
        parked = {delivery.product for delivery in inbox.parked()}
        engine.dispose()
        flaws = one.flaws(numbers)
        told = f"{one.keeper.restarts} morts, de sa propre main ; le produit qui fige est mis de côté"
        row("Processus figé par sa propre boucle", name, one.post.counts["sent"], flaws, told)
        assert poison == 1
        assert len(parked) == 1
        assert flaws == CLEAN
        assert one.keeper.restarts >= 5


def test_the_clock_two_months_ahead(base, row, tmp_path):  # noqa: F811
    """Every deadline seems past: no gate may close on it."""
    name, url = base
    clock = tmp_path / "clock"
    clock.write_text("0")
    with committee(url, log=tmp_path / "log", dies=("clock", str(clock))) as one:
        world = one.hub.world
        numbers = [world.open_issue("cheffe-produit", f"Produit {n}", body(), ["produit"]).number for n in range(2)]
        for number in numbers:
            world.comment("cheffe-produit", number, f"{TICKS}\n/demande")
            for seat in SEATS[:3]:
                world.comment(seat, number, "/go")
        one.settle(120)
        clock.write_text(str(MONTHS_S))
        waits(15)
        assert one.decided(numbers) == 0
        clock.write_text("0")
        for number in numbers:
            for seat in SEATS[3:]:
                world.comment(seat, number, "/go")
        one.settle(120)
        one.wait_decided(numbers, 120)
        one.sweep()
        flaws = one.flaws(numbers)
        row("Horloge avancée de soixante jours, puis remise", name, one.post.counts["sent"], flaws, "aucun vote clos")
        assert flaws == CLEAN
        assert whole(url)


def test_the_app_taken_away_for_a_minute(base, row, tmp_path):  # noqa: F811
    """GitHub tells nothing of what happens meanwhile: the return alone has everything looked at, without any sweep."""
    name, url = base
    with committee(url, log=tmp_path / "log") as one:
        numbers = one.file(2)
        until(lambda: all(one.hub.world.issues[number].comments for number in numbers))
        one.hub.world.uninstall_app("administratrice")
        more = one.file(1)
        waits(20)
        one.hub.world.install_app("administratrice")
        numbers += more
        one.settle(120)
        one.wait_decided(numbers, 150)
        all_answered(url)
        flaws = one.flaws(numbers)
        row("App désinstallée une minute", name, one.post.counts["sent"], flaws, "reprise sans ronde")
        assert flaws == CLEAN
        assert whole(url)


def test_the_disk_full_at_start(row, tmp_path):
    url, flag = f"sqlite:///{tmp_path}/jalon.db", tmp_path / "full"
    with committee(url, log=tmp_path / "log", dies=("full", str(flag))) as one:
        numbers = one.file(1)
        one.wait_decided(numbers, 60)
        flag.touch()
        one.keeper.makers["web"] = lambda: one.begin(dies=("full", str(flag)))
        one.keeper.kill("web")
        until(lambda: one.keeper.restarts == 1)
        more = one.file(1)
        waits(15)
        restarts = one.keeper.restarts
        flag.unlink()
        numbers += more
        one.settle(120)
        one.wait_decided(numbers, 120)
        one.sweep()
        one.wait_decided(numbers, 60)
        flaws = one.flaws(numbers)
        row("Disque plein au démarrage", "sqlite", one.post.counts["sent"], flaws, "attendu, sans redémarrage")
        assert restarts == one.keeper.restarts == 1
        assert flaws == CLEAN
        assert whole(url)
    assert "attend pour démarrer" in (tmp_path / "log").read_text(encoding="utf-8")
