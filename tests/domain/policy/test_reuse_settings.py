"""The policy's section on reuse: what it says, and each mistake with its place."""

from __future__ import annotations

import pytest

from app.domain.policy.document import DocumentReader
from app.domain.policy.model import Item, Phase, ReuseSettings
from app.domain.policy.reuse_settings import read_reuse
from app.yaml_documents import read_document

IDEA = Phase("idee", "Idée", "", "", "", (Item("idee-vision", "valeur", "V"), Item("idee-radar", "methode", "R")))
LATER = Phase("poc", "POC", "", "", "", (Item("poc-choix", "methode", "C"),))
PHASES, SEATS = [IDEA, LATER], ["communs"]


def read(text: str) -> tuple[ReuseSettings | None, list[tuple[int, str, str]]]:
    reader = DocumentReader()
    found = read_reuse(reader, read_document(text), PHASES, SEATS)
    return found, [(one.line, one.path, one.kind) for one in reader.problems]


def test_rules_without_the_section_look_for_nothing():
    assert read_reuse(DocumentReader(), None, PHASES, SEATS) is None


def test_an_empty_section_looks_for_needs_that_are_near():
    assert read("{}") == (ReuseSettings(least=0.30), [])


def test_each_key_is_read():
    text = "radar: idee-radar\nleast: 0.26\nplain_words: [mission, portail]\nseat: communs\n"
    assert read(text) == (ReuseSettings("idee-radar", True, 0.26, ("mission", "portail"), "communs"), [])
    assert read("radar_required: false") == (ReuseSettings(radar_required=False), [])
    assert read("least: 0,5") == (ReuseSettings(least=0.5), [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("radar: poc-choix", (1, "reuse.radar", "unknown_id")),
        ("seat: jardinage", (1, "reuse.seat", "unknown_id")),
        ("least: 3", (1, "reuse.least", "expected")),
        ("leste: 3", (1, "reuse", "unknown_key")),
    ],
)
def test_each_mistake_is_told_with_its_place(text: str, problem: tuple[int, str, str]) -> None:
    assert read(text)[1] == [problem]
