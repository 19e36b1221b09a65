"""Jalon killed at every step, its database killed under it, its disk full, its clock wrong: what GitHub shows in the end."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.engine import Inbox, open_database
from app.engine.attempts import DEATHS
from app.github.client import TIMEOUT_S
from app.store.register import Register
from tests.engine.stage import body, until
from tests.faults.stage import SEATS, TICKS, Committee

pytestmark = pytest.mark.faults
PATIENCE_S = 400
CLEAN = {"lost": 0, "doubled": 0}
FEW = DEATHS - 2
"""Deaths that a turn may meet, and one more by hand, without being held responsible for them and put aside."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def base(request, tmp_path):
    if request.param == "sqlite":
        return request.param, f"sqlite:///{tmp_path}/jalon.db"
    return request.param, request.getfixturevalue("postgres").new_database()


@contextmanager
def committee(url, **options) -> Iterator[Committee]:
    one = Committee(url, **options)
    try:
        one.keeper.start()
        yield one
    finally:
        one.stop()


def whole(url):
    """The register has no broken link, and nothing was put aside."""
    engine = open_database(url)
    broken, parked = Register(engine).verify(), Inbox(engine).parked()
    engine.dispose()
    assert parked == ()
    return not broken


def acted(one, inbox, number, comments):
    """Jalon has done everything these comments call for, and no turn is left unfinished."""
    shown = {comment.id: comment for comment in one.hub.world.issues[number].comments}
    nodded = all(any(nod.login == one.hub.world.bot for nod in shown[wanted].reactions) for wanted in comments)
    return nodded and len(shown) > len(comments) and inbox.counts()["waiting"] == 0


