"""`jalon policy simulate` from a register and from its export, and what it says when there is nothing to replay."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.register import _object
from app.domain.report.what_if import RecordedProduct
from app.reports.recorded import NotAnExportError, of_export
from app.store.register import RegisterEntry
from tests.builders import SMALL
from tests.domain.report.test_what_if import ALL, SPLIT, THREE, lived

STRICTER = SMALL.replace("quorum: 2, threshold: 2/3", "quorum: 4, threshold: 3/4")
LIVES = (
    lived(votes=ALL, until=("2026-03-09", "go")),
    lived(votes=SPLIT, until=("2026-03-06", "go")),
    lived(votes=THREE, until=("2026-03-17", "go")),
)


def exported(lives, repository="dnum/produits"):
    """What `jalon register export` writes of them."""
    for number, facts in enumerate(lives, start=1):
        for seq, fact in enumerate(facts, start=1):
            yield _object(RegisterEntry(f"I_{number}", repository, number, seq, fact, "", "0" * 64, repository))


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stricter.yml").write_text(STRICTER, encoding="utf-8")
    lines = [json.dumps(one, ensure_ascii=False) for one in exported(LIVES)]
    (tmp_path / "registre.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "registre.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    return tmp_path


def said(*words):
    result = CliRunner().invoke(main, ["policy", *words], env={"GITHUB_TOKEN": "", "JALON_APP_ID": ""})
    return result.exit_code, result.output.replace("\u00a0", " ").replace("\u202f", " ")


def simulated(*words):
    return said("simulate", *words)


def test_an_export_of_the_register_is_read_back_in_both_forms(place):
    found = of_export(place / "registre.jsonl")
    assert found == tuple(
        RecordedProduct("dnum/produits", number, tuple(facts)) for number, facts in enumerate(LIVES, start=1)
    )
    assert of_export(place / "registre.json") == found


def test_what_would_have_changed_is_told_gate_by_gate(place):
    code, told = simulated("stricter.yml", "--register", "registre.jsonl")
    assert code == 0
    assert told.startswith("# Ce que ces règles auraient changé\n")
    assert "| Idée → MVP | 3 | 1 | 1 | 1 |" in told
    assert "no-go au lieu d’un go" in told
    english = simulated("stricter.yml", "--register", "registre.json", "--language", "en")[1]
    assert "no-go instead of a go" in english


def test_the_same_as_data(place):
    code, told = simulated("stricter.yml", "--register", "registre.jsonl", "--format", "json", "--since", "01/02/2026")
    found = json.loads(told)
    assert code == 0
    assert (found["since"], found["total"]["gates"], found["total"]["to_nogo"]) == ("2026-02-01", 3, 1)
    assert [one["change"] for one in found["gates"]] == ["otherwise", "undecided"]


def test_nothing_to_replay_and_nothing_that_changes_are_said(place):
    (place / "vide.json").write_text("[]\n", encoding="utf-8")
    assert simulated("stricter.yml", "--register", "vide.json") == (
        0,
        "Le registre est vide : il n’y a rien à rejouer.\n",
    )
    later = simulated("stricter.yml", "--register", "registre.jsonl", "--since", "2026-05-01")
    assert "Aucun passage à rejouer" in later[1]


def test_what_cannot_be_read_is_said_in_a_sentence(place):
    (place / "faux.yml").write_text(SMALL.replace("quorum: 2", "quorum: 20"), encoding="utf-8")
    code, told = simulated("faux.yml", "--register", "registre.jsonl")
    assert code == 1
    assert "« faux.yml » n’est pas valable" in told
    assert "quorum" in told
    (place / "autre.jsonl").write_text('{"repository": "a/b"}\n', encoding="utf-8")
    code, told = simulated("stricter.yml", "--register", "autre.jsonl")
    assert code == 1
    assert "ligne 1 : ce n’est pas un fait du registre" in told
    code, told = simulated("stricter.yml", "--register", "registre.jsonl", "--since", "hier")
    assert "« hier » n’est pas un jour" in told
    (place / "texte.txt").write_text("bonjour\n", encoding="utf-8")
    with pytest.raises(NotAnExportError, match="line 1"):
        of_export(place / "texte.txt")


def test_two_backlogs_are_not_mixed(place):
    both = [*exported(LIVES[:1]), *exported(LIVES[1:], "autre/produits")]
    (place / "deux.jsonl").write_text("\n".join(map(json.dumps, both)), encoding="utf-8")
    code, told = simulated("stricter.yml", "--register", "deux.jsonl")
    assert code == 1
    assert "autre/produits, dnum/produits" in told
    code, told = simulated("stricter.yml", "--register", "deux.jsonl", "--repo", "autre/produits", "--format", "json")
    assert json.loads(told)["total"]["gates"] == 2


def test_two_files_are_compared_in_the_language_of_the_second(place):
    (place / "avant.yml").write_text(SMALL, encoding="utf-8")
    code, told = said("diff", "avant.yml", "stricter.yml")
    assert code == 0
    assert told == (
        "# Ce que ces règles changent\n\n**Les décisions**\n\n"
        "- Le quorum du passage Idée → MVP passe de 2 à 4 avis.\n"
        "- Les personnes différentes nécessaires au quorum du passage Idée → MVP passent de 2 à 3.\n"
        "- La part de go exigée au passage Idée → MVP passe de 2/3 à 3/4.\n"
    )
    assert (
        "The quorum of Idée → MVP goes from 2 to 4 opinions."
        in said("diff", "avant.yml", "stricter.yml", "--language", "en")[1]
    )
    assert said("diff", "avant.yml", "avant.yml")[1].endswith("\n\nRien ne change.\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("a.yml", "a.yml", "a.yml"), "donnez un fichier, ou deux"),
        (("a.yml", "--publish"), "donnez avec --pull le numéro"),
        (("a.yml",), "GITHUB_TOKEN manque"),
    ],
)
def test_what_is_asked_wrongly_is_said(place, words, why):
    (place / "a.yml").write_text(SMALL, encoding="utf-8")
    code, told = said("diff", *words)
    assert code == 1
    assert why in told
