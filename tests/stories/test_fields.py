"""The fields of a product's card on the board, as GitHub shows them after each thing people do."""

from __future__ import annotations

import pytest

from app.domain.publish.card_fields import DUE, GATE, OFFICE, PROGRESS
from app.setup.desired import GATE_OPTIONS
from app.turns.wakeup import ProductWakeUp
from tests.stage import SEATS


def shown(stage, number):
    """What the fields of the product's card hold, by name; an option by its name."""
    card, board = stage.world.card_of(number), stage.world.board()
    found = {board.fields[node].name: kept.value for node, kept in card.values.items() if node != board.column_field}
    if GATE in found:
        found[GATE] = stage.world.option(found[GATE]).name
    return found


FILLS = "updateProjectV2ItemFieldValue"


def field(stage, name):
    return stage.world.board().field_named(name)


def swept(stage, number):
    stage.rests()
    node = stage.world.issues[number].node_id
    return stage.turns.take(ProductWakeUp(node, stage.world.repository, number, in_background=True), "sweep").effects


def writes(stage, act):
    """What an act makes Jalon write on the board, by calls."""
    stage.hub.calls.clear()
    act()
    made = [[name for name in call["acts"] if "ProjectV2" in name] for call in stage.hub.calls if call["write"]]
    return [names for names in made if names]


@pytest.mark.slow
def test_the_board_follows_a_product_through_its_life(stage):
    filing = writes(stage, lambda: stage.filed(ready=False))
    number = max(stage.world.issues)
    assert filing == [["addProjectV2ItemById"], [FILLS] * 3], "placed and filled at once"
    assert shown(stage, number) == {PROGRESS: 0, OFFICE: "Une réponse"}
    assert writes(stage, lambda: stage.says("cheffe-produit", number, "/coche 2 3")) == [[FILLS]]
    assert shown(stage, number)[PROGRESS] == 28
    stage.says("cheffe-produit", number, "/coche 1 4 5 6 7 8 9 10 11 12 13 14")
    assert writes(stage, lambda: stage.says("cheffe-produit", number, "/demande mvp")) == [[FILLS] * 2]
    due = shown(stage, number)[DUE]
    assert shown(stage, number) == {GATE: "Demandé", PROGRESS: 100, DUE: due, OFFICE: "Une réponse"}
    assert writes(stage, lambda: stage.says("techno", number, "/go")) == [], "a vote changes no field"
    condition = "/go sous réserve\n- Sécurité : corriger les failles, avant le 31/12/2030"
    stage.says("secu", number, condition)
    deciding = writes(stage, lambda: stage.decided(number, seats=[seat for seat in SEATS if seat != "secu"]))
    assert deciding == [[FILLS] * 4], "the card is moved and filled at once"
    assert stage.column(number) == "MVP"
    assert shown(stage, number)[GATE] == "Réserve ouverte"
    assert shown(stage, number)[DUE] == "2030-12-31"
    stage.says("secu", number, "/levée 1 : fait")
    assert not {GATE, DUE} & set(shown(stage, number))
    assert stage.nothing_left_to_do(number)


def test_a_field_changed_by_hand_goes_back_at_the_next_turn_without_a_word(stage):
    number = stage.filed()
    said = len(stage.said(number))
    card = stage.world.card_of(number)
    stage.world.set_value("visiteur", card.id, field(stage, PROGRESS).node_id, 99)
    stage.world.set_value("visiteur", card.id, field(stage, OFFICE).node_id, None)
    option = field(stage, GATE).options[0].id
    stage.world.set_value("visiteur", card.id, field(stage, GATE).node_id, option)
    assert stage.settle() == [], "Jalon is not woken by its own fields"
    stage.says("visiteur", number, "Bonjour")
    assert shown(stage, number) == {PROGRESS: 0, OFFICE: "Une réponse"}
    assert len(stage.said(number)) == said
    stage.world.set_value("visiteur", card.id, field(stage, PROGRESS).node_id, 99)
    stage.hub.take_held()
    assert [type(effect).__name__ for effect in swept(stage, number)] == ["FillCard"]
    assert swept(stage, number) == ()


def test_an_event_that_does_not_say_which_field_is_never_answered_by_writing(stage):
    """On servers that tell less, another program's writing and ours would answer each other for ever."""
    number = stage.filed()
    stage.hub.faults.add({"kind": "bare-move", "match": "projects_v2_item", "next": 1})
    stage.world.set_value("visiteur", stage.world.card_of(number).id, field(stage, PROGRESS).node_id, 99)
    (outcome,) = stage.settle()
    assert outcome.effects == ()
    assert shown(stage, number)[PROGRESS] == 99
    assert [type(effect).__name__ for effect in swept(stage, number)] == ["FillCard"]


@pytest.mark.parametrize("damage", ["deleted", "renamed", "other kind", "no option"])
def test_a_board_without_a_field_is_filled_with_the_others(stage, damage):
    gate = field(stage, GATE)
    if damage == "deleted":
        stage.world.delete_field("secretariat", gate.node_id)
    elif damage == "no option":
        stage.world.edit_field("secretariat", gate.node_id, options=[{"name": "Ouvert", "color": "RED"}])
    else:
        stage.world.edit_field("secretariat", gate.node_id, name="Guichet")
        if damage == "other kind":
            stage.world.create_field("secretariat", 1, GATE, "TEXT")
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande mvp")
    assert "passage: demandé" in stage.labels(number)
    assert set(shown(stage, number)) == {PROGRESS, DUE, OFFICE}
    assert stage.nothing_left_to_do(number)


def test_a_field_lost_between_reading_and_writing_holds_up_nothing(stage):
    number = stage.filed(ready=True)
    gate, real = field(stage, GATE), stage.applier

    def late(client, issue, effect, language, *rest):
        if type(effect).__name__ == "FillCard" and gate.node_id in stage.world.board().fields:
            stage.world.delete_field("secretariat", gate.node_id)
        return real(client, issue, effect, language, *rest)

    stage.applier = late
    stage.says("cheffe-produit", number, "/demande mvp")
    assert "## Passage 1" in stage.said(number)[-1]
    assert set(shown(stage, number)) == {PROGRESS, DUE, OFFICE}
    assert stage.nothing_left_to_do(number)


def test_the_options_of_setup_are_those_jalon_chooses_among():
    assert [option.name for option in GATE_OPTIONS] == ["Demandé", "Réserve ouverte", "Refusé"]