MOMENTS = {"before": ("avant", 2), "within": ("pendant", 0), "after": ("après", 1)}
"""How each is told; which call of a life is its last, where that is counted."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_every_change_of_a_filing_a_vote_and_a_decision(base, moment, row, tmp_path):
    """Each life ends after its first call, before its second, or within any that makes a part of what it holds."""
    name, url = base
    words, last = MOMENTS[moment]
    with committee(url, log=tmp_path / "log", dies=(moment, last)) as one:
        one.post.patient = True
        if moment == "within":
            one.hub.faults.add({"kind": "cut-between", "match": "GRAPHQL Changes", "next": 12})
        world, engine = one.hub.world, open_database(url)
        inbox = Inbox(engine)
        number = world.open_issue("cheffe-produit", "SISAC", body(), ["produit"]).number
        until(lambda: acted(one, inbox, number, []), PATIENCE_S)
        asked = world.comment("cheffe-produit", number, f"{TICKS}\n/demande").id
        until(lambda: acted(one, inbox, number, [asked]), PATIENCE_S)
        if name == "postgresql":  # each death there waits for its lock to be seen free: the filing and the request do
            one.keeper.makers["web"] = one.serve
            one.keeper.kill("web")
        for seats in (SEATS[:5], SEATS[5:6], SEATS[6:]):
            votes = [world.comment(seat, number, "/go").id for seat in seats]
            until(lambda: acted(one, inbox, number, votes), PATIENCE_S)  # noqa: B023
        one.settle(120)
        engine.dispose()
        deaths = one.keeper.restarts
        flaws = one.flaws([number])
        fault = f"kill -9 {words} chaque appel qui change GitHub"
        row(fault, name, one.post.counts["sent"], flaws, f"{deaths} morts")
        assert flaws == CLEAN
        assert deaths >= 2
    assert whole(url)


def test_the_web_killed_between_storing_and_answering(base, row, tmp_path):
    name, url = base
    with committee(url, log=tmp_path / "log", dies=("stored", 3), deaths=FEW) as one:
        numbers = one.file(2)
        one.wait_decided(numbers, 200)
        one.keeper.makers["web"] = one.serve
        one.settle(120)
        one.sweep()
        one.wait_decided(numbers, 60)
        flaws = one.flaws(numbers)
        row(
            "Web tué entre l’enregistrement et la réponse",
            name,
            one.post.counts["sent"],
            flaws,
            f"{one.keeper.restarts} morts",
        )
        assert flaws == CLEAN
        assert one.keeper.restarts >= 2
        assert whole(url)


def test_the_web_killed_while_several_deliveries_wait_for_one_commit(base, row, tmp_path):
    """Neither stored nor answered: GitHub counts them as failed, and Jalon asks for them again when it starts."""
    name, url = base
    with committee(url, log=tmp_path / "log", dies=("group", 3), deaths=FEW) as one:
        one.post.volley = 3
        numbers = one.file(2)
        one.settle(120)
        until(lambda: one.keeper.restarts >= 2, 60)
        one.keeper.makers["web"] = one.serve
        one.keeper.kill("web")
        one.post.volley = 1
        one.settle(120)
        one.sweep()
        one.wait_decided(numbers, 60)
        one.sweep()
        flaws = one.flaws(numbers)
        deaths = one.keeper.restarts
        row("Web tué pendant un enregistrement groupé", name, one.post.counts["sent"], flaws, f"{deaths} morts")
        assert flaws == CLEAN
        assert whole(url)


def test_github_silent_then_slow(base, row, tmp_path):
    """It obeys without a word for longer than anybody waits, says nothing at all, then answers late."""
    name, url = base
    with committee(url, log=tmp_path / "log") as one:
        faults, writes = one.hub.faults, "POST .*/comments|GRAPHQL"
        for kind in ("hang-after", "hang-before"):
            faults.add({"kind": kind, "seconds": TIMEOUT_S + 3, "match": writes, "next": 2})
        faults.add({"kind": "slow", "seconds": 2, "match": writes, "next": 10})
        numbers = one.file(2)
        one.settle(120)
        one.wait_decided(numbers, 120)
        one.sweep()
        flaws, silences = one.flaws(numbers), [item["kind"] for item in faults.happened]
        told = f"{silences.count('hang-after') + silences.count('hang-before')} silences, {silences.count('slow')} réponses lentes"
        row("GitHub muet, puis lent", name, one.post.counts["sent"], flaws, told)
        assert flaws == CLEAN
        assert len(silences) == 14
        assert whole(url)


@pytest.mark.postgres
def test_the_database_server_killed_under_load(postgres, row, tmp_path):
    url = postgres.new_database()
    with committee(url, workers=2, log=tmp_path / "log") as one:
        numbers = one.file(6)
        for _ in range(2):
            one.wait_decided(numbers, 4)
            postgres.kill()
            postgres.start()
        one.settle(200)
        one.wait_decided(numbers, 60)
        one.sweep()
        one.wait_decided(numbers, 60)
        flaws = one.flaws(numbers)
        told = f"2 morts du serveur, {one.keeper.restarts} redémarrages de Jalon"
        row("PostgreSQL tué pendant la charge", "postgresql", one.post.counts["sent"], flaws, told)
        assert flaws == CLEAN
        assert whole(url)


@pytest.mark.postgres
def test_a_machine_lost_for_good(postgres, row, tmp_path):
    url = postgres.new_database()
    with committee(url, workers=2, log=tmp_path / "log") as one:
        engine, numbers = open_database(url), one.file(20)
        until(lambda: one.decided(numbers), 60)
        with one.keeper.lock:
            lost = one.keeper.processes.pop("worker 0")
            del one.keeper.makers["worker 0"]
        lost.kill()
        died, before = time.monotonic(), one.decided(numbers)
        assert before < len(numbers), "nothing was left to take over"
        one.settle(120)
        one.wait_decided(numbers, 120)
        until(lambda: Inbox(engine).counts()["waiting"] == 0, 60)
        delay = time.monotonic() - died
        engine.dispose()
        flaws = one.flaws(numbers)
        told = f"{len(numbers) - before} décisions restaient à prendre, tout traité en {delay:.0f} s"
        row("Une machine perdue pour toujours", "postgresql", one.post.counts["sent"], flaws, told)
        assert flaws == CLEAN
        assert whole(url)


def test_the_disk_full(row, tmp_path):
    url, flag = f"sqlite:///{tmp_path}/jalon.db", tmp_path / "full"
    with committee(url, log=tmp_path / "log", dies=("full", str(flag))) as one:
        numbers = one.file(2)
        one.wait_decided(numbers, 3)
        flag.touch()
        more = one.file(2)
        one.wait_decided(more, 5)
        refused = [delivery for delivery in one.hub.world.deliveries if delivery.status_code == 503]
        flag.unlink()
        numbers += more
        one.settle(120)
        one.sweep()
        one.wait_decided(numbers, 120)
        one.sweep()
        flaws = one.flaws(numbers)
        row(
            "Disque plein",
            "sqlite",
            one.post.counts["sent"],
            flaws,
            f"{len(refused)} livraisons refusées (503), redemandées",
        )
        assert flaws == CLEAN
        assert refused
        assert whole(url)


def test_the_database_locked_by_another_program(row, tmp_path):
    url = f"sqlite:///{tmp_path}/jalon.db"
    with committee(url, log=tmp_path / "log", dies=("impatient", 1000)) as one:
        numbers = one.file(2)
        one.wait_decided(numbers, 3)
        held = sqlite3.connect(tmp_path / "jalon.db", isolation_level=None)
        held.execute("BEGIN IMMEDIATE")
        more = one.file(1)
        one.wait_decided(more, 6)
        held.execute("ROLLBACK")
        held.close()
        numbers += more
        one.settle(120)
        one.sweep()
        one.wait_decided(numbers, 120)
        one.sweep()
        flaws = one.flaws(numbers)
        row(
            "Base verrouillée par un autre programme",
            "sqlite",
            one.post.counts["sent"],
            flaws,
            "plus longtemps que la patience",
        )
        assert flaws == CLEAN
        assert whole(url)


def test_the_clock_set_back_an_hour(base, row, tmp_path):
    name, url = base
    clock = tmp_path / "clock"
    clock.write_text("0")
    with committee(url, log=tmp_path / "log", dies=("clock", str(clock))) as one:
        numbers = one.file(2)
        one.wait_decided(numbers, 2)
        clock.write_text("-3600")
        numbers += one.file(2)
        one.keeper.kill("web")
        until(lambda: one.keeper.restarts > 0, 60)
        numbers += one.file(1)
        # Until then no gate opens, and GitHub refuses what the restarted Jalon signs: it has already expired.
        clock.write_text("0")
        one.settle(180)
        one.wait_decided(numbers, 120)
        one.sweep()
        flaws = one.flaws(numbers)
        row("Horloge reculée d’une heure, puis remise", name, one.post.counts["sent"], flaws, "avec un redémarrage")
        assert flaws == CLEAN
        assert whole(url)
