"""The table of directions: what is written, the name it is given, and each mistake with its place."""

from __future__ import annotations

import pytest

from app.domain.policy.directions import (
    MOST_DIRECTIONS,
    Direction,
    direction_of,
    named_direction,
    read_directions,
    unnamed,
)
from app.domain.policy.document import DocumentReader
from app.yaml_documents import read_document

TABLE = (
    Direction("mtes", "Transition écologique", ("MTE", "Ministère de l’écologie")),
    Direction("dgcs", "Direction générale de la cohésion sociale"),
)


def read(text: str, language: str = "fr") -> tuple[tuple[Direction, ...], list[tuple[int, str, str]]]:
    reader = DocumentReader(language)
    found = read_directions(reader, read_document(text))
    return found, [(one.line, one.path, one.kind) for one in reader.problems]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mtes", "Transition écologique"),
        ("MTES", "Transition écologique"),
        ("mte", "Transition écologique"),
        ("ministere de l'ecologie", "Transition écologique"),
        ("Transition ecologique", "Transition écologique"),
        ("DGCS, bureau des agréments", "Direction générale de la cohésion sociale"),
        ("DGCS / bureau des agréments", "Direction générale de la cohésion sociale"),
        ("DGCS – bureau des agréments", "Direction générale de la cohésion sociale"),
        ("DGCS (bureau des agréments)", "Direction générale de la cohésion sociale"),
        ("dgcs-bureau", "dgcs-bureau"),
        ("Bureau de la DGCS", "Bureau de la DGCS"),
        (", bureau", ", bureau"),
        ("", ""),
    ],
)
def test_a_direction_is_known_however_it_is_written_and_else_stays_as_written(written: str, name: str) -> None:
    assert named_direction(TABLE, written) == name
    assert named_direction((), written) == written


def test_what_no_entry_names_is_listed_as_a_dictionary_does():
    written = ["mtes", "Éducation", "zoo", "DGCS, bureau 2", "", "anct", "anct"]
    assert unnamed(TABLE, written) == ("anct", "Éducation", "zoo")


def test_without_a_table_acronyms_alone_are_listed():
    assert unnamed((), ["anct", "FabNum-MI", "Direction des achats", "x"]) == ("anct", "FabNum-MI")


def test_names_may_be_short_translated_or_have_aliases():
    text = (
        'mtes: "Transition écologique"\nmen: {fr: "Éducation", en: "Education"}\nx:\n  name: Anct\n  aliases: [a, b]\n'
    )
    table = (
        Direction("mtes", "Transition écologique"),
        Direction("men", "Éducation"),
        Direction("x", "Anct", ("a", "b")),
    )
    assert read(text) == (table, [])
    assert read(text, "en")[0][1].name == "Education"
    assert read_directions(DocumentReader(), None) == ()
    assert direction_of(table, "B") == table[2]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- mtes", (1, "directions", "expected")),
        ("mtes: 3", (1, "directions.mtes", "expected")),
        ("mtes: {aliases: [a]}", (1, "directions.mtes", "missing_key")),
        ("mtes: {name: A, alias: [a]}", (1, "directions.mtes", "unknown_key")),
        ("mtes: A\nMTES: B", (2, "directions.MTES", "repeated_id")),
        ("mtes: A\nmte: {name: B, aliases: [Mtes]}", (2, "directions.mte", "repeated_id")),
    ],
)
def test_each_mistake_is_told_with_its_place(text: str, problem: tuple[int, str, str]) -> None:
    assert read(text)[1] == [problem]


def test_a_table_without_end_is_refused():
    found, problems = read("\n".join(f"d{number}: Direction {number}" for number in range(MOST_DIRECTIONS + 1)))
    assert len(found) == MOST_DIRECTIONS
    assert [one[1:] for one in problems] == [("directions", "list_too_long")]
