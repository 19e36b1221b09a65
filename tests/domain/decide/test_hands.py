"""Hands on Jalon's own comments: quick clicks, edits put back, votes spoiled twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.decide.manual_changes import ManualChange, awaits_its_hand
from app.domain.product.facts import CommandRefused
from app.domain.product.issue import Card
from app.domain.publish.effects import EditComment
from app.domain.publish.reconcile import reconcile
from app.github import markers
from app.messages import render
from tests.builders import (
    AUTHOR,
    T0,
    a_small_policy,
    applied,
    at_gate,
    edited,
    filed,
    played,
    says,
    shown,
    turn,
    voting,
)

POLICY = a_small_policy()


def ticked(product, item):
    """The author clicks a box, at a moment that GitHub tells to the second."""
    listed = shown(product, "checklist:1")
    lines = [line.replace("[ ]", "[x]") if f"<!-- {item} -->" in line else line for line in listed.body.split("\n")]
    return edited(product, listed.id, AUTHOR, "\n".join(lines), T0)


def test_two_boxes_clicked_within_a_second_both_count():
    product = turn(ticked(turn(filed(POLICY), POLICY), "idee-vision"), POLICY)
    product = played(ticked(product, "idee-dict"), POLICY)
    assert {item: answer.state for item, answer in product.standing.answers.items()} == {
        "idee-vision": "done",
        "idee-dict": "done",
    }


def test_the_same_click_heard_twice_counts_once():
    product = ticked(turn(filed(POLICY), POLICY), "idee-vision")
    once = played(product, POLICY)
    assert played(once, POLICY).history == once.history


def test_an_edit_put_back_is_undone_by_a_text_that_differs():
    """GitHub takes no note of an edit that changes nothing: the same text again would be written for ever.

    Even twice in the second to which GitHub tells the moment of an edit.
    """
    product = turn(at_gate(POLICY), POLICY)
    for _ in range(2):
        gate = shown(product, "gate:1")
        back = edited(product, gate.id, AUTHOR, gate.body, T0)
        (effect,) = reconcile(back, POLICY, T0)
        assert isinstance(effect, EditComment)
        written = markers.marked_body(effect.message, render(effect.message.notice, "fr"), effect.over)
        assert written != gate.body
        before, after = markers.read_marker(gate.body), markers.read_marker(written)
        assert before
        assert after
        assert (after.intact, after.data, after.record) == (True, before.data, before.record)
        product = applied(back, [effect], POLICY)
        assert reconcile(product, POLICY, T0) == ()


def test_a_voter_spoiled_twice_by_the_same_hand_is_told_once():
    product = played(says(at_gate(POLICY), "data", "/go"), POLICY)
    number = product.issue.comments[-1].id
    product = played(edited(product, number, "data", "/nogo trop tôt", T0), POLICY)
    product = turn(edited(product, number, "secretariat", "/go", T0), POLICY)
    assert shown(product, "gate:1").body.count("ne compte plus") == 1


@pytest.mark.parametrize(
    ("card", "gesture", "waits"),
    [
        (None, None, False),
        (Card("PVTI_1", "Arrêt"), None, True),
        (Card("PVTI_1", "Arrêt"), ManualChange("passant", "d1", "labels"), True),
        (Card("PVTI_1", "Arrêt"), ManualChange("passant", "d1"), False),
        (Card("PVTI_1", "Arrêt", archived=True), None, False),
        (Card("PVTI_1", None), None, False),
        (Card("PVTI_1", "MVP"), None, False),
        (Card("PVTI_1", "Idée"), None, False),
    ],
)
def test_a_card_out_of_place_waits_for_the_delivery_that_tells_whose_hand_it_was(card, gesture, waits):
    """The product has just gone from Idée to MVP: its card may still stand in either column."""
    product = voting(at_gate(POLICY), POLICY, dict.fromkeys(("techno", "secu", "design"), "/go"))
    product = replace(product, issue=replace(product.issue, card=card))
    assert awaits_its_hand(product, POLICY, gesture) is waits
    insisted = CommandRefused(at=T0, by="passant", cause="card:d0", command="MoveCard", reason="resting")
    assert not awaits_its_hand(product.with_facts((insisted,)), POLICY, gesture)
