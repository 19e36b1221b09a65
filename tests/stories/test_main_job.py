"""The main job through the local GitHub: filed, refused, checked, requested, voted, moved; entered by webhook."""

import pytest

from tests.stage import form_body


def test_a_product_goes_from_idea_to_poc(stage):
    hub, settle, register, turns = stage.hub, stage.settle, stage.register, stage.product_turn
    world = hub.world
    issue = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"])
    settle()
    assert "phase: idée" in world.issues[issue.number].labels
    assert len(world.cards) == 1
    assert len(world.issues[issue.number].comments) == 2

    world.comment("cheffe-produit", issue.number, "/demande")
    settle()
    assert "ne peut pas encore être ouvert" in world.issues[issue.number].comments[-1].body

    world.comment("cheffe-produit", issue.number, "/coche " + " ".join(str(n) for n in range(1, 15)))
    world.comment("cheffe-produit", issue.number, "/demande")
    settle()
    assert "passage: demandé" in world.issues[issue.number].labels

    world.comment("visiteur", issue.number, "/go")
    settle()
    assert "ne compte pas comme un avis" in world.issues[issue.number].comments[-1].body

    for login in ("techno", "archi", "communs", "design", "data", "secu", "transfo"):
        world.comment(login, issue.number, "/go")
    settle()
    shown = world.issues[issue.number]
    assert "phase: poc" in shown.labels
    assert "phase: idée" not in shown.labels
    bodies = [comment.body for comment in shown.comments if comment.author == world.bot]
    assert sum("## Décision" in body for body in bodies) == 1
    assert register.verify() == []
    assert turns.plan("dnum/produits", issue.number).effects == ()


@pytest.mark.on_time("what is late is read again")
def test_one_go_costs_one_read(stage):
    hub, settle = stage.hub, stage.settle
    world = hub.world
    issue = world.open_issue("cheffe-produit", "VRB", form_body(), ["produit"])
    world.comment("cheffe-produit", issue.number, "/coche " + " ".join(str(n) for n in range(1, 15)) + "\n/demande")
    settle()
    hub.take_held()
    hub.calls.clear()
    world.comment("techno", issue.number, "/go")
    settle()
    reads = [call for call in hub.calls if not call["write"]]
    writes = [call for call in hub.calls if call["write"]]
    assert len(reads) == 1
    assert len(writes) == 1, "the gate's table, the state in the first comment, and the nod to the vote"
