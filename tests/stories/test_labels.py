"""Labels renamed, deleted or taken off by hand: products wear the right ones again, and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.store.key_values import SWEEPS
from app.turns.wakeup import LabelsWakeUp, ProductWakeUp
from tests.stage import form_body

IDEA = "phase: idée"


def swept(stage):
    """What the sweep that was asked for does."""
    for repository in stage.notes.take(SWEEPS):
        for number, issue in stage.world.issues.items():
            stage.turns.take(ProductWakeUp(issue.node_id, repository, number, in_background=True), "sweep")
    stage.settle()


def writes(stage):
    return [(call["method"], call["path"].rpartition("/")[2]) for call in stage.hub.calls if call["write"]]


@pytest.mark.parametrize("description", [None, "Autre chose"])
def test_a_phase_label_renamed_gets_its_name_back_on_every_product_at_once(stage, description):
    numbers = [stage.filed(title=title) for title in ("SILAV", "SISAC", "VRB")]
    look = stage.world.label(IDEA).description
    stage.hub.calls.clear()
    stage.world.edit_label("secretariat", IDEA, new_name="étape 1", description=description)
    stage.settle()
    assert [method for method, _ in writes(stage)] == ["PATCH"], "one call, whatever the number of products"
    assert all(stage.labels(number) == {"produit", IDEA} for number in numbers)
    assert stage.world.label("étape 1") is None
    assert stage.world.label(IDEA).description == look
    assert stage.notes.take(SWEEPS) == ()
    assert all(stage.nothing_left_to_do(number) for number in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("name", [IDEA, "produit", "passage: demandé"])
def test_a_label_deleted_is_made_again_as_it_was_and_its_products_wear_it(stage, name):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    look = (stage.world.label(name).color, stage.world.label(name).description)
    stage.world.delete_label("secretariat", name)
    stage.settle()
    assert (stage.world.label(name).color, stage.world.label(name).description) == look
    swept(stage)
    assert name in stage.labels(number)
    assert stage.nothing_left_to_do(number)


def test_a_label_made_again_by_a_product_before_the_event_is_heard_is_given_its_look(stage):
    number = stage.filed()
    stage.world.edit_label("secretariat", IDEA, new_name="étape 1")
    late = stage.hub.take_held()
    stage.says("cheffe-produit", number, "/aide")
    assert stage.world.label(IDEA).color == "ededed"
    assert late
    stage.turns.take(LabelsWakeUp("dnum/produits", (IDEA, "étape 1"), sender="secretariat"), "late")
    assert stage.world.label(IDEA).color != "ededed"
    assert stage.notes.take(SWEEPS) == ("dnum/produits",)
    assert {IDEA, "étape 1"} <= stage.labels(number), "the other is the repository's own now"


def test_labels_that_are_not_ours_and_looks_are_people_s(stage):
    stage.filed()
    stage.world.edit_label("secretariat", IDEA, color="123456")
    stage.world.edit_label("secretariat", "besoin: design", new_name="besoin: graphisme")
    stage.world.create_label("secretariat", "à suivre")
    stage.world.delete_label("secretariat", "à suivre")
    stage.settle()
    assert stage.world.label(IDEA).color == "123456"
    assert stage.world.label("besoin: graphisme")
    assert stage.world.label("besoin: design") is None


def test_the_product_label_taken_off_comes_back_with_one_comment(stage):
    number = stage.filed()
    stage.world.remove_label("chef-produit", number, "produit")
    stage.settle()
    assert "produit" in stage.labels(number)
    (word,) = stage.said(number)[2:]
    assert word.startswith("Bonjour @chef-produit,\n\nJ’ai remis les étiquettes")
    assert stage.nothing_left_to_do(number)


def test_a_product_filed_without_its_label_is_given_it(stage):
    number = stage.world.open_issue("cheffe-produit", "SILAV", form_body()).number
    stage.settle()
    assert stage.labels(number) == {"produit", IDEA}


def test_two_programs_that_contradict_each_other_are_left_alone_for_an_hour(stage):
    number = stage.filed()
    for _ in range(9):
        if stage.world.label(IDEA):
            stage.world.edit_label("secretariat", IDEA, new_name="étape 1")
        stage.settle()
    assert stage.world.label(IDEA) is None
    stage.now += timedelta(hours=1)
    stage.turns.take(LabelsWakeUp("dnum/produits", in_background=True), "night")
    assert IDEA in stage.labels(number)


def test_without_rules_of_its_own_a_repository_s_labels_are_left_alone(stage):
    del stage.world.files[".github/jalon.yml"]
    stage.world.changed()
    stage.rests()
    stage.policies.forget("dnum/produits")
    stage.world.delete_label("secretariat", IDEA)
    (outcome,) = stage.settle()
    assert outcome.ignored == "no rules say which labels are ours"
    assert stage.world.label(IDEA) is None


def test_a_label_taken_meanwhile_is_left_to_the_next_turn(stage, monkeypatch):
    stage.filed()
    stage.world.edit_label("secretariat", IDEA, new_name="étape 1")
    real = stage.client.rest

    def rest(requester, verb, path, body=None, headers=None):
        if verb == "PATCH" and "/labels/" in path:
            stage.world.create_label("secretariat", IDEA)
        return real(requester, verb, path, body, headers)

    monkeypatch.setattr(stage.client, "rest", rest)
    stage.settle()
    assert stage.notes.take(SWEEPS) == ("dnum/produits",)
