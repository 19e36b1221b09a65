"""Spreadsheets as people have them: what is understood, what is set aside, and with which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.product.facts import PastPhase
from app.importing.mapping import DEFAULT, Mapping, read_mapping
from app.importing.rows import Again, BadRow, ImportedTable, UnreadableFileError, decoded, read_table
from app.shipped_files import default_policy

POLICY = default_policy()
TODAY = date(2026, 11, 24)
HEADER = "slug,titre,mission,incubateur,lien,depot,phases\n"
GOOD = "clé,Titre,Aider,DNUM,https://a.fr,,investigation|2020-01-01|2020-06-30;construction|2020-07-01|\n"


def mapping(text: str = "") -> Mapping:
    found = read_mapping(text or DEFAULT.read_text(encoding="utf-8"), POLICY)
    assert isinstance(found, Mapping), found
    return found


def read(text: str, using: Mapping | None = None) -> ImportedTable:
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
        ("k,Titre,,,,,lune|2020-01-01|", "phase « lune » inconnue"),
        ("k,Titre,,,,,opere|2020-13-01|", "« 2020-13-01 » n’est pas une date"),
        ("k,Titre,,,,,opere|32/01/2020|", "n’est pas une date"),
        ("k,Titre,,,,,opere|2020-01-01|2019-01-01", "la fin précède le début"),
        ("k,Titre,,,,,opere|2020-01-01|2021-01-01|x", "un nom, un début et une fin"),
        ("k,Titre,,,,,opere|2031-01-01|", "aucune phase n’a encore commencé"),
        ("k,Titre,,,,", "6 cellules au lieu de 7"),
        ("k,Titre,,,,,opere|2020-01-01|,de trop", "8 cellules au lieu de 7"),
        ("clé,Titre,,,,,opere|2020-01-01|", "clé « clé » déjà vue ligne 2"),
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
            "Colonnes introuvables : phases, mission, incubateur, lien, depot. Colonnes du fichier : slug, titre",
        ),
        ("", "Colonnes du fichier : aucune"),
        (HEADER + GOOD + 'k,"Titre,,,,,', "Ligne 3 : guillemets mal fermés"),
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


SIMPLE = mapping(
    'key: id\ntitle: "nom, sigle"\nphases: {column: étape, meaning: {"En service": generalisation, Étude: idee}}\n'
)
LIVED = (PastPhase("En service", "generalisation"),)
LAYOUTS = {
    "a comma": 'id,"nom, sigle",étape\n1,Un,En service\n',
    "quoted headings with commas": 'id;"nom, sigle";étape\n1;Un;En service\n',
    "more commas in the headings than separators": 'id;"nom, sigle";étape;"a, b, c, d, e, f"\n1;Un;En service;\n',
    "commas in the cells": 'id;nom, sigle;étape;note\n1;Un;En service;"a, b, c, d"\n',
    "tabs": "id\tnom, sigle\tétape\n1\tUn\tEn service\n",
    "a bar": "id|nom, sigle|étape\n1|Un|En service\n",
    "sep=;": 'sep=;\nid;"nom, sigle";étape\n1;Un;En service\n',
    "sep= of another sign": "SEP=#\r\nid#nom, sigle#étape\r\n1#Un#En service\r\n",
    "sep= in quotes": '"sep=,"\r\nid,"nom, sigle",étape\r\n1,Un,En service\r\n',
    "a note above": 'Portefeuille, au 1er mars, relu\n\nid;"nom, sigle";étape\n1;Un;En service\n',
    "a note with a quote that never closes": 'Le "portefeuille\nid;nom, sigle;étape\n1;Un;En service\n',
    "a table's title padded": ";;\n;Produits;\n;;\nid;nom, sigle;étape\n1;Un;En service\n",
    "headings on two lines": 'id;"nom,\n sigle";étape\n1;Un;En service\n',
    "old line ends": "id;nom, sigle;étape\r1;Un;En service\r",
    "decomposed headings": "id;nom, sigle;e\u0301tape\n1;Un;En service\n",
    "hard and zero-width spaces": "\u200bid;nom,\xa0sigle;étape\u200b\n1;Un;En\u202fservice\n",
    "full-width": "ｉｄ;nom, sigle;étape\n1;Un;En service\n",
    "a second mark of the beginning": "\ufeff\ufeffid;nom, sigle;étape\n1;Un;En service\n",
    "empty columns after": "id;nom, sigle;étape;;\n1;Un;En service;;\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_however_a_file_is_laid_out(text: str) -> None:
    table = read(text, SIMPLE)
    assert table.bad == []
    assert [(one.key, one.title, one.past) for one in table.products] == [("1", "Un", LIVED)]


def test_lines_are_those_of_the_file_below_notes() -> None:
    text = 'sep=;\nUne note\n\nid;nom, sigle;étape\n1;Un;En service\n;"sans\nclé";Étude\n2;Deux;lune\n'
    assert [(bad.line, bad.reasons) for bad in read(text, SIMPLE).bad] == [
        (6, ("pas de clé (colonne id)",)),
        (8, ("phase « lune » inconnue ; connues : En service, Étude",)),
    ]


@pytest.mark.parametrize(
    "again", ["cle\u0301;Un;En service", "clé\u200b;Un;En\xa0service", "ｃlé;Un;En service", "clé;Un;En service"]
)
def test_rows_that_look_the_same_are_one_product(again: str) -> None:
    table = read(f"id;nom, sigle;étape\nclé;Un;En service\n{again}\n", SIMPLE)
    assert [one.key for one in table.products] == ["clé"]
    assert table.bad == []
    assert table.again == [Again(3, 2, again.partition(";")[0])]


def test_keys_that_look_the_same_and_rows_that_do_not_call_for_a_choice() -> None:
    table = read("id;nom, sigle;étape\nclé;Un;En service\ncle\u0301;Autre;En service\n\u200b;Rien;Étude\n", SIMPLE)
    assert len(table.products) == 1
    assert [bad.line for bad in table.bad] == [3, 4]
    assert "déjà vue ligne 2" in table.bad[0].reasons[0]
    assert table.bad[1].reasons == ("pas de clé (colonne id)",)


def test_the_words_of_a_mapping_may_be_stored_otherwise_than_the_file_s() -> None:
    using = mapping("key: id\ntitle: nom\nphases: {column: e\u0301tape, meaning: {E\u0301tude: idee}}\n")
    (product,) = read("id,nom,étape\n1,Un,Étude\n", using).products
    assert product.past == (PastPhase("E\u0301tude", "idee"),)


@pytest.mark.parametrize(
    "line", ["id,nom;étape", 'id;"nom;étape', "une ligne", '"' * 50_000, "a" * 200_000, 'a"' * 50_000]
)
def test_headings_that_are_not_found_are_named(line: str) -> None:
    with pytest.raises(UnreadableFileError, match="Colonnes introuvables"):
        read(f"{line}\n1;Un;En service\n", SIMPLE)


@pytest.mark.parametrize(
    "header", [HEADER.upper(), HEADER.title(), HEADER.replace("e", "é"), HEADER.replace("slug", "Slug ")]
)
def test_headings_are_the_same_whatever_their_case_and_accents(header: str) -> None:
    assert read(header + GOOD) == read(HEADER + GOOD)


def test_a_phase_is_the_same_whatever_its_case_and_accents() -> None:
    assert read(HEADER + GOOD.replace("investigation", "Investigation")) == read(HEADER + GOOD)


def test_a_heading_written_as_in_the_mapping_comes_before_one_that_only_looks_like_it() -> None:
    other = mapping(DEFAULT.read_text(encoding="utf-8").replace("mission", "Titre"))
    (product,) = read((HEADER + GOOD).replace("mission", "Titre"), other).products
    assert (product.title, dict(product.answers)["vision"]) == ("Titre", "Aider")
