"""Other catalogues brought in: sorted, stable, never downloaded; an import of an import is the same file."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.domain.reuse.catalogue import Common
from app.domain.reuse.catalogue_file import IMPORTED
from app.domain.reuse.catalogue_text import catalogue_yaml
from app.importing.catalogue_sources import brought
from app.yaml_documents import read_catalogue_bytes

SILL = [
    {"id": 73, "i": "Keycloak", "f": "Gérer les identités.", "fr-desc": "Authentification", "l": "Apache-2.0"},
    {"id": 9, "i": "7zip", "f": "Compresser", "u": "https://www.7-zip.org/"},
    {"i": ""},
]
PUBLICCODE = """\
name: Medusa
url: https://example.org/medusa.git
legal: {license: AGPL-3.0-or-later}
description: {fr: {shortDescription: Un portail}}
"""


@pytest.fixture
def bring(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sill.json").write_text(json.dumps(SILL), encoding="utf-8")
    (tmp_path / "publiccode.yml").write_text(PUBLICCODE, encoding="utf-8")
    (tmp_path / "liste.csv").write_text("nom;description;proposer\nGrist;Des tableaux;oui\n;vide;\n", encoding="utf-8")

    def run(*options):
        result = CliRunner().invoke(main, ["reuse", "import", *options])
        said = result.output.replace("\u00a0", " ").replace("\u202f", " ").splitlines()
        out = tmp_path / IMPORTED
        return result.exit_code, said[-1], out.read_text(encoding="utf-8") if out.exists() else ""

    return run


def test_each_source_is_read_and_a_second_run_changes_nothing(bring):
    every = ("--sill", "sill.json", "--publiccode", ".", "--csv", "liste.csv")
    code, said, text = bring(*every)
    assert (code, said) == (0, f"4 fiches dans {IMPORTED} : 4 nouvelles, 0 changée.")
    found = read_catalogue_bytes(IMPORTED, text.encode()).commons
    assert [(one.id, one.is_proposed, one.source) for one in found] == [
        ("7zip", False, (("sill", "9"),)),
        ("grist", True, (("csv", "Grist"),)),
        ("keycloak", False, (("sill", "73"),)),
        ("medusa", False, (("publiccode", "https://example.org/medusa.git"),)),
    ]
    assert found[2].line == "Gérer les identités. Authentification"
    assert bring(*every) == (0, f"4 fiches dans {IMPORTED} : 0 nouvelle, 0 changée.", text)


def test_only_what_changed_changes_and_nothing_is_lost(bring, tmp_path):
    bring("--sill", "sill.json")
    (tmp_path / "sill.json").write_text(json.dumps([{**SILL[0], "i": "Keycloak 2"}]), encoding="utf-8")
    _, said, text = bring("--sill", "sill.json")
    assert said == f"2 fiches dans {IMPORTED} : 0 nouvelle, 1 changée."
    found = read_catalogue_bytes(IMPORTED, text.encode()).commons
    assert [(one.id, one.name) for one in found] == [("7zip", "7zip"), ("keycloak", "Keycloak 2")]


@pytest.mark.parametrize(
    ("options", "name", "content", "told"),
    [
        ((), "x", "", "Donnez au moins un fichier"),
        (("--sill", "x"), "x", "{", "n’est pas du JSON lisible"),
        (("--csv", "x"), "x", "titre\nA\n", "n’a pas de colonne « nom »"),
        (("--publiccode", "x"), "x", "a: [", "n’est pas du YAML lisible"),
        (("--csv", "liste.csv"), IMPORTED, "- {id: a}\n", "la clé « en_une_phrase » manque"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(bring, tmp_path, options, name, content, told):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    code, said, _ = bring(*options)
    assert code != 0
    assert told in said


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cn", "Co")), min_size=1, max_size=20)
COMMONS = st.builds(
    lambda name, line, number: Common(
        "a", name, line, kind="logiciel", is_proposed=False, source=(("sill", str(number)),), is_curated=False
    ),
    WORDS,
    WORDS,
    st.integers(1, 9),
)


@given(st.lists(COMMONS, max_size=6), st.lists(COMMONS, max_size=6))
def test_an_import_of_an_import_is_the_same_file(first, second):
    once = brought(brought((), first), second)
    text = catalogue_yaml(once)
    again = read_catalogue_bytes(IMPORTED, text.encode())
    assert again.commons == once
    assert catalogue_yaml(brought(again.commons, second)) == text
    assert len({one.id for one in once}) == len(once)
