"""A command belongs to the gate and the phase that were open when its comment was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.facts import BallotAltered, BallotCast, CommandRefused, GateWithdrawn
from app.domain.gestures import Gesture
from app.domain.policy import Policy
from app.domain.product import Card, Product
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, edited, filed, played, ready, says, voting

POLICY = a_small_policy()
SOON = T0 + timedelta(hours=1)


def passed(product: Product, policy: Policy = POLICY) -> Product:
    return voting(product, policy, {"secu": "/go", "techno": "/go", "design": "/go", "data": "/go"})


def words(product: Product, login: str, text: str) -> tuple[Product, int]:
    """The product with a comment that says nothing yet, and its number."""
    product = played(says(product, login, text), POLICY)
    return product, product.issue.comments[-1].id


def mended(product: Product, number: int, login: str, text: str) -> Product:
    return played(edited(product, number, login, text, SOON), POLICY, SOON)


def reasons(product: Product, since: int) -> list[str]:
    return [fact.reason for fact in product.history[since:] if isinstance(fact, CommandRefused)]


HELD_TO_THEIR_GATE = {"older_comment", "no_open_gate"}
OLD = {
    "/demande arrêt": AUTHOR,
    "/retrait trop tôt": AUTHOR,
    "/coche 1": AUTHOR,
    "/décoche 1": AUTHOR,
    "/na 1 sans objet": AUTHOR,
    "/levée 1 rapport": "secretariat",
    "/clore": "secretariat",
    "/décision go\nprésents : techno, secu, design, data": "secretariat",
    "/nogo trop tôt": "data",
}


@pytest.mark.parametrize("text", OLD)
def test_an_older_comment_is_answered_and_not_obeyed(text: str) -> None:
    product, number = words(filed(POLICY), OLD[text], "Bonjour")
    product = played(says(product, AUTHOR, "/coche 1 3\n/demande"), POLICY)
    known = len(product.history)
    product = mended(product, number, OLD[text], text)
    (reason,) = reasons(product, known)
    assert reason == "other_moment" or reason in HELD_TO_THEIR_GATE
    assert len(product.history) == known + 1
    assert product.standing.open_gate


@pytest.mark.parametrize("text", OLD)
def test_nor_once_the_gate_it_was_written_under_is_over(text: str) -> None:
    product, number = words(at_gate(POLICY), OLD[text], "Bonjour")
    product = passed(product)
    known = len(product.history)
    product = mended(product, number, OLD[text], text)
    (reason,) = reasons(product, known)
    assert reason == "other_moment" or reason in HELD_TO_THEIR_GATE
    assert len(product.history) == known + 1


def test_nor_when_a_card_opened_the_gate() -> None:
    product, number = words(ready(POLICY), "secretariat", "Bonjour")
    product = replace(product, issue=replace(product.issue, card=Card("PVTI_1", "MVP")))
    product = played(product, POLICY, T0 + timedelta(hours=2), Gesture(AUTHOR, "livraison"))
    assert product.standing.open_gate
    known = len(product.history)
    assert reasons(mended(product, number, "secretariat", "/clore"), known) == ["other_moment"]


def test_an_older_comment_may_still_ask_for_help() -> None:
    product, number = words(at_gate(POLICY), "data", "Bonjour")
    product = passed(product)
    known = len(product.history)
    assert reasons(mended(product, number, "data", "/aide"), known) == []


@pytest.mark.parametrize("text", ["/coche 1", "/demande"])
def test_a_comment_of_today_is_obeyed_once_mended(text: str) -> None:
    product, number = words(ready(POLICY), AUTHOR, "Bonjour")
    known = len(product.history)
    product = mended(product, number, AUTHOR, text)
    assert len(product.history) > known
    assert reasons(product, known) == []


def test_a_typo_mended_in_a_former_closing_closes_nothing() -> None:
    product, number = words(at_gate(POLICY), "secretariat", "/clore quorrum absent")
    assert isinstance(product.history[-1], GateWithdrawn)
    product = played(says(product, AUTHOR, "/demande"), POLICY)
    known = len(product.history)
    product = mended(product, number, "secretariat", "/clore quorum absent")
    assert product.history[known:] == (), "its free text is no part of it: nothing is asked anew"
    assert product.standing.open_gate


SETTLED = {
    "withdrawal": (AUTHOR, "/retrait trop tot", "/retrait trop tôt"),
    "session": (
        "secretariat",
        "/décision nogo trop tot\nprésents : techno, secu, design, data",
        "/décision nogo trop tôt\nprésents : techno, secu, design, data",
    ),
    "postponement": ("secretariat", "/décision report a revoir", "/décision report à revoir"),
    "recusal": ("data", "/déport conflit d'interet", "/déport conflit d’intérêts"),
}


@pytest.mark.parametrize("kind", SETTLED)
def test_the_free_text_of_what_was_obtained_may_be_mended(kind: str) -> None:
    login, before, after = SETTLED[kind]
    product, number = words(at_gate(POLICY), login, before)
    known = len(product.history)
    assert not isinstance(product.history[-1], CommandRefused)
    assert mended(product, number, login, after).history[known:] == ()


def test_the_evidence_of_a_lifted_condition_may_be_mended() -> None:
    product = voting(
        at_gate(POLICY), POLICY, {"secu": "/go sous réserve\n- audit", "techno": "/go", "design": "/go", "data": "/go"}
    )
    product, number = words(product, "secretariat", "/levée 1 raport")
    known = len(product.history)
    assert mended(product, number, "secretariat", "/levée 1 rapport").history[known:] == ()
    assert reasons(mended(product, number, "secretariat", "/levée 2 rapport"), known) == ["condition_unknown"]


def test_what_was_refused_may_be_asked_again_by_mending_it() -> None:
    product, number = words(at_gate(POLICY), "secretariat", "/décision nogo trop tôt")
    assert reasons(product, 0) == ["attendance_missing"]
    product = mended(product, number, "secretariat", "/décision nogo trop tôt\nprésents : techno, secu, design, data")
    assert product.standing.open_gate is None


def test_a_vote_may_be_rewritten_as_long_as_its_gate_is_open() -> None:
    product, number = words(at_gate(POLICY), "data", "/go")
    product = mended(product, number, "data", "/nogo trop tôt")
    product = played(edited(product, number, "data", "/nogo trop cher", SOON + timedelta(hours=1)), POLICY, SOON)
    gate = product.standing.open_gate
    assert gate
    assert [(ballot.fact.choice, ballot.fact.reason) for ballot in gate.ballots] == [
        ("go", ""),
        ("nogo", "trop tôt"),
        ("nogo", "trop cher"),
    ]


VOTES = {
    "/go": ("/go ", "/nogo trop cher"),
    "/go sous réserve\n- audit": ("/go sous réserve\n- audit complet", "/go"),
    "/nogo trop tot": ("/nogo trop tôt", "/go"),
    "/abstention": ("/abstention faute de temps", "/go"),
}


@pytest.mark.parametrize("said", VOTES)
def test_a_vote_mended_after_its_gate_is_answered_only_if_it_says_something_else(said: str) -> None:
    same, other = VOTES[said]
    product, number = words(at_gate(POLICY), "data", said)
    assert isinstance(product.history[-1], BallotCast)
    product = voting(product, POLICY, {"secu": "/go", "techno": "/go", "design": "/go"})
    assert product.standing.open_gate is None
    known = len(product.history)
    fresh = mended(product, number, "data", same).history[known:]
    assert [fact for fact in fresh if not isinstance(fact, BallotAltered)] == [], "noted under the decision, no more"
    assert len(reasons(mended(product, number, "data", other), known)) == 1
