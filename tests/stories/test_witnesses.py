"""Two witnesses and an authority vouch for a register while its committee decides; none of them is ever waited for."""

from __future__ import annotations

import io
import json
import runpy
import sqlite3
from contextlib import redirect_stdout
from datetime import UTC, datetime

import pytest

from app.anchoring.round import AnchorRound
from app.anchoring.ruled import RuledWitnesses
from app.anchoring.time_stamps import Authority
from app.engine import open_database
from app.github.policies import PATH
from app.reports.proof_files import VERIFIER, trusted, write_bundle
from app.shipped_files import asset
from app.store.anchors import Anchors
from app.store.log import Log
from app.transparency.notes import parse, verified
from tests.anchoring.authority import LocalAuthority
from tests.anchoring.keepers import Keeper
from tests.stage import SIGNER, Stage

pytestmark = pytest.mark.slow
NAMES = ("temoin.exemple.gouv.fr", "cour.exemple.fr")


class Sealed:
    """A stage whose register is sealed, with two witnesses over HTTP that its rules name."""

    def __init__(self, stage, folder):
        self.stage, self.jalon, self.log = stage, stage.jalon, stage.log
        self.keepers = [Keeper(folder, name, SIGNER, lambda: stage.now) for name in NAMES]
        self.addresses = [one.opens() for one in self.keepers]
        named = "".join(
            f'    - key: "{one.key.vkey}"\n      url: "{url}"\n'
            for one, url in zip(self.keepers, self.addresses, strict=True)
        )
        rules = f"{stage.world.files[PATH]}\nregister:\n  witnesses:\n{named}  quorum: 2\n"
        stage.world.write_file("secretariat", PATH, rules)
        stage.rests()
        stage.reads_rules()

    def seal(self):
        return self.log.checkpoint(SIGNER, self.stage.now).size

    def asks(self):
        """A minute later, as the courier does."""
        self.stage.passes(61)
        self.jalon.anchor_round.tick()

    def cosigners(self, size):
        (kept,) = (one for one in self.log.checkpoints() if one.size == size)
        return {one.key.name for one in verified(parse(kept.whole), [one.key for one in self.keepers])}

    def told(self):
        return {(one.kind, one.subject) for one in self.stage.troubles.told()}

    def closes(self):
        for one in self.keepers:
            one.closes()


@pytest.fixture
def sealed(tmp_path):
    stage = Stage.at(tmp_path, sealed=True)
    one = Sealed(stage, tmp_path)
    yield one
    one.closes()
    stage.close()


