"""A recusal holds for the product, gate after gate, by the number of the account, until its author takes it back."""

from __future__ import annotations

import pytest

from app.domain.product import gates
from app.domain.product.accounts import Account
from app.domain.product.fact_json import from_json, to_json
from app.domain.product.facts import BallotCast, CommandRefused, GateRequested, RecusalEnded
from app.domain.product.lawful import breach
from app.domain.product.state import Product
from tests.builders import AUTHOR, SMALL, a_small_policy, at_gate, edited, parsed, played, says, turn, voting
from tests.domain.decide.test_identity import STRANGER, after, numbered, opened, renamed

POLICY = a_small_policy()
NOGO = {"techno": "/nogo dette", "secu": "/go"}
AGAIN = "/demande mvp\n1 : remboursée"


def at_second_gate(*aside: str) -> Product:
    """Whoever is named recused at the first gate, which ended in a no-go."""
    product = at_gate(POLICY)
    product = voting(product, POLICY, dict.fromkeys(aside, "/déport"))
    product = voting(product, POLICY, NOGO)
    return played(says(product, AUTHOR, AGAIN), POLICY)


def lent(product: Product, login: str) -> Product:
    """A login given up, now somebody else's."""
    return numbered(product, {**product.issue.numbers, login: STRANGER})


def test_a_stranger_takes_nothing_back() -> None:
    record = at_second_gate("data").standing.open_gate
    assert record
    assert record.welcoming(Account("inconnue", STRANGER)) == record


def tally(product: Product) -> gates.Tally:
    assert product.standing.open_gate
    return gates.tally(product.standing.open_gate)


def test_a_recusal_holds_at_the_next_gate_from_its_opening() -> None:
    product = at_second_gate("design")
    assert product.standing.open_gate
    assert product.standing.open_gate.request.recused == ("design",)
    assert (tally(product).recused, "design" in tally(product).silent) == (("design",), False)
    refused = played(says(product, "design", "/go"), POLICY).history[-1]
    assert isinstance(refused, CommandRefused)
    assert refused.reason == "recused"


def test_the_substitute_speaks_for_the_seat() -> None:
    product = at_gate(POLICY)
    product = voting(product, POLICY, {"techno": "/déport", "techno-suppleance": "/nogo dette", "secu": "/go"})
    product = played(says(product, AUTHOR, AGAIN), POLICY)
    assert product.standing.open_gate
    assert product.standing.open_gate.recused == {"techno"}
    assert "technologie" in tally(product).silent
    refused = played(says(product, "techno", "/go"), POLICY).history[-1]
    assert dict(refused.details) == {"others": "techno-suppleance"}  # type: ignore[attr-defined]
    assert tally(voting(product, POLICY, {"techno-suppleance": "/go"})).go == ("technologie",)


@pytest.mark.parametrize("text", ["/annule-déport", "/Annule-Deport", "/annuler-déport", "/unrecuse", "/annule‑déport"])
def test_a_recusal_taken_back_leaves_the_seat_awaited(text: str) -> None:
    product = voting(at_second_gate("design"), POLICY, {"design": text})
    assert isinstance(product.history[-1], RecusalEnded)
    assert "design" in tally(product).silent
    assert tally(voting(product, POLICY, {"design": "/go"})).go == ("design",)


def test_a_slip_is_undone_while_the_gate_is_open_and_nothing_said_before_counts() -> None:
    product = voting(at_gate(POLICY), POLICY, {"design": "/go"})
    product = voting(product, POLICY, {"design": "/déport"})
    assert tally(product).recused == ("design",)
    product = voting(product, POLICY, {"design": "/annule-déport"})
    assert tally(product).silent == ("technologie", "securite", "design", "data")
    again = voting(product, POLICY, {"design": "/déport je confirme"})
    assert tally(again).recused == ("design",)
    assert breach(again.history) == 0


def test_between_two_gates_a_recusal_is_taken_back_for_those_to_come() -> None:
    product = voting(at_gate(POLICY), POLICY, {"design": "/déport"})
    product = voting(voting(product, POLICY, NOGO), POLICY, {"design": "/annule-déport fini"})
    ended = product.history[-1]
    assert isinstance(ended, RecusalEnded)
    assert (ended.gate, ended.reason) == (None, "fini")
    assert from_json(to_json(ended)) == ended
    product = played(says(product, AUTHOR, AGAIN), POLICY)
    assert "design" in tally(product).silent
    assert breach(product.history) == 0


