"""What GitHub refuses holds up only what needs it: the rest goes on, an administrator is told, and it is done later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.github.client import LaterError
from app.turns.wakeup import ProductWakeUp
from tests.stage import ALL, SEATS

BOARDS = {
    "read-only": {
        "kind": "refused",
        "why": "board-read-only",
        "match": "addProjectV2ItemById|ProjectV2ItemFieldValue|unarchiveProjectV2Item",
    },
    "full": {"kind": "refused", "why": "board-full", "match": "addProjectV2ItemById"},
    "in difficulty": {"kind": "refused", "status": 403, "match": "addProjectV2ItemById|ProjectV2ItemFieldValue"},
}


def told(stage):
    return {(one.kind, one.subject) for one in stage.troubles.told()}


def tried_again(stage):
    """As the worker does when what was left undone is due."""
    for left in stage.undone.due(stage.now):
        stage.turns.take(ProductWakeUp(left.product, left.repository, left.number), f"undone {left.due}")


@pytest.mark.slow
@pytest.mark.parametrize("fault", BOARDS.values(), ids=BOARDS)
def test_votes_and_decisions_go_on_without_the_board(stage, fault):
    stage.hub.faults.add(fault)
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    stage.decided(number, seats=SEATS)
    assert "phase: poc" in stage.labels(number)
    assert any("## Décision" in body for body in stage.said(number))
    assert stage.column(number) is None
    assert told(stage) == {("board", stage.world.repository)}
    stage.hub.faults.clear()
    stage.now += timedelta(hours=1)
    tried_again(stage)
    assert stage.column(number) == "POC"
    assert told(stage) == set()
    assert stage.nothing_left_to_do(number)
    assert stage.undone.due(stage.now + timedelta(days=1)) == ()


@pytest.mark.on_time("time passes between two looks")
def test_it_is_tried_again_less_and_less_often(stage):
    stage.hub.faults.add(BOARDS["full"])
    stage.filed()
    waits = []
    for _ in range(9):
        [left] = stage.undone.due(stage.now + timedelta(days=1))
        waits.append((left.due - stage.now).total_seconds() / 60)
        stage.now = left.due
        tried_again(stage)
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == 60


def test_a_trouble_is_over_once_no_product_waits_for_it(stage):
    stage.hub.faults.add(BOARDS["full"])
    first, second = stage.filed(), stage.filed(title="SISAC")
    assert len(stage.undone.due(stage.now + timedelta(days=1))) == 2
    stage.hub.faults.clear()
    stage.says("visiteur", first, "Merci")
    assert told(stage) == {("board", stage.world.repository)}
    stage.says("visiteur", second, "Merci")
    assert told(stage) == set()


def test_comments_keep_their_order(stage):
    """The one that could not be posted is not overtaken by those that follow it in the history."""
    for call, act in (
        ("GRAPHQL Changes", stage.filed),
        ("POST .*/comments", lambda: stage.says("visiteur", 1, "Bonjour")),
    ):
        stage.hub.faults.add({"kind": "error-before", "status": 502, "match": call, "next": 1})
        with pytest.raises(LaterError):
            act()
        assert stage.said(1) == []
    assert "phase: idée" in stage.labels(1)
    assert stage.column(1) == "Idée"
    stage.says("cheffe-produit", 1, f"/coche {ALL}")
    assert "Bienvenue" in stage.said(1)[0] or "## " in stage.said(1)[0]
    assert stage.nothing_left_to_do(1)


def test_labels_that_are_refused_hold_up_no_word(stage):
    stage.hub.faults.add({"kind": "refused", "why": "integration", "match": "POST .*/labels|addLabelsToLabelable"})
    number = stage.filed()
    assert len(stage.said(number)) == 2
    assert stage.column(number) == "Idée"
    assert told(stage) == {("permission", stage.world.repository)}
