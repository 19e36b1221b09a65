"""The files of a catalogue: each key read, each mistake told with its line and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.document import Problem
from app.domain.policy.model import LANGUAGES
from app.domain.reuse.catalogue import Catalogue, Common, Norm, Reflex
from app.domain.reuse.catalogue_file import (
    COMMONS,
    IMPORTED,
    MOST_REFLEXES,
    MOST_WORDS,
    NORMS,
    PATHS,
    EntryProblem,
    merged_catalogues,
    read_catalogue,
)
from app.messages import explain_problem
from app.yaml_documents import read_catalogue_bytes, read_document

PROCONNECT = """\
- id: proconnect
  nom: ProConnect
  en_une_phrase: {fr: "Un seul compte pour les agents", en: "One account for civil servants"}
  besoins: ["mot de passe différent par application", "comptes des agents partis"]
  remplace: [AgentConnect, MonComptePro]
  nature: service
  porteur: DINUM
  lien: https://www.proconnect.gouv.fr
  licence: MIT
  proposer: oui
  reflexe: {si: [agents, professionnels], question: "Qui se connecte ?"}
  regle: mvp-authentification
  vu_le: 2026-11-03
  siege: communs
  source: {sill: 73, publiccode: "https://example.org/publiccode.yml"}
"""
RGAA = """\
- id: rgaa
  norme: {fr: "RGAA", en: "RGAA (accessibility)"}
  porteur: DINUM
  quand: interface web ou mobile
  preuve: déclaration d’accessibilité
  commun: ara
  site: https://accessibilite.numerique.gouv.fr
  vu_le: 2026-11-03
