"""A back-up restored, a seal shown elsewhere, facts forged in comments: the register never has two continuations."""

from __future__ import annotations

import sqlite3

import pytest

from app.domain.product.facts import GateDecided
from app.store.log_check import flaws
from app.transparency.key_ring import KeyRing
from tests.stage import SIGNER, Stage
from tests.stories.test_second_thoughts import PRESENT

pytestmark = pytest.mark.slow
RING = KeyRing(SIGNER.key)


@pytest.fixture
def lived(tmp_path):
    """A register sealed, with a product decided."""
    stage = Stage.at(tmp_path, sealed=True)
    stage.hub.world.clock = lambda: stage.now
    decided(stage, "SILAV")
    yield stage
    stage.close()


def decided(stage, title):
    number = stage.filed(title=title, ready=True)
    stage.passes(2)
    stage.says("cheffe-produit", number, "/demande")
    stage.passes(2)
    stage.says("secretariat", number, f"/décision go\n{PRESENT}")
    stage.passes(2)
    return number


@pytest.fixture
def back_up(lived, tmp_path):
    """Keeps the database as it is now; another Jalon may be started on the copy later."""
    opened = []

    def keep(name):
        path = tmp_path / f"{name}.db"
        with sqlite3.connect(tmp_path / "jalon.db") as source, sqlite3.connect(path) as copy:
            source.backup(copy)

        def restored():
            opened.append(Stage(lived.hub, f"sqlite:///{path}", sealed=True, now=lived.now))
            opened[-1].hub.world.clock = lambda: opened[-1].now
            return opened[-1]

        return restored

    yield keep
    for one in opened:
        one.database.dispose()


def entries(stage):
    return [row.entry for row in stage.log.entries()]


def is_whole(stage):
    return flaws(stage.database, stage.log, RING) == () and not stage.log.pending()


def troubles(stage):
    return [one.kind for one in stage.troubles.told()]


def test_a_restored_back_up_takes_back_what_it_lacks_then_seals_what_waited(lived, back_up):
    restore = back_up("before")
    other = decided(lived, "VRB")
    sealed = entries(lived)
    stage = restore()
    size = stage.log.size
    stage.jalon.seal_watch.begin()
    assert stage.log.wanted == lived.log.size > size
    assert troubles(stage) == ["seal"]
    third = stage.filed(title="SISAC", ready=True)
    assert stage.log.size == size
    assert stage.log.pending() > 0
    assert stage.log.checkpoint(SIGNER, stage.now) is None
    stage.says("cheffe-produit", other, "/aide")
    assert stage.log.wanted == 0
    assert entries(stage)[: len(sealed)] == sealed
    assert troubles(stage) == []
    assert is_whole(stage)
    stage.says("cheffe-produit", third, "/demande")
    stage.says("secretariat", third, f"/décision go\n{PRESENT}")
    assert is_whole(stage)
    (fact,) = [
        one for one in stage.product_turn.look("dnum/produits", third)[0].history if isinstance(one, GateDecided)
    ]
    assert stage.log.proof(fact.sealed.n)
    assert stage.nothing_left_to_do(other)


def test_one_look_at_start_costs_one_call_by_repository_and_none_without_a_seal(lived, back_up, tmp_path):
    plain = Stage(lived.hub, f"sqlite:///{tmp_path}/plain.db", now=lived.now)
    before = len(lived.hub.calls) if hasattr(lived.hub, "calls") else 0
    plain.jalon.seal_watch.begin()
    assert (len(lived.hub.calls) if hasattr(lived.hub, "calls") else 0) == before
    plain.database.dispose()


def test_a_register_with_another_continuation_than_its_seal_signed_seals_nothing_more(lived, back_up):
    restore = back_up("fork")
    decided(lived, "VRB")
    stage = restore()
    stage.hub.take_held()
    number = stage.filed(title="SISAC")  # no look was taken: this copy goes on by itself
    stage.says("cheffe-produit", number, "/coche 1 2 3 4 5 6 7 8 9 10 11 12 13 14\n/demande")
    stage.jalon.seal_watch.begin()
    assert stage.log.wanted
    assert troubles(stage) == ["seal"]
    size = stage.log.size
    stage.says("cheffe-produit", number, "/retrait")
    assert stage.log.size == size
    assert stage.log.checkpoint(SIGNER, stage.now) is None