@pytest.mark.parametrize("login", ["secu", "passant"])
def test_there_is_nothing_to_take_back(login: str) -> None:
    fact = played(says(at_second_gate("design"), login, "/annule-déport"), POLICY).history[-1]
    assert isinstance(fact, CommandRefused)
    assert fact.reason == "not_recused"


def test_a_person_is_their_number_whatever_their_login() -> None:
    """Design's holder was renamed, and the rules say so; somebody else has the name they gave up."""
    product = opened()
    for login, text in (("design", "/déport"), ("techno", "/nogo dette"), ("secu", "/go")):
        product = after(product, login, text)
    assert not product.standing.open_gate
    policy = parsed(SMALL.replace("holder: design", "holder: graphisme"))
    product = lent(renamed(product, "design", "graphisme"), "design")
    product = after(product, AUTHOR, AGAIN, policy=policy)
    assert product.standing.open_gate
    assert product.standing.open_gate.request.recused == ("graphisme",)
    assert tally(product).recused == ("design",)
    stranger = after(product, "design", "/annule-déport", STRANGER, policy=policy)
    assert stranger.history[-1].reason == "not_recused"  # type: ignore[attr-defined]
    back = after(product, "graphisme", "/annule-déport", policy=policy)
    assert "design" in tally(back).silent


def test_a_gate_that_could_not_give_a_go_does_not_open() -> None:
    product = at_second_gate()
    product = voting(product, POLICY, {"secu": "/déport", "techno": "/nogo encore", "data": "/go"})
    fact = played(says(product, AUTHOR, AGAIN), POLICY).history[-1]
    assert isinstance(fact, CommandRefused)
    assert [(str(one.kind), one.text) for one in fact.blockers] == [("mandatory_recused", "Sécurité")]


def test_the_quorum_counts_those_who_may_vote() -> None:
    product = at_gate(POLICY, "arrêt")
    product = voting(product, POLICY, {"design": "/déport", "data": "/déport", "techno": "/déport"})
    product = played(says(product, AUTHOR, "/retrait"), POLICY)
    product = voting(product, POLICY, {"techno-suppleance": "/déport"})
    fact = played(says(product, AUTHOR, "/demande arrêt"), POLICY).history[-1]
    assert isinstance(fact, GateRequested)  # the substitute may still speak for Technology
    product = voting(product, POLICY, {"secu": "/annule-déport"})
    assert not product.standing.open_gate


def test_a_gate_opened_by_a_former_version_keeps_its_electorate() -> None:
    """Its opening names nobody recused: whoever voted there keeps their vote, even if they take a recusal back."""
    product = at_second_gate("design")
    opening = product.history[-1]
    assert isinstance(opening, GateRequested)
    former = Product(product.issue, (*product.history[:-1], from_json({**to_json(opening), "recused": []})))
    voted = voting(former, POLICY, {"design": "/go"})
    assert isinstance(voted.history[-1], BallotCast)
    back = voting(voted, POLICY, {"design": "/annule-déport"})
    assert tally(back).go == ("design",)
    assert breach(back.history) == 0


def test_a_recusal_edited_into_a_vote_is_told_how_to_come_back() -> None:
    product = says(at_gate(POLICY), "design", "/déport")
    number = max(comment.id for comment in product.issue.comments)
    product = played(edited(played(product, POLICY), number, "design", "/go"), POLICY)
    assert product.history[-1].reason == "recused"  # type: ignore[attr-defined]
    assert tally(product).recused == ("design",)


def test_the_gate_shows_who_stands_aside() -> None:
    text = turn(at_second_gate("design"), POLICY).issue.comments[-1].body
    assert "| Design | ↩️ déport | design |" in text


def test_what_nobody_could_have_taken_back_is_no_history() -> None:
    product = at_second_gate("design")
    note = {"at": product.history[-1].at, "by": "secu", "cause": "comment:900:x"}
    assert breach((*product.history, RecusalEnded(**note))) == len(product.history) + 1
    back = RecusalEnded(**{**note, "by": "design"}, gate=1)
    assert breach((*product.history, back)) == len(product.history) + 1
