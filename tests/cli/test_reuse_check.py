"""`jalon reuse check`: the catalogue alone, beside the rules, and what they name of one another."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.shipped_files import asset

GRIST = "- {id: grist, nom: Grist, en_une_phrase: Des tableaux}\n"
RGAA = "- {id: rgaa, norme: RGAA, commun: ara}\n"


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / ".github" / "jalon"
    folder.mkdir(parents=True)
    (tmp_path / ".github" / "jalon.yml").write_bytes(asset("policy.yml").read_bytes())
    for name in ("communs.yml", "normes.yml"):
        (folder / name).write_bytes(asset(f"catalogue/{name}").read_bytes())
    return tmp_path


def run(*words):
    result = CliRunner().invoke(main, [*map(str, words)])
    return result.exit_code, result.output.replace("\u00a0", " ").replace("\u202f", " ").splitlines()


def test_the_catalogue_shipped_is_right_and_agrees_with_the_rules_shipped():
    assert run("reuse", "check") == (0, ["Le catalogue est valable : 60 communs, 20 normes."])


def test_a_repository_is_checked_whole_by_both_commands(repository):
    assert run("reuse", "check", repository) == (0, ["Le catalogue est valable : 60 communs, 20 normes."])
    assert run("policy", "check", repository)[1][-2:] == ["Les règles sont valables.", "Le catalogue est valable."]
    assert run("policy", "check", repository / ".github" / "jalon.yml")[0] == 0


def test_each_mistake_is_told_with_its_file_and_its_line(repository):
    file = repository / ".github" / "jalon" / "communs.yml"
    file.write_text(GRIST + "- {id: grist}\n", encoding="utf-8")
    code, lines = run("reuse", "check", file)
    assert code == 1
    assert lines[0] == "communs.yml, ligne 2, colonne 3 ([2]) : la clé « en_une_phrase » manque"
    assert run("policy", "check", repository)[0] == 1
    _, lines = run("reuse", "check", "--annotations", file)
    assert lines[0].startswith("::error file=")
    assert lines[0].endswith(
        "communs.yml,line=2,col=3,title=Catalogue::ligne 2, colonne 3 ([2]) : la clé « en_une_phrase » manque"
    )
    _, lines = run("policy", "check", "--annotations", repository)
    assert [line.startswith("::") for line in lines] == [False, True, True, True]


def test_what_is_named_and_is_nowhere_is_told(repository):
    folder = repository / ".github" / "jalon"
    (folder / "communs.yml").write_text(
        "- {id: grist, nom: Grist, en_une_phrase: Des tableaux, regle: lune, siege: lune}\n", encoding="utf-8"
    )
    (folder / "normes.yml").write_text(RGAA, encoding="utf-8")
    code, lines = run("reuse", "check", repository)
    assert code == 1
    assert lines[0] == "normes.yml, ligne 1, colonne 35 ([1].commun) : « ara » n’existe pas ; possibles : grist"
    assert any(line.startswith("jalon.yml, ligne ") and "« rgs » n’existe pas" in line for line in lines)
    assert any("([1].regle) : « lune »" in line for line in lines)
    assert any("([1].siege) : « lune »" in line for line in lines)


def test_rules_without_a_catalogue_beside_are_checked_alone(repository):
    for name in ("communs.yml", "normes.yml"):
        (repository / ".github" / "jalon" / name).unlink()
    assert run("policy", "check", repository)[1][-1] == "Les règles sont valables."
    assert run("reuse", "check", repository) == (0, ["Le catalogue est valable : 0 commun, 0 norme."])
    (repository / ".github" / "jalon.yml").unlink()
    code, lines = run("policy", "check", repository)
    assert code == 1
    assert "n’existe pas" in lines[-1]


def test_a_file_of_another_name_is_refused(tmp_path):
    (tmp_path / "autre.yml").write_text("[]", encoding="utf-8")
    code, lines = run("reuse", "check", tmp_path / "autre.yml")
    assert code == 1
    assert "« autre.yml » n’est pas un fichier du catalogue" in lines[-1]
