"""Why a product is where it is: the vote that led there, what is awaited, what blocks, what would change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.product.facts import Blocker
from app.domain.publish.effects import Effect, RemoveComment
from app.domain.publish.reconcile import reconcile
from app.domain.report.explanation import PlannedChange, change, explain, planned, product_from_register
from tests.builders import (
    AUTHOR,
    T0,
    a_body,
    a_product,
    a_small_policy,
    applied,
    at_gate,
    filed,
    played,
    ready,
    says,
    turn,
    voting,
)

POLICY = a_small_policy()
GO = dict.fromkeys(("techno", "secu", "design", "data"), "/go")


def told(product):
    return explain(product, POLICY, T0)


def arrived(conditions=""):
    votes = GO | ({"secu": f"/go sous réserve\n{conditions}"} if conditions else {})
    return voting(at_gate(POLICY), POLICY, votes)


def test_a_product_just_filed_waits_for_its_checklist_and_its_form():
    product = played(a_product(POLICY, body=a_body(POLICY, without=["probleme"])), POLICY)
    seen = told(product)
    assert (seen.phase, seen.since, seen.entry, seen.gate) == ("Idée", T0, None, None)
    assert seen.next_phase == "MVP"
    assert seen.blockers == (
        Blocker("question", text="Quel problème ?"),
        Blocker("item", number=1, text="Vision formulée"),
        Blocker("item", number=3, text="Sensibilité estimée"),
    )


def test_nothing_blocks_a_product_that_is_ready():
    assert told(ready(POLICY)).blockers == ()


def test_an_open_gate_tells_who_spoke_and_who_is_awaited():
    seen = told(voting(at_gate(POLICY), POLICY, {"design": "/go", "data": "/nogo trop tôt"}))
    assert seen.gate
    assert (seen.gate.target, seen.requested_on, seen.blockers) == ("MVP", T0, ())
    assert [(seat.name, seat.choice, seat.reason) for seat in seen.spoken] == [
        ("Design", "go", ""),
        ("Data", "nogo", "trop tôt"),
    ]
    assert [(seat.name, seat.mandatory) for seat in seen.silent] == [("Technologie", False), ("Sécurité", True)]


def test_without_an_open_gate_nobody_is_awaited():
    assert (told(filed(POLICY)).spoken, told(filed(POLICY)).silent) == ((), ())


def test_a_phase_reached_is_told_with_its_vote_and_its_open_conditions():
    seen = told(arrived("Sécurité : relire les accès"))
    assert seen.phase == "MVP"
    assert seen.entry
    assert (seen.entry.number, seen.entry.go, seen.entry.nogo) == (1, 3, 0)
    assert [(one.number, one.text) for one in seen.conditions] == [(1, "Sécurité : relire les accès")]
    lifted = played(says(arrived("Sécurité : relire les accès"), "secu", "/levée 1 fait"), POLICY)
    assert told(lifted).conditions == ()


def test_a_refusal_is_told_until_a_new_request():
    refused = voting(at_gate(POLICY), POLICY, {"techno": "/nogo pas prêt", "secu": "/nogo non plus"})
    seen = told(refused)
    assert seen.refusal
    assert [point.text for point in seen.refusal.objections] == ["pas prêt", "non plus"]
    assert (seen.phase, seen.gate) == ("Idée", None)
    assert told(played(says(refused, AUTHOR, "/demande\n1. prêt\n2. aussi"), POLICY)).refusal is None


def test_a_phase_without_exit_blocks_nothing():
    product = voting(played(says(filed(POLICY), AUTHOR, "/demande arrêt"), POLICY), POLICY, GO)
    seen = told(product)
    assert (seen.phase, seen.next_phase, seen.blockers) == ("Arrêt", "", ())


def test_a_product_never_filed_cannot_be_explained():
    with pytest.raises(ValueError, match="never filed"):
        told(a_product(POLICY))


def test_what_a_turn_would_do_is_named():
    product = filed(POLICY)
    seen = planned(told(product), 2, reconcile(product, POLICY, T0))
    assert seen.new_facts == 2
    assert seen.changes == (
        PlannedChange("ChangeLabels", added=("phase: idée",)),
        PlannedChange("PlaceCard", "Idée"),
        PlannedChange("PostComment", "welcome"),
        PlannedChange("PostComment", "checklist:1"),
    )
    settled = turn(product, POLICY)
    assert planned(told(settled), 0, reconcile(settled, POLICY, T0)).changes == ()
    asked = says(settled, AUTHOR, "/coche 1")
    kinds = [one.kind for one in map(change, reconcile(played(asked, POLICY), POLICY, T0))]
    assert kinds == ["EditComment", "EditComment", "React"]  # the state in the welcome, the list, the nod
    assert change(Effect()) == PlannedChange("Effect")
    assert change(RemoveComment(7, "forged")) == PlannedChange("RemoveComment", "forged")


def test_the_register_alone_tells_the_same_but_for_what_is_on_github():
    product = arrived("relire les accès")
    issue, history = product.issue, product.history
    alone = product_from_register(issue.id, issue.repository, issue.number, history, POLICY)
    assert told(alone) == told(applied(product, (), POLICY))


def test_a_history_without_filing_is_told_by_its_number():
    product = arrived()
    alone = product_from_register("I_1", "ministere/produits", 1, product.history[1:], POLICY)
    assert told(alone).title == "ministere/produits#1"


def test_a_question_dropped_from_the_rules_is_left_out():
    product = filed(POLICY)
    history = (replace(product.history[0], answers=(("disparue", "oui"),)), *product.history[1:])
    alone = product_from_register("I_1", "ministere/produits", 1, history, POLICY)
    assert alone.issue.body == ""