def decided(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    assert "phase: poc" in stage.labels(number)


def test_a_decision_is_cosigned_by_both_and_github_is_asked_nothing_for_it(sealed):
    stage = sealed.stage
    decided(stage)
    size = sealed.seal()
    stage.hub.calls.clear()
    sealed.asks()
    assert sealed.cosigners(size) == set(NAMES)
    assert stage.hub.calls == []
    assert [one.seen for one in sealed.keepers] == [size, size]
    sealed.asks()
    assert sealed.told() == set()


def test_a_committee_decides_while_a_witness_is_away(sealed):
    first, second = sealed.keepers
    first.closes()
    decided(sealed.stage)
    size = sealed.seal()
    sealed.asks()
    assert sealed.cosigners(size) == {second.signer.name}
    assert sealed.told() == {("anchor", first.signer.name)}
    first.opens(int(sealed.addresses[0].rpartition(":")[2]))
    sealed.asks()
    assert sealed.cosigners(size) == set(NAMES)
    assert sealed.told() == set()


def test_an_older_back_up_that_github_cannot_tell_is_told_by_the_witnesses(sealed, tmp_path):
    """The base is put back as it was and the issues decided since are gone from GitHub: the witnesses remember."""
    stage = sealed.stage
    with sqlite3.connect(tmp_path / "jalon.db") as source, sqlite3.connect(tmp_path / "ancienne.db") as copy:
        source.backup(copy)
    decided(stage)
    sealed.seal()
    size = sealed.log.size
    sealed.asks()
    assert sealed.cosigners(size) == set(NAMES)
    for number in list(stage.world.issues):
        del stage.world.issues[number]
    stage.hub.take_held()
    restored = Stage(stage.hub, f"sqlite:///{tmp_path}/ancienne.db", sealed=True)
    restored.reads_rules()
    number = restored.filed(title="Annuaire", ready=True)
    restored.log.checkpoint(SIGNER, restored.now)
    kept = restored.log.size
    assert kept < size
    restored.jalon.anchor_round.tick()
    told = {(one.kind, one.subject) for one in restored.troubles.told()}
    assert {("witness", name) for name in NAMES} <= told
    assert "seal" in {kind for kind, _ in told}
    assert restored.log.wanted == size
    restored.says("cheffe-produit", number, "/demande")
    restored.decided(number)
    assert "phase: poc" in restored.labels(number), "people decide all the same"
    assert restored.log.size == kept
    assert restored.log.checkpoint(SIGNER, restored.now) is None
    assert [one.seen for one in sealed.keepers] == [size, size]
    restored.database.dispose()


def test_another_history_under_the_same_name_is_followed_by_no_witness(sealed, tmp_path):
    """Whoever holds the key signs another register under its name."""
    stage = sealed.stage
    decided(stage)
    sealed.seal()
    size = sealed.log.size
    sealed.asks()
    database = open_database(f"sqlite:///{tmp_path}/autre.db")
    other = Log(database)
    other.open(SIGNER.name, stage.now)
    while other.size < size + 3:
        other.event({"kind": "Essai", "size": other.size}, stage.now)
    other.checkpoint(SIGNER, stage.now)
    named = RuledWitnesses(sealed.jalon.register.repositories, stage.policies.remembered, lambda: stage.now, here=True)
    AnchorRound(other, Anchors(database), stage.troubles, lambda: stage.now, None, named).tick()
    assert {("witness", name) for name in NAMES} <= sealed.told()
    assert [one.seen for one in sealed.keepers] == [size, size]
    assert [told for _, told, _ in sealed.keepers[0].ledger.refusals()] == [size + 3]
    database.dispose()


def test_each_seal_is_dated_by_an_authority_that_openssl_believes(sealed, tmp_path):
    stage, authority = sealed.stage, LocalAuthority(tmp_path / "horodatage")
    stage.now = datetime.now(UTC).replace(microsecond=0)  # openssl dates by the machine's clock
    dated = Authority(authority.url, authority.roots)
    asked = AnchorRound(sealed.log, Anchors(stage.database), stage.troubles, lambda: stage.now, dated)
    decided(stage)
    sealed.seal()
    authority.away = True
    asked.tick()
    assert sealed.told() == {("anchor", "horodatage")}
    decided(stage)
    sealed.seal()
    authority.away = False
    stage.passes(61)
    asked.tick()
    for kept in sealed.log.checkpoints():
        assert "Verification: OK" in authority.reads(kept.stamp, parse(kept.note).text)
    assert sealed.told() == set()
    authority.stop()
    sealed.asks()
    told = outsider(sealed, tmp_path)
    assert (told["verdict"], told["problems"]) == ("whole", [])
    seals = len(sealed.log.checkpoints())
    assert told["figures"]["signatures"] == seals * (1 + len(NAMES))
    assert told["figures"]["stamps"] == seals
    assert not {"clock", "late"} & {one["code"] for one in told["remarks"]}


def outsider(sealed, folder):
    """What the tool of outsiders says of the archive, the rules asking for both witnesses."""
    rules, path = [sealed.stage.policies.of(sealed.stage.world.repository)], folder / "registre.zip"
    trust = trusted(rules, SIGNER)
    assert trust.quorum == len(NAMES)
    with path.open("wb") as file:
        write_bundle(file, sealed.log, sealed.stage.policy_store.texts, trust)
    said = io.StringIO()
    with redirect_stdout(said):
        runpy.run_path(str(asset(VERIFIER)))["main"]([str(path), "--json", "--key", SIGNER.key.vkey])
    return json.loads(said.getvalue())
