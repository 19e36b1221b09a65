"""`jalon seal`: the key made once, the register sealed from that day, and the key changed, lost or stolen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.demo.seed import seed
from app.engine import open_database
from app.github.policies import PATH
from app.store.log import Log
from app.store.log_check import flaws
from app.store.register import Register
from app.transparency.key_ring import KeyRing, log_events, ring
from app.transparency.notes import NoteError, new_signer, note, parse, read_signer, verified
from app.transparency.proofs import check_proof, parse_proof
from tests.builders import a_small_policy, at_gate, voting
from tests.stage import listening

NAME, WHERE = "registre.exemple.gouv.fr/dnum", ("dnum/produits", 1)
HISTORY = voting(at_gate(a_small_policy()), a_small_policy(), {"techno": "/go", "secu": "/go", "design": "/go"}).history
LATER = datetime(2027, 1, 1, tzinfo=UTC)
VKEY = re.compile(rf"{NAME}\+[0-9a-f]{{8}}\+[A-Za-z0-9+/=]+")


@dataclass
class Place:
    """An installation whose key is where the settings say, if they do."""

    folder: Path
    patch: pytest.MonkeyPatch
    database: object
    world: object

    def runs(self, *words: str, key: str = "") -> tuple[int, str]:
        if key:
            self.patch.setenv("JALON_SEAL_KEY_FILE", str(self.folder / key))
        done = CliRunner().invoke(main, ["seal", *words])
        return done.exit_code, done.output.replace("\u00a0", " ").replace("\u202f", " ")

    def signer(self, key: str):
        return read_signer((self.folder / key).read_text(encoding="utf-8"))

    @property
    def log(self) -> Log:
        return Log(self.database)

    def append(self, known: int, upto: int) -> None:
        Register(self.database).append("I_1", WHERE, known, HISTORY[known:upto], f"d{known}")


@pytest.fixture
def place(tmp_path, monkeypatch):
    hub = listening(seed=seed())
    monkeypatch.chdir(tmp_path)
    for name, value in (hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    made = Place(tmp_path, monkeypatch, database, hub.world)
    made.append(0, 3)
    yield made
    database.dispose()
    hub.stop()


@pytest.fixture
def sealed(place):
    assert place.runs("init", "--name", NAME, "--key", "un.key")[0] == 0
    place.patch.setenv("JALON_SEAL_KEY_FILE", str(place.folder / "un.key"))
    return place


def publish(place, *vkeys):
    """The rules of the repository name these keys."""
    lines = "".join(f'    - "{one}"\n' for one in vkeys)
    before = place.world.files[PATH].partition("\nregister:\n")[0]
    place.world.files[PATH] = f"{before}\nregister:\n  keys:\n{lines}"


def believed(known: KeyRing, text: str) -> bool:
    try:
        return bool(known.believed(text))
    except NoteError:
        return False


def test_the_key_is_made_once_and_what_was_there_is_sealed_from_that_day(place):
    code, said = place.runs("init", "--name", NAME)
    assert code == 0
    assert "3 faits y étaient déjà, scellés tels qu’ils sont aujourd’hui" in said
    assert "Ce qu’ils étaient avant ce jour, le sceau ne le prouve pas." in said
    path = place.folder / "jalon-sceau.key"
    assert path.stat().st_mode & 0o777 == 0o600
    signer = place.signer(path.name)
    assert VKEY.findall(said) == [signer.key.vkey] * 2
    assert place.log.size == 4
    assert believed(KeyRing(signer.key), place.log.latest().note)
    assert "PRIVATE" not in said
    kept = path.read_bytes()
    code, said = place.runs("init", "--name", NAME)
    assert (code, path.read_bytes()) == (1, kept)
    assert f"déjà scellé, sous le nom {NAME}" in said


def test_a_key_that_exists_is_never_written_over(place):
    (place.folder / "jalon-sceau.key").write_text("précieuse", encoding="utf-8")
    code, said = place.runs("init", "--name", NAME)
    assert code == 1
    assert "une clé ne s’écrase pas" in said
    assert (place.folder / "jalon-sceau.key").read_text(encoding="utf-8") == "précieuse"
    assert place.log.origin == ""


@pytest.mark.parametrize(("words", "told"), [((), "donnez un nom"), (("--name", "un nom"), "ni blanc")])
def test_a_register_needs_a_name(place, words, told):
    code, said = place.runs("init", *words)
    assert code == 1
    assert told in said
    assert place.log.origin == ""


def test_the_name_comes_from_the_address_of_the_pages(place):
    place.patch.setenv("JALON_PUBLIC_URL", "https://jalon.exemple.gouv.fr")
    assert place.runs("init")[0] == 0
    assert place.log.origin == "jalon.exemple.gouv.fr/registre"


def test_the_key_of_the_settings_opens_a_new_register(sealed):
    other = open_database(f"sqlite:///{sealed.folder}/other.db")
    sealed.patch.setenv("JALON_DATABASE_URL", f"sqlite:///{sealed.folder}/other.db")
    assert "cette base ne contient aucun registre scellé" in sealed.runs("status")[1]
    assert sealed.runs("init", "--name", "autre")[0] == 1
    code, said = sealed.runs("init")
    assert code == 0
    assert "Il était vide" in said
    assert "La clé est celle que donnent les réglages." in said
    assert Log(other).origin == NAME
    other.dispose()


@pytest.mark.slow
def test_status_tells_what_is_wrong_and_what_to_do(place):
    assert place.runs("status") == (0, "Le registre n’est pas scellé. « jalon seal init » fait la clé et le scelle.\n")
    place.runs("init", "--name", NAME, "--key", "un.key")
    code, said = place.runs("status")
    assert code == 1
    assert "Entrées : 4\nDernier sceau : 4 entrées" in said
    assert "✗ La clé du sceau manque" in said
    code, said = place.runs("status", key="un.key")
    assert code == 1
    assert "✗ Les règles de dnum/produits ne publient pas la clé" in said
    publish(place, place.signer("un.key").key.vkey)
    assert "✗" not in place.runs("status", key="un.key")[1]
    assert place.runs("status")[0] == 0
    place.log.behind(9, b"x" * 32)
    code, said = place.runs("status")
    assert code == 1
    assert "Le sceau a signé 9 entrées, cette base n’en tient que 4" in said
    assert "jalon register rebuild" in said


@pytest.mark.slow
def test_a_rotation_is_signed_by_both_keys_then_by_the_new_one(sealed):
    former = sealed.signer("un.key")
    sealed.append(3, 5)
    code, said = sealed.runs("rotate", "--key", "deux.key")
    assert code == 0, said
    new = sealed.signer("deux.key")
    assert new.key.vkey in said
    known = ring([new.key], log_events(sealed.log.events()))
    last = sealed.log.latest()
    assert [one.key for one in checked_keys(last.note, former, new)] == [former.key, new.key]
    assert known.bridged(one.whole for one in sealed.log.checkpoints()).unvouched is None
    sealed.append(5, 7)
    assert sealed.log.checkpoint(former, LATER) is None
    assert "La clé donnée" in sealed.runs("status")[1]
    assert sealed.log.checkpoint(new, LATER)
    assert flaws(sealed.database, sealed.log, known) == ()
    assert proved(sealed.log, known)
    assert sealed.runs("rotate", "--key", "deux.key", key="deux.key")[0] == 1, "a key is never written over"


def checked_keys(text, *signers):
    return verified(parse(text), [one.key for one in signers])


def proved(log, known):
    """Every entry has a proof under a checkpoint of the key of its size."""
    for row in tuple(log.entries()):
        proof = parse_proof(log.proof(row.n))
        check_proof(proof, row.entry.encode(), [known.at(proof.checkpoint.size)])
    return True


@pytest.mark.slow
def test_a_lost_key_is_replaced_and_the_witnesses_must_vouch_for_the_new_one(sealed):
    former = sealed.signer("un.key")
    sealed.patch.delenv("JALON_SEAL_KEY_FILE")
    code, said = sealed.runs("lost", "--key", "deux.key")
    assert code == 1
    assert "n’est connue ni des réglages ni des règles" in said
    assert not (sealed.folder / "deux.key").exists()
    publish(sealed, former.key.vkey)
    code, said = sealed.runs("lost", "--key", "deux.key")
    assert code == 0, said
    assert "Les règles ne demandent aucun témoin" in said
    new, witness = sealed.signer("deux.key"), new_signer("temoin.exemple.gouv.fr")
    known = replace(ring([new.key], log_events(sealed.log.events())), witnesses=(witness.witness_key,), quorum=1)
    last = sealed.log.latest()
    assert known.bridged([last.whole]).unvouched
    assert not believed(known.bridged([last.whole]), last.whole)
    sealed.log.add_cosignature(last.size, witness.cosign(parse(last.note).text, 1_800_000_000))
    assert believed(known.bridged([sealed.log.latest().whole]), last.whole)
    assert proved(sealed.log, known)


@pytest.mark.slow
def test_a_stolen_key_is_dead_from_a_size_and_everything_before_stays_proved(sealed):
    thief = sealed.signer("un.key")
    for known in (3, 5, 7):
        sealed.append(known, known + 2)
        sealed.log.checkpoint(thief, LATER)
    before = {one.size: one.note for one in sealed.log.checkpoints()}
    assert sorted(before) == [4, 6, 8, 10]
    assert sealed.runs("stolen", "--from", "11", "--key", "deux.key")[0] == 1
    code, said = sealed.runs("stolen", "--from", "6", "--key", "deux.key")
    assert code == 0, said
    assert "au-delà de 6 entrées, rien de ce qu’elle a signé n’est plus cru" in said
    new = sealed.signer("deux.key")
    known = ring([new.key], log_events(sealed.log.events()))
    assert {size: believed(known, text) for size, text in before.items()} == {4: True, 6: True, 8: False, 10: False}
    for one in sealed.log.checkpoints():
        assert believed(known, one.note)
        forged = note(parse(one.note).text, [thief.sign(parse(one.note).text)])
        assert believed(known, forged) is (one.size <= 6)
    assert proved(sealed.log, known)
    assert flaws(sealed.database, sealed.log, known) == ()


@pytest.mark.slow
def test_a_key_cannot_be_said_dead_before_it_signed(sealed):
    assert sealed.runs("rotate", "--key", "deux.key")[0] == 0
    code, said = sealed.runs("stolen", "--from", "2", "--key", "trois.key", key="deux.key")
    assert code == 1
    assert "morte avant d’avoir signé" in said
    assert not (sealed.folder / "trois.key").exists()


def test_nothing_changes_hands_while_the_register_is_behind(sealed):
    sealed.log.behind(9, b"x" * 32)
    code, said = sealed.runs("rotate", "--key", "deux.key")
    assert code == 1
    assert "Le sceau a signé 9 entrées" in said
    assert not (sealed.folder / "deux.key").exists()
