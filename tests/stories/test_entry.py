"""A refonte filed by its form: it asks for its phase, waits for the committee, and is there only once confirmed."""

from __future__ import annotations

import pytest

from app.shipped_files import asset
from app.yaml_documents import read_plain
from tests.stage import SEATS


def body(form: str, without: str = "", **answers: str) -> str:
    """The form as GitHub writes it: every question answered, the first box ticked."""
    texts = []
    for part in read_plain(asset(f"issue_templates/{form}.yml").read_text("utf-8"))["body"]:
        about = part["attributes"]
        if part["type"] == "markdown":
            continue
        if part["type"] == "checkboxes":
            boxes = [option["label"] for option in about["options"]]
            answer = "\n".join(f"- [{'X' if box == boxes[0] else ' '}] {box}" for box in boxes)
        else:
            answer = answers.get(part.get("id"), "Une réponse")
        texts.append(f"### {about['label']}\n\n{'_No response_' if part.get('id') == without else answer}")
    return "\n\n".join(texts)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["refonte", "evolution-majeure"])
def test_the_phase_asked_for_is_entered_once_the_committee_says_so(stage, form):
    text = body(form, **{"phase-entree": "Construction"})
    number = stage.world.open_issue("cheffe-produit", "SISAC, refonte", text, ["produit"]).number
    stage.settle()
    assert {"phase: idée", "passage: demandé"} <= stage.labels(number)
    assert stage.column(number) == "Idée"
    stage.says("visiteur", number, "/go")
    assert "phase: idée" in stage.labels(number)
    stage.decided(number)
    assert "phase: construction" in stage.labels(number)
    assert "phase: idée" not in stage.labels(number)
    assert stage.column(number) == "Construction"
    assert stage.nothing_left_to_do(number)


def test_an_incomplete_form_opens_nothing_until_it_is_completed(stage):
    given = {"phase-entree": "Construction"}
    text = body("refonte", without="justification", **given)
    number = stage.world.open_issue("cheffe-produit", "SISAC, refonte", text, ["produit"]).number
    stage.settle()
    assert "passage: demandé" not in stage.labels(number)
    stage.world.edit_issue("cheffe-produit", number, body=body("refonte", **given))
    stage.settle()
    assert "passage: demandé" in stage.labels(number)


def test_a_nogo_leaves_the_product_waiting_in_its_first_phase(stage):
    text = body("refonte", **{"phase-entree": "Construction"})
    number = stage.world.open_issue("cheffe-produit", "SISAC, refonte", text, ["produit"]).number
    stage.settle()
    for login in SEATS:
        stage.world.comment(login, number, "/nogo le périmètre n’est pas clair")
    stage.settle()
    assert {"phase: idée", "passage: refusé"} <= stage.labels(number)
    assert stage.nothing_left_to_do(number)
