"""The board used as people use it: cards moved by each role, removed, archived; labels and issues changed by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.turns.wakeup import ProductWakeUp
from tests.stage import ALL, SEATS, form_body

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("login", ["cheffe-produit", "secretariat"])
def test_a_card_moved_to_a_legal_phase_requests_the_gate(stage, login):
    number = stage.filed(ready=True)
    stage.drag(login, number, "MVP")
    assert stage.column(number) == "Idée"
    assert {"phase: idée", "passage: demandé"} <= stage.labels(number)
    assert "## Passage 1 : Idée → MVP" in stage.said(number)[-1]
    assert f"Demandé par {login}" in stage.said(number)[-1]
    assert stage.nothing_left_to_do(number)


def test_a_card_moved_too_early_goes_back_with_what_is_missing(stage):
    number = stage.filed()
    stage.drag("cheffe-produit", number, "MVP")
    assert stage.column(number) == "Idée"
    (word,) = stage.said(number)[2:]
    assert "remise dans la colonne de sa phase" in word
    assert "quand c’est fait, `/coche 2`" in word
    stage.drag("cheffe-produit", number, "MVP")
    assert len(stage.said(number)) == 3, "the same gesture is explained once"
    stage.says("cheffe-produit", number, f"/coche {ALL}")
    stage.drag("cheffe-produit", number, "MVP")
    assert "passage: demandé" in stage.labels(number)


@pytest.mark.parametrize(
    ("login", "column", "words"),
    [
        ("cheffe-produit", "Généralisation", "n’est pas prévu"),
        ("cheffe-produit", None, "ne peut pas rester sans colonne"),
        ("techno", "MVP", "Seules la personne qui a déposé le produit"),
        ("visiteur", "Arrêt", "Seules la personne qui a déposé le produit"),
        ("chef-produit", "POC", "Si vous faites partie de l’équipe"),
    ],
)
def test_a_card_moved_where_it_may_not_goes_back_with_one_kind_comment(stage, login, column, words):
    number = stage.filed(ready=True)
    before = len(stage.said(number))
    stage.drag(login, number, column)
    assert stage.column(number) == "Idée"
    (word,) = stage.said(number)[before:]
    assert words in word
    assert word.startswith(f"Bonjour @{login},")
    assert stage.nothing_left_to_do(number)


def test_the_secretariat_moves_the_card_of_a_decision_and_nothing_is_said(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande poc")
    for login in SEATS:
        stage.world.comment(login, number, "/go")
    option = next(item.id for item in stage.world.options if item.name == "POC")
    stage.world.move_card("secretariat", stage.world.card_of(number).id, option)
    stage.settle()
    assert stage.column(number) == "POC"
    assert "phase: poc" in stage.labels(number)
    assert not any("remise dans la colonne" in body for body in stage.said(number))


def test_two_moves_before_jalon_hears_are_answered_as_the_last_one(stage):
    number = stage.filed(ready=True)
    card = stage.world.card_of(number).id
    for login, name in (("visiteur", "Construction"), ("cheffe-produit", "MVP")):
        stage.world.move_card(login, card, next(item.id for item in stage.world.options if item.name == name))
    stage.settle()
    assert "## Passage 1 : Idée → MVP" in stage.said(number)[-1]
    assert not any("@visiteur" in body for body in stage.said(number))


@pytest.mark.parametrize("gesture", ["archive", "delete"])
def test_a_card_archived_or_deleted_comes_back_with_one_comment(stage, gesture):
    number = stage.filed()
    card = stage.world.card_of(number).id
    if gesture == "archive":
        stage.world.archive_card("chef-produit", card)
    else:
        stage.world.delete_card("chef-produit", card)
    stage.settle()
    assert stage.column(number) == "Idée"
    assert not stage.world.card_of(number).archived
    (word,) = stage.said(number)[2:]
    assert "je l’y ai remise" in word
    assert stage.nothing_left_to_do(number)


def test_a_card_made_by_hand_in_a_column_is_moved_to_the_phase_of_its_product(stage):
    number = stage.world.open_issue("cheffe-produit", "VRB", form_body(), ["produit"]).number
    card = stage.world.add_card("cheffe-produit", number)
    stage.world.move_card("cheffe-produit", card.id, stage.world.options[3].id)
    stage.settle()
    assert stage.column(number) == "Idée"
    assert len(stage.said(number)) == 2, "filed, and nothing to explain"


def test_an_issue_that_is_no_product_keeps_its_card_where_people_put_it(stage):
    number = stage.world.open_issue("chef-produit", "Une réunion", "Ordre du jour").number
    card = stage.world.add_card("chef-produit", number)
    stage.world.move_card("chef-produit", card.id, stage.world.options[2].id)
    stage.settle()
    assert stage.column(number) == "MVP"
    assert stage.said(number) == []


def test_labels_changed_by_hand_go_back_with_one_comment(stage):
    number = stage.filed()
    stage.world.add_labels("chef-produit", number, ["phase: construction", "passage: demandé", "besoin: design"])
    stage.world.remove_label("chef-produit", number, "phase: idée")
    stage.settle()
    assert {"phase: idée", "besoin: design"} <= stage.labels(number)
    assert not {"phase: construction", "passage: demandé"} & stage.labels(number)
    (word,) = stage.said(number)[2:]
    assert word.startswith("Bonjour @chef-produit,\n\nJ’ai remis les étiquettes")
    assert stage.nothing_left_to_do(number)


def test_an_issue_closed_without_a_decision_is_reopened_with_the_way_to_ask(stage):
    number = stage.filed()
    stage.world.edit_issue("cheffe-produit", number, state="closed")
    stage.settle()
    assert stage.world.issues[number].state == "open"
    assert "`/demande arrêt`" in stage.said(number)[-1]
    stage.says("cheffe-produit", number, "/demande arrêt")
    stage.decided(number)
    assert stage.column(number) == "Arrêt"
    stage.world.edit_issue("cheffe-produit", number, state="closed")
    stage.settle()
    assert stage.world.issues[number].state == "closed"
    stage.world.archive_card("secretariat", stage.world.card_of(number).id)
    stage.settle()
    assert stage.world.card_of(number).archived
    stage.world.edit_issue("cheffe-produit", number, state="open")
    stage.settle()
    assert stage.world.issues[number].state == "open"
    assert "phase: arrêt" in stage.labels(number)
    assert stage.nothing_left_to_do(number)


def test_a_closing_whose_delivery_was_lost_is_undone_at_the_next_turn(stage):
    number = stage.filed()
    stage.world.edit_issue("cheffe-produit", number, state="closed")
    stage.hub.take_held()
    stage.says("cheffe-produit", number, "/aide")
    assert stage.world.issues[number].state == "open"
    assert any("J’ai rouvert ce ticket" in body for body in stage.said(number))


def test_without_its_columns_or_its_board_a_product_goes_on(stage):
    number = stage.filed(ready=True)
    poc = next(option for option in stage.world.options if option.name == "POC")
    poc.name = "Preuve de concept"
    stage.says("cheffe-produit", number, "/demande poc")
    stage.decided(number)
    assert "phase: poc" in stage.labels(number)
    assert stage.column(number) == "Idée", "no column for the new phase: the card waits"
    assert stage.nothing_left_to_do(number)
    poc.name = "POC"
    stage.says("cheffe-produit", number, "/aide")
    assert stage.column(number) == "POC"
    stage.world.delete_board("secretariat", stage.world.board_number)
    stage.says("cheffe-produit", number, "/demande mvp")
    assert "phase: poc" in stage.labels(number)
    assert "MVP" in stage.said(number)[-1]


def test_a_deleted_label_comes_back_with_the_next_turn(stage):
    number = stage.filed()
    stage.world.issues[number].labels.remove("phase: idée")
    del stage.world.labels["phase: idée"]
    stage.says("cheffe-produit", number, "/aide")
    assert "phase: idée" in stage.labels(number)


def test_an_automation_that_insists_is_left_alone_until_the_hour_has_passed(stage):
    number = stage.filed(ready=True)
    for _ in range(10):
        stage.drag("visiteur", number, "Construction")
        stage.now += timedelta(minutes=1)
    assert stage.column(number) == "Construction"
    words = [body for body in stage.said(number) if body.startswith("Bonjour @visiteur,")]
    assert len(words) == 2
    assert "je m’arrête là pour une heure" in words[1]
    stage.now += timedelta(hours=1)
    stage.says("cheffe-produit", number, "/aide")
    assert stage.column(number) == "Idée"


def test_a_card_moved_while_another_event_waits_is_still_a_request(stage):
    number = stage.filed(ready=True)
    stage.world.comment("cheffe-produit", number, "Je déplace la carte.\n/aide")
    option = next(item.id for item in stage.world.options if item.name == "POC")
    stage.world.move_card("cheffe-produit", stage.world.card_of(number).id, option)
    stage.settle()
    assert "passage: demandé" in stage.labels(number)
    assert stage.column(number) == "Idée"
    assert stage.nothing_left_to_do(number)


def test_a_card_whose_delivery_was_lost_goes_back_with_the_next_sweep(stage):
    number = stage.filed()
    option = next(item.id for item in stage.world.options if item.name == "MVP")
    stage.world.move_card("visiteur", stage.world.card_of(number).id, option)
    stage.hub.take_held()
    stage.says("visiteur", number, "Bonjour")
    assert stage.column(number) == "MVP"
    node = stage.world.issues[number].node_id
    stage.turns.take(ProductWakeUp(node, stage.world.repository, number, in_background=True), "sweep")
    assert stage.column(number) == "Idée"