"""


def read(text: str, path: str = COMMONS, language: str = "fr") -> Catalogue:
    found = read_catalogue_bytes(path, text.encode(), language)
    assert isinstance(found, Catalogue), found
    return found


def problems(text: str, path: str = COMMONS) -> list[tuple[int, int, str, str]]:
    found = read_catalogue_bytes(path, text.encode())
    assert not isinstance(found, Catalogue)
    assert all(explain_problem(one, language) for one in found for language in LANGUAGES)
    return [(one.line, one.column, one.path, one.kind) for one in found]


def test_each_key_of_a_common_is_read():
    assert read(PROCONNECT).commons == (
        Common(
            "proconnect",
            "ProConnect",
            "Un seul compte pour les agents",
            ("mot de passe différent par application", "comptes des agents partis"),
            ("AgentConnect", "MonComptePro"),
            "service",
            "DINUM",
            "https://www.proconnect.gouv.fr",
            "MIT",
            is_proposed=True,
            reflex=Reflex(("agents", "professionnels"), "Qui se connecte ?"),
            settles=("mvp-authentification",),
            seen_on=date(2026, 11, 3),
            seat="communs",
            source=(("sill", "73"), ("publiccode", "https://example.org/publiccode.yml")),
        ),
    )
    assert read(PROCONNECT, language="en").commons[0].line == "One account for civil servants"


def test_each_key_of_a_norm_is_read():
    assert read(RGAA, NORMS).norms == (
        Norm(
            *("rgaa", "RGAA", "DINUM", "interface web ou mobile", "déclaration d’accessibilité", "ara"),
            link="https://accessibilite.numerique.gouv.fr",
            seen_on=date(2026, 11, 3),
        ),
    )


def test_what_is_imported_is_proposed_only_when_told():
    text = "- {id: a, nom: A, en_une_phrase: Un}\n- {id: b, nom: B, en_une_phrase: Deux, proposer: oui}\n"
    assert [one.is_proposed for one in read(text, IMPORTED).commons] == [False, True]
    assert [one.is_proposed for one in read(text).commons] == [True, True]
    assert not any(one.is_curated for one in read(text, IMPORTED).commons)


@pytest.mark.parametrize("text", ["", "# rien encore\n", "[]"])
@pytest.mark.parametrize("path", PATHS)
def test_an_empty_file_is_an_empty_list(text, path):
    assert read(text, path) == Catalogue()


@pytest.mark.parametrize(
    ("word", "is_proposed"), [("oui", True), ("non", False), ("true", True), ("no", False), ("Oui", True)]
)
def test_yes_and_no_are_written_as_people_do(word, is_proposed):
    text = f"- {{id: a, nom: A, en_une_phrase: Un, proposer: {word}, nature: Référentiel}}"
    assert [(one.is_proposed, one.kind) for one in read(text).commons] == [(is_proposed, "referentiel")]


def test_lists_are_written_in_both_languages_as_well():
    text = "- {id: a, nom: A, en_une_phrase: Un, besoins: {fr: [dossier], en: [file]}, regle: [idee-radar, poc-choix]}"
    assert [read(text, language=one).commons[0].needs for one in LANGUAGES] == [("dossier",), ("file",)]
    assert read(text).commons[0].settles == ("idee-radar", "poc-choix")


MANY = ", ".join(f"b{number}" for number in range(MOST_WORDS + 1))
REFLEXES = "".join(
    f"- {{id: a{number}, nom: A, en_une_phrase: Un, reflexe: {{si: [x], question: Qui}}}}\n"
    for number in range(MOST_REFLEXES + 1)
)
BROKEN = [
    ("nom: A", [(1, 1, "", "expected")]),
    ("- rien", [(1, 3, "[1]", "expected")]),
    ("- {id: a, nom: A}", [(1, 3, "[1]", "missing_key")]),
    ("- {id: a, nom: A, en_une_phrase: Un, besoin: [b]}", [(1, 38, "[1]", "unknown_key")]),
    ("- {id: A b, nom: A, en_une_phrase: Un}", [(1, 8, "[1].id", "bad_form")]),
    ("- {id: a, nom: A, en_une_phrase: Un}\n" * 2, [(2, 3, "[2]", "repeated_id")]),
    ("- {id: a, nom: A, en_une_phrase: Un, lien: proconnect.gouv.fr}", [(1, 44, "[1].lien", "bad_link")]),
    ("- {id: a, nom: A, en_une_phrase: Un, lien: 'javascript:alert(1)'}", [(1, 44, "[1].lien", "bad_link")]),
    ("- {id: a, nom: A, en_une_phrase: Un, vu_le: 03/11/2026}", [(1, 45, "[1].vu_le", "bad_date")]),
    ("- {id: a, nom: A, en_une_phrase: Un, nature: outil}", [(1, 46, "[1].nature", "not_one_of")]),
    ("- {id: a, nom: A, en_une_phrase: Un, proposer: peut-être}", [(1, 48, "[1].proposer", "not_one_of")]),
    ("- {id: a, nom: A, en_une_phrase: Un, proposer: [oui]}", [(1, 48, "[1].proposer", "not_one_of")]),
    ("- {id: a, nom: A, en_une_phrase: Un, reflexe: {si: [x]}}", [(1, 47, "[1].reflexe", "missing_key")]),
    ("- {id: a, nom: A, en_une_phrase: Un, reflexe: {question: Q, si: []}}", [(1, 65, "[1].reflexe.si", "empty")]),
    ("- {id: a, nom: A, en_une_phrase: Un, source: {wiki: 3}}", [(1, 47, "[1].source", "unknown_key")]),
    ("- {id: a, nom: A, en_une_phrase: Un, regle: Point}", [(1, 45, "[1].regle", "bad_form")]),
    (f"- {{id: a, nom: A, en_une_phrase: {'u' * 301}}}", [(1, 34, "[1].en_une_phrase", "text_too_long")]),
    (f"- {{id: a, nom: A, en_une_phrase: Un, besoins: [{MANY}]}}", [(1, 138, "[1].besoins", "list_too_long")]),
    (REFLEXES, [(7, 48, "[7].reflexe", "too_many_reflexes")]),
    ("".join(f"- {{id: a{n}, nom: A, en_une_phrase: Un}}\n" for n in range(61)), [(61, 3, "[61]", "list_too_long")]),
    ("- {id: a, nom: &n A, en_une_phrase: *n}", [(1, 37, "", "alias")]),
    ("- {id: a\n", [(2, 1, "", "syntax")]),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=range(len(BROKEN)))
def test_each_mistake_is_told_with_its_place(text, expected):
    assert problems(text) == expected


def test_every_problem_of_an_entry_is_produced():
    assert set(EntryProblem) <= {kind for _, told in BROKEN for *_, kind in told}


def test_other_bytes_than_text_and_a_file_too_large_are_problems():
    assert [one.kind for one in read_catalogue_bytes(COMMONS, b"- \xff")] == ["encoding"]
    assert [one.kind for one in read_catalogue_bytes(IMPORTED, b"#" * 300_000)] == ["too_large"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- {id: rgaa}", [(1, 3, "[1]", "missing_key")]),
        ("- {id: rgaa, norme: RGAA, points: [a]}", [(1, 27, "[1]", "unknown_key")]),
        ("- {id: rgaa, norme: RGAA}\n- {id: rgaa, norme: RGAA}", [(2, 3, "[2]", "repeated_id")]),
    ],
)
def test_each_mistake_of_a_norm_is_told(text, expected):
    assert problems(text, NORMS) == expected


def test_an_imported_entry_taken_over_by_hand_is_the_one_written_by_hand():
    curated, imported = (
        read("- {id: a, nom: A, en_une_phrase: Un}"),
        read("- {id: a, nom: Autre, en_une_phrase: Un}\n- {id: b, nom: B, en_une_phrase: Deux}", IMPORTED),
    )
    found = merged_catalogues(curated, imported, read(RGAA, NORMS))
    assert [(one.id, one.name) for one in found.commons] == [("a", "A"), ("b", "B")]
    assert [one.id for one in found.norms] == ["rgaa"]


KEYS = ("id", "nom", "en_une_phrase", "besoins", "reflexe", "source", "proposer", "vu_le", "commun", "norme")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("aé-: ", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.sampled_from(PATHS))
def test_whatever_the_file_it_is_read_or_told(value, path):
    document = read_document(repr(value).replace("None", "null"))
    if not isinstance(document, Problem):
        found = read_catalogue(path, document)
        assert isinstance(found, Catalogue) or found
