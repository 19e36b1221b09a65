"""Spreadsheets as people have them: what is understood, what is set aside, and with which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.assets import default_policy
from app.domain.facts import PastPhase
from app.importing.mapping import DEFAULT, Mapping, read_mapping
from app.importing.rows import BadRow, Table, UnreadableFileError, decoded, read_table

POLICY = default_policy()
TODAY = date(2026, 11, 24)
HEADER = "slug,titre,mission,incubateur,lien,depot,phases\n"
GOOD = "clé,Titre,Aider,DNUM,https://a.fr,,investigation|2020-01-01|2020-06-30;construction|2020-07-01|\n"


def mapping(text: str = "") -> Mapping:
    found = read_mapping(text or DEFAULT.read_text(encoding="utf-8"), POLICY)
    assert isinstance(found, Mapping), found
    return found


def read(text: str, using: Mapping | None = None) -> Table:
    return read_table(text, using or mapping(), POLICY, TODAY)


def test_a_row_becomes_a_product() -> None:
    (product,) = read(HEADER + GOOD).products
    assert (product.key, product.title, product.source) == ("clé", "Titre", "portefeuille beta.gouv.fr")
    assert product.past == (
        PastPhase("investigation", "idee", "2020-01-01", "2020-06-30"),
        PastPhase("construction", "construction", "2020-07-01"),
    )
    assert product.answers == (("vision", "Aider"), ("direction", "DNUM"))
    assert [title for title, _ in product.shown][-1] == "Site"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Titre,,,,,opere|2020-01-01|", "pas de clé"),
        ("x" * 101 + ",Titre,,,,,opere|2020-01-01|", "clé de plus de 100"),
        ("k,,,,,,opere|2020-01-01|", "pas de titre"),
        ("k," + "x" * 257 + ",,,,,opere|2020-01-01|", "titre de plus de 256"),
        ("k,Titre,,,,,", "aucune phase"),
        ("k,Titre,,,,,;", "aucune phase"),
        ("k,Titre,,,,,lune|2020-01-01|", "phase « lune » inconnue"),
        ("k,Titre,,,,,opere|2020-13-01|", "« 2020-13-01 » n’est pas une date"),
        ("k,Titre,,,,,opere|32/01/2020|", "n’est pas une date"),
        ("k,Titre,,,,,opere|2020-01-01|2019-01-01", "la fin précède le début"),
        ("k,Titre,,,,,opere|2020-01-01|2021-01-01|x", "un nom, un début et une fin"),
        ("k,Titre,,,,,opere|2031-01-01|", "aucune phase n’a encore commencé"),
        ("k,Titre,,,,", "6 cellules au lieu de 7"),
        ("k,Titre,,,,,opere|2020-01-01|,de trop", "8 cellules au lieu de 7"),
        ("clé,Titre,,,,,opere|2020-01-01|", "clé « clé » déjà vue ligne 2"),
    ],
)
def test_a_row_that_is_not_right_is_set_aside_with_its_line(row: str, reason: str) -> None:
    table = read(f"{HEADER}{GOOD}\n{row}\n")
    assert [product.key for product in table.products] == ["clé"]
    (bad,) = table.bad
    assert bad.line == 4
    assert any(reason in one for one in bad.reasons)


def test_every_reason_of_a_row_is_told_at_once() -> None:
    (bad,) = read(f"{HEADER},,,,,,lune|2020-01-01|\n").bad
    assert len(bad.reasons) == 3


def test_lines_are_those_of_the_file_even_when_a_cell_holds_several() -> None:
    table = read(f'{HEADER}a,"Titre\nsur deux lignes",,,,,opere|2020-01-01|\n,sans clé,,,,,opere||\n')
    assert table.products[0].title == "Titre sur deux lignes"
    assert table.bad == [BadRow(4, ("pas de clé (colonne slug)",))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_and_french_dates_are_understood(delimiter: str) -> None:
    using = mapping('key: id\ntitle: nom\nphases: {column: étapes, between: "+", parts: "=", meaning: {essai: poc}}\n')
    text = delimiter.join(("id", "nom", "étapes")) + "\n" + delimiter.join(("1", "Un", "essai=1/2/2020=31/12/2020"))
    (product,) = read(text, using).products
    assert product.past == (PastPhase("essai", "poc", "2020-02-01", "2020-12-31"),)


def test_a_bare_phase_is_enough() -> None:
    using = mapping("key: id\ntitle: nom\nphases: {column: phase, meaning: {En service: generalisation}}\n")
    (product,) = read("id,nom,phase\n1,Un,En service\n", using).products
    assert product.past == (PastPhase("En service", "generalisation"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "slug,titre\n",
            "Colonnes introuvables : phases, mission, incubateur, lien, depot. Colonnes du fichier : slug, titre",
        ),
        ("", "Colonnes du fichier : aucune"),
        (HEADER + GOOD + 'k,"Titre,,,,,', "Ligne 3 : guillemets mal fermés"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why(text: str, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words.replace("(", "\\(")):
        read(text)


def test_files_from_spreadsheets_are_decoded_or_explained() -> None:
    assert decoded(b"\xef\xbb\xbfcl\xc3\xa9") == "clé"
    with pytest.raises(UnreadableFileError, match="CSV UTF-8"):
        decoded("clé".encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("key: [", ["syntax"]),
        ("key: a\n", ["missing_key", "missing_key"]),
        ("key: a\ntitle: b\nphases: {column: c, meaning: {x: lune}}\n", ["unknown_id"]),
        ("key: a\ntitle: b\nphases: {column: c, meaning: {x: idee}}\nanswers: {lune: d}\n", ["unknown_id"]),
        ("key: a\ntitle: b\nphases: {column: c, meaning: [idee]}\n", ["expected"]),
        (
            "key: a\ntitle: b\nphases: {column: c, meaning: {x: idee}}\nshown: {Site: 3}\ncolour: red\n",
            ["expected", "unknown_key"],
        ),
    ],
)
def test_a_mapping_tells_all_that_is_wrong_with_its_line(text: str, kinds: list[str]) -> None:
    found = read_mapping(text, POLICY)
    assert not isinstance(found, Mapping)
    assert [problem.kind for problem in found] == kinds
    assert all(problem.line for problem in found)


def test_the_mapping_shipped_is_beside_the_code() -> None:
    assert DEFAULT.parent == Path(read_mapping.__code__.co_filename).parent
