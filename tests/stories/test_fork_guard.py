"""A back-up restored, a seal shown elsewhere, facts forged in comments: the register never has two continuations."""

from __future__ import annotations

import sqlite3

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.product.facts import GateDecided
from app.github.policies import PATH
from app.store.log_check import flaws
from app.transparency.key_ring import KeyRing
from app.transparency.notes import Signer, signer_text
from app.turns.outcome import LostHistoryError
from tests.stage import SIGNER, Stage
from tests.stories.test_second_thoughts import PRESENT

pytestmark = pytest.mark.slow
RING = KeyRing(SIGNER.key)


@pytest.fixture
def lived(tmp_path):
    """A register sealed, with a product decided."""
    stage = Stage.at(tmp_path, sealed=True)
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
            opened.append(Stage(lived.hub, f"sqlite:///{path}", sealed=True))
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


def test_one_look_at_start_costs_one_call_by_repository_and_none_without_a_seal(lived, empty):
    plain = empty("plain")
    lived.jalon.client.repositories()
    plain.jalon.client.repositories()
    lived.hub.calls.clear()
    plain.jalon.seal_watch.begin()
    assert lived.hub.calls == []
    lived.jalon.seal_watch.begin()
    asked = [call["operation"] for call in lived.hub.calls]
    assert asked.count("LatestSeals") == 1
    lived.hub.calls.clear()
    lived.jalon.seal_watch.begin()
    assert lived.hub.calls == [], "once for each process"


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


def test_the_look_comes_before_the_first_turn_and_again_until_github_answers(lived, back_up):
    restore = back_up("silent")
    decided(lived, "VRB")
    stage = restore()
    stage.hub.faults.add({"kind": "error-before", "match": "LatestSeals", "status": 502})
    stage.jalon.schedules.begin()
    assert stage.log.wanted == 0
    stage.hub.faults.clear()
    stage.jalon.schedules.begin()
    assert stage.log.wanted == lived.log.size


def test_a_key_that_is_missing_or_another_is_told_and_signs_nothing(lived, empty):
    keyless = Stage(lived.hub, str(lived.database.url))
    keyless.jalon.seal_watch.settle()
    assert [(one.kind, one.detail) for one in keyless.troubles.told()] == [("seal", "no key")]
    right = Stage(lived.hub, str(lived.database.url), sealed=True)
    right.jalon.seal_watch.settle()
    assert troubles(right) == []
    other = Stage(lived.hub, str(lived.database.url), sealed=True, key=Signer(SIGNER.name, b"x" * 32))
    size = len(other.log.checkpoints())
    decided(other, "VRB")
    assert len(other.log.checkpoints()) == size
    for one in (keyless, right, other):
        one.database.dispose()


def rebuilds(stage, monkeypatch, key=True):
    """`jalon register rebuild` on the database of a stage."""
    given = stage.hub.environment() | {"JALON_DATABASE_URL": str(stage.database.url)}
    for name, value in (given | ({"JALON_SEAL_KEY": signer_text(SIGNER)} if key else {})).items():
        monkeypatch.setenv(name, value)
    if not key:
        monkeypatch.delenv("JALON_SEAL_KEY", raising=False)
    done = CliRunner().invoke(main, ["register", "rebuild"])
    return done.exit_code, done.output.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def empty(lived, tmp_path):
    """A Jalon on a new database, which knows nothing of the register."""
    opened = []

    def make(name="empty"):
        opened.append(Stage(lived.hub, f"sqlite:///{tmp_path}/{name}.db"))
        return opened[-1]

    yield make
    for one in opened:
        one.database.dispose()


def test_a_register_lost_is_rebuilt_identical_and_proved_to_its_last_seal(lived, empty, monkeypatch):
    decided(lived, "VRB")
    sealed, stage = entries(lived), empty()
    code, said = rebuilds(stage, monkeypatch)
    assert (code, f"identique, prouvé jusqu’à l’entrée {len(sealed) - 1}." in said) == (0, True), said
    assert entries(stage) == sealed
    assert [row.salt for row in stage.log.entries()] == [row.salt for row in lived.log.entries()]
    assert is_whole(stage)
    assert rebuilds(stage, monkeypatch)[0] == 0, "done twice, it changes nothing"
    assert entries(stage) == sealed
    again = Stage(lived.hub, str(stage.database.url), sealed=True)
    number = decided(again, "SISAC")
    assert is_whole(again)
    assert again.nothing_left_to_do(number)
    again.database.dispose()


def test_the_key_of_the_rules_is_enough_to_rebuild(lived, empty, monkeypatch):
    before = lived.world.files[PATH]
    lived.world.files[PATH] = f'{before}\nregister:\n  keys: ["{SIGNER.key.vkey}"]\n'
    code, said = rebuilds(empty(), monkeypatch, key=False)
    assert code == 0, said
    assert "identique, prouvé jusqu’à l’entrée" in said


def test_without_a_key_nothing_is_proved(lived, empty, monkeypatch):
    code, said = rebuilds(empty(), monkeypatch, key=False)
    assert code == 1
    assert "aucun sceau d’une clé connue" in said


def test_what_lacks_is_told_to_the_number(lived, empty, monkeypatch):
    other = decided(lived, "VRB")
    history = lived.register.history(lived.product_turn.look("dnum/produits", other)[0].issue.id)
    comment = next(
        c for c in lived.world.issues[other].comments if c.author == lived.world.bot and "key=welcome" in c.body
    )
    lived.world.delete_comment("secretariat", comment.id)
    stage = empty()
    code, said = rebuilds(stage, monkeypatch)
    assert code == 1
    assert "Entrées qui manquent" in said
    assert str(history[0].sealed.n) in said
    assert stage.log.wanted == lived.log.size
    assert stage.log.checkpoint(SIGNER, stage.now) is None


def test_facts_after_the_last_seal_are_an_administrator_s_to_take_back(lived, empty, monkeypatch):
    """A ballot given since the last decision, and the database lost before the next: no seal covers it."""
    number = lived.filed(title="SISAC", ready=True)
    size = lived.log.latest().size
    assert lived.log.size > size
    stage = empty()
    stage.jalon.seal_watch.begin()
    with pytest.raises(LostHistoryError) as error:
        keyed(stage, lived).product_turn.rebuild("dnum/produits", number)
    assert error.value.flaws[0][0] == "unsealed"
    code, said = rebuilds(stage, monkeypatch)
    assert code == 0, said
    assert f"dnum/produits#{number} :" in said
    assert "que rien ne prouve" in said
    assert f"prouvé jusqu’à l’entrée {size - 1}" in said
    assert is_whole(stage)


def keyed(stage, lived):
    """The same database, with the key of the seal."""
    again = Stage(lived.hub, str(stage.database.url), sealed=True, opened=False)
    again.jalon.seal_watch.begin()
    return again
