"""What is handed to outsiders: an archive, a decision, and the tool that checks them, run as a stranger runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli import main
from app.store.log import Log
from app.store.schema import LOG
from app.transparency.notes import new_signer, signer_text

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`
SIGNER = new_signer("registre.exemple.gouv.fr/dnum")


@pytest.fixture
def sealed(stage):
    """A register sealed from its first day, with one decision."""
    Log(stage.database).open(SIGNER.name, stage.now)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number)
    return number


@pytest.fixture
def command(stage, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    url = stage.database.url.render_as_string(hide_password=False)
    given = {"JALON_DATABASE_URL": url, "JALON_SEAL_KEY": signer_text(SIGNER)}
    for name, value in (stage.hub.environment() | given).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        stage.rests()
        done = CliRunner().invoke(main, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output.replace("\u00a0", " ")

    return run


def stranger(folder, *words):
    """Another Python, which knows nothing of what is installed here."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verifier.py", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.replace("\u00a0", " ")


def test_an_archive_is_checked_by_the_tool_it_holds(stage, sealed, command, tmp_path):
    code, told = command("register", "bundle", "-o", "registre.zip")
    assert (code, "Pour vérifier : python3 verifier.py registre.zip" in told) == (0, True)
    with ZipFile(tmp_path / "registre.zip") as archive:
        archive.extractall(tmp_path / "open")
        rules = [name for name in archive.namelist() if name.startswith("rules/")]
    assert rules == [f"rules/{stage.policies.of('dnum/produits').digest}.yml"]
    (tmp_path / "open" / "registre.zip").write_bytes((tmp_path / "registre.zip").read_bytes())
    code, told = stranger(tmp_path / "open", "registre.zip", "--key", SIGNER.key.vkey)
    assert code == 0, told
    assert told.startswith("ENTIER : le registre registre.exemple.gouv.fr/dnum, ")
    assert "décisions recomptées 1" in told
    assert "textes des règles 1" in told
    assert command("register", "verify", "--bundle", "registre.zip", "--key", SIGNER.key.vkey) == (0, told)


def test_an_archive_for_the_public_names_nobody(stage, sealed, command, tmp_path):
    assert command("register", "bundle", "--public")[0] == 0
    text = ZipFile(tmp_path / "registre.zip").read("entries.jsonl").decode()
    assert "cheffe-produit" not in text
    assert "SILAV" not in text
    code, told = command("register", "verify", "--bundle", "registre.zip")
    assert (code, "Archive publique" in told) == (0, True)


def test_a_decision_is_proved_by_one_file(stage, sealed, command, tmp_path):
    code, told = command("register", "prove", str(sealed))
    assert (code, f"decision-{sealed}-1.tlog-proof" in told) == (0, True)
    path = tmp_path / f"decision-{sealed}-1.tlog-proof"
    assert path.stat().st_size < 16_000
    code, told = command("register", "verify", "--bundle", path.name, "--key", SIGNER.key.vkey)
    assert (code, told.startswith("PROUVÉ : ")) == (0, True)
    assert command("register", "prove", str(sealed), "--gate", "7")[1].endswith("le produit n’a pas ce passage\n")
    assert command("register", "prove", "999")[0] == 1


def test_the_register_here_is_checked_by_the_same_tool(stage, sealed, command):
    command("register", "bundle")
    code, told = command("register", "verify")
    assert (code, re.findall(r"^(?:Le registre|ENTIER|Lu)", told, re.MULTILINE)) == (0, ["Le registre", "ENTIER", "Lu"])
    with stage.database.begin() as connection:
        entry = connection.execute(sa.select(LOG.c.entry).where(LOG.c.n == 2)).scalar_one()
        connection.execute(LOG.update().where(LOG.c.n == 2).values(entry=entry.replace("idee", "mvp")))
    code, told = command("register", "verify")
    assert (code, "PAS ENTIER" in told, "Qui a pu le faire" in told) == (1, True, True)


def test_nothing_is_handed_on_while_nothing_is_sealed(stage, command):
    number = stage.filed()
    for words in (("bundle",), ("prove", str(number))):
        code, told = command("register", *words)
        assert code == 1
        assert "rien n’est scellé" in told
    assert command("register", "verify")[0] == 0


def test_one_repository_is_compared_with_github(stage, sealed, command):
    code, told = command("register", "verify", "--github", "dnum/produits")
    assert (code, "GitHub dit la même chose que le registre (1 issue comparée)." in told) == (0, True)
    assert command("register", "verify", "--github")[0] == 0
