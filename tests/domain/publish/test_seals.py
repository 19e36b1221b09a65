"""The proof of a decision reaches its comment, by an edit where the comment was there before, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.product.fact import LogPlace
from app.domain.product.facts import GateDecided
from app.domain.product.proof import proof
from app.domain.publish.effects import EditComment
from app.domain.publish.reconcile import reconcile
from tests.builders import T0, a_small_policy, applied, at_gate, shown, turn, voting

POLICY = a_small_policy()
VOTES = {"techno": "/go", "secu": "/go", "design": "/go"}


def sealed_one(text: str = "one"):
    """A product whose decision is entry 17 of a log, and the proof of it."""
    told = turn(voting(at_gate(POLICY), POLICY, VOTES), POLICY)
    rank = next(rank for rank, fact in enumerate(told.history) if isinstance(fact, GateDecided))
    place = LogPlace(17, "0" * 32, 3, "I_1", "dnum/produits", 6)
    history = [replace(fact, sealed=place) if number == rank else fact for number, fact in enumerate(told.history)]
    return replace(told, history=tuple(history), proofs={17: a_proof(text)})


def a_proof(text: str):
    return proof(17, "C3mRxr1fAAAA", f"index 17\n\nlog\n19\nroot\n\n{text}\n", ("LogOpened",))


def edits(product):
    found = reconcile(product, POLICY, T0)
    assert all(isinstance(one, EditComment) for one in found)
    return {one.message.key: one.message for one in found}


def test_a_decision_told_before_gets_its_proof_by_an_edit_once():
    product = sealed_one()
    found = edits(product)
    assert found["decision:1"].seal == product.proofs[17]
    again = applied(product, reconcile(product, POLICY, T0), POLICY)
    assert reconcile(again, POLICY, T0) == ()
    assert "Scellée n° 17 · C3mRxr1f" in shown(again, "decision:1").body


def test_nothing_else_shows_a_proof():
    assert [key for key, message in edits(sealed_one()).items() if message.seal] == ["decision:1"]


@pytest.mark.parametrize("proofs", [{}, {16: a_proof("one")}])
def test_without_its_proof_a_decision_stays_as_it_is(proofs):
    """No key, or nothing signed yet: its facts are carried with their seals, and no line is made up."""
    product = replace(sealed_one(), proofs=proofs)
    assert all(message.seal is None for message in edits(product).values())


def test_the_line_leads_to_the_page_of_its_gate_where_pages_are_served():
    product = sealed_one()
    served = replace(product, issue=replace(product.issue, page="https://jalon.exemple/produit/dnum/produits/6"))
    assert edits(served)["decision:1"].seal.page == "https://jalon.exemple/produit/dnum/produits/6/preuve/1"


def test_a_checkpoint_signed_anew_is_shown():
    """The key was stolen: what it signed late is believed no more, and the new key has signed the same size."""
    product = sealed_one()
    product = applied(product, reconcile(product, POLICY, T0), POLICY)
    signed_anew = replace(product, proofs={17: a_proof("by the new key")})
    assert set(edits(signed_anew)) == {"decision:1"}
    assert reconcile(product, POLICY, T0) == ()
