"""`jalon import` as an administrator runs it: dry run, real run, second run, and the ways it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import importing, main
from app.importing.pacing import Pacer

SAMPLE = Path(__file__).parent.parent / "data" / "portefeuille-exemple.csv"


@pytest.fixture
def jalon(hub, tmp_path, monkeypatch):
    """Runs `jalon import …` against the local GitHub, waiting for nothing."""
    for name, value in (hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        importing, "Pacer", lambda wait: Pacer(wait=lambda _: None, clock=iter(range(0, 10**9, 5000)).__next__)
    )

    def run(*arguments):
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    return run


def few(tmp_path, *more: str) -> Path:
    path = tmp_path / "quelques-uns.csv"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)[:4]
    path.write_text("".join(lines) + "".join(more), encoding="utf-8")
    return path


def test_a_dry_run_tells_everything_and_changes_nothing(jalon, hub):
    result = jalon(SAMPLE, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "14 produits lus, dont 0 déjà repris." in result.output
    assert "Arrêt                7" in result.output
    assert "Durée prévue : 1 min" in result.output
    assert "Rien n’a été changé" in result.output
    assert hub.world.issues == {}


def test_good_rows_are_taken_over_and_bad_ones_named(jalon, hub, tmp_path):
    path = few(tmp_path, "sans-phase,Sans phase,,,,,\n", "lune,Lune,,,,,lune|2020-01-01|\n")
    result = jalon(path)
    assert result.exit_code == 1
    assert "ligne 5 : aucune phase" in result.output
    assert "ligne 6 : phase « lune » inconnue" in result.output
    assert "2 lignes écartées" in result.output
    assert "3 tickets créés, 0 produit déjà là vérifié." in result.output
    assert {issue.title for issue in hub.world.issues.values()} == {"1 élève, 1 stage", "A Dock", "A-JUST"}
    again = jalon(few(tmp_path))
    assert again.exit_code == 0
    assert "0 ticket créé, 3 produits déjà là vérifiés." in again.output
    assert "Durée prévue" not in again.output
    assert len(hub.world.issues) == 3
    changed = few(tmp_path)
    changed.write_text(changed.read_text(encoding="utf-8").replace("2025-09-19", "2025-09-20"), encoding="utf-8")
    assert "a changé dans le fichier depuis sa reprise" in jalon(changed).output


def test_what_cannot_be_done_is_said_in_one_sentence(jalon, hub, tmp_path):
    wrong = tmp_path / "correspondance.yml"
    wrong.write_text("key: slug\n", encoding="utf-8")
    assert "ligne 1, colonne 1 : la clé « title » manque" in jalon(SAMPLE, "--mapping", wrong).output
    latin = tmp_path / "latin.csv"
    latin.write_bytes("slug;é".encode("latin-1"))
    assert "CSV UTF-8" in jalon(latin).output
    assert "GitHub ne montre rien à cette adresse" in jalon(SAMPLE, "--repo", "dnum/ailleurs").output
    wrong.write_bytes("clé: slug".encode("utf-16"))
    assert "wrong.yml : Le fichier n’est pas en UTF-8" in jalon(SAMPLE, "--mapping", wrong).output.replace(
        wrong.name, "wrong.yml"
    )
    assert hub.world.issues == {}


def test_nothing_is_taken_over_under_rules_never_known_good(jalon, hub):
    hub.world.files[".github/jalon.yml"] = "version: 2"
    assert "Les règles (.github/jalon.yml) de dnum/produits" in jalon(SAMPLE).output
    assert hub.world.issues == {}


NASTY = {
    "empty": b"",
    "nothing but zeros": bytes(300),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "UTF-16": "slug,titre\nk,é\n".encode("utf-16"),
    "UTF-16 without a mark": "slug,titre,mission,incubateur,lien,depot,phases\n".encode("utf-16-le"),
    "one line without end": b'"' * 70_001,
    "quotes": b'slug,titre,mission,incubateur,lien,depot,phases\n"a"b,,,,,,\n',
    "a cell of a megabyte": b"slug,titre,mission,incubateur,lien,depot,phases\nk,T," + b"x" * 2**20 + b",,,,opere||\n",
    "a zero in a cell": b"slug,titre,mission,incubateur,lien,depot,phases\nk,T\0,,,,,opere||\n",
    "a column twice": b"slug,titre,titre,mission,incubateur,lien,depot,phases\nk,T,U,,,,,opere||\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("content", NASTY.values(), ids=NASTY)
def test_whatever_the_file_one_sentence_is_the_answer(jalon, hub, tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    result = jalon(path, "--dry-run")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.strip()
    assert len(result.stderr) < 2000
    assert hub.world.issues == {}


def test_an_import_that_github_stops_says_how_to_go_on(jalon, hub, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "Importer", Stopped)
    result = jalon(few(tmp_path))
    assert result.exit_code == 1
    assert "Arrêt à « 1-eleve-1-stage »" in result.output
    assert "Relancez la même commande" in result.output


class Stopped(importing.Importer):
    def take(self, product):
        raise importing.LaterError("limite")


@pytest.mark.parametrize(("seconds", "told"), [(1.0, ""), (1_440.0, "dans 24 min.")])
def test_a_long_wait_says_when_it_goes_on(monkeypatch, capsys, seconds, told):
    waited = []
    monkeypatch.setattr(importing.time, "sleep", waited.append)
    importing.patiently(seconds)
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert waited == [seconds]
    assert ("la reprise continue à" in said) == bool(told)
    assert told in said


def test_several_repositories_call_for_a_choice(jalon, monkeypatch):
    monkeypatch.setattr("app.github.client.Client.repositories", lambda self: ("dnum/a", "dnum/b"))
    result = jalon(SAMPLE)
    assert "Donnez --repo. L’App est installée sur : dnum/a, dnum/b." in result.output


def test_a_product_taken_over_is_known_however_its_key_is_stored(jalon, hub, tmp_path):
    path, mapping = tmp_path / "a.csv", tmp_path / "m.yml"
    mapping.write_text("key: id\ntitle: nom\nphases: {column: phase, meaning: {MVP: mvp}}\n", encoding="utf-8")
    path.write_text("id;nom;phase\ncle\u0301;Un;MVP\nclé;Un;MVP\n", encoding="utf-8")
    first = jalon(path, "--mapping", mapping)
    assert first.exit_code == 0, first.output
    assert "ligne 3 : le même produit que ligne 2 (« clé »), repris une seule fois." in first.output
    path.write_text("sep=;\nid;nom;phase\nclé\u200b;Un;MVP\n", encoding="utf-8")
    assert "0 ticket créé, 1 produit déjà là vérifié." in jalon(path, "--mapping", mapping).output
    assert len(hub.world.issues) == 1
