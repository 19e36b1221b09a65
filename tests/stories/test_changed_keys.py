"""The key changes hands while the committee goes on deciding: what outsiders check stays whole."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.github.policies import PATH
from app.transparency.notes import read_signer, signer_text
from tests.stage import SIGNER, Stage
from tests.stories.test_second_thoughts import PRESENT

pytestmark = pytest.mark.slow


@pytest.fixture
def lived(tmp_path, monkeypatch):
    stage = Stage.at(tmp_path, sealed=True)
    monkeypatch.chdir(tmp_path)
    given = stage.hub.environment() | {"JALON_DATABASE_URL": str(stage.database.url)}
    for name, value in (given | {"JALON_SEAL_KEY": signer_text(SIGNER)}).items():
        monkeypatch.setenv(name, value)
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


def runs(*words):
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("how", ["rotate", "lost", "stolen"])
def test_an_outsider_finds_the_register_whole_after_the_key_changed(lived, tmp_path, monkeypatch, how):
    size = lived.log.size
    decided(lived, "VRB")
    more = ("--from", str(size)) if how == "stolen" else ()
    code, said = runs("seal", how, *more, "--key", "nouvelle.key")
    assert code == 0, said
    new = read_signer((tmp_path / "nouvelle.key").read_text(encoding="utf-8"))
    monkeypatch.setenv("JALON_SEAL_KEY", signer_text(new))
    before = lived.world.files[PATH]
    lived.world.files[PATH] = f'{before}\nregister:\n  keys: ["{SIGNER.key.vkey}", "{new.key.vkey}"]\n'
    again = Stage(lived.hub, str(lived.database.url), sealed=True, key=new)
    again.reads_rules()
    number = decided(again, "SISAC")
    assert again.nothing_left_to_do(number)
    assert runs("seal", "status")[1].count("✗") == 0
    code, said = runs("register", "verify")
    assert code == 0, said
    again.database.dispose()


def test_a_register_that_github_still_shows_is_not_begun_again(lived, tmp_path, monkeypatch):
    monkeypatch.setenv("JALON_DATABASE_URL", f"sqlite:///{tmp_path}/lost.db")
    code, said = runs("seal", "init")
    assert code == 1
    assert f"GitHub montre déjà un sceau du registre {SIGNER.name}" in said
    assert "jalon register rebuild" in said
    monkeypatch.delenv("JALON_SEAL_KEY")
    assert runs("seal", "init", "--name", SIGNER.name)[0] == 1
    assert not (tmp_path / "jalon-sceau.key").exists()
    assert runs("seal", "init", "--name", "registre.exemple.gouv.fr/autre")[0] == 0
