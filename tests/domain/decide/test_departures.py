"""Products set aside as duplicates, deleted, or transferred with their discussion."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide.departures import LeaveCommittee, decide_leave, departure_requests, is_gone, left, taken_over
from app.domain.decide.manual_changes import ManualChange
from app.domain.decide.pending import pending_requests
from app.domain.decide.request import Request
from app.domain.product import history_in_comments
from app.domain.product.facts import (
    CommandRefused,
    GateRequested,
    GateWithdrawn,
    PastPhase,
    ProductLeft,
    ProductMoved,
    ProductReturned,
)
from app.domain.product.imported import ImportedProduct, facts
from app.domain.product.state import Product
from app.domain.publish.reconcile import reconcile
from app.domain.report.portfolio import Tracked, row
from tests.builders import AUTHOR, T0, a_product, a_small_policy, at_gate, filed, played, says, turn, voting

POLICY = a_small_policy()
HAND = ManualChange(AUTHOR, "d1", "closed", reason="duplicate")


def changed(product: Product, **values: object) -> Product:
    return replace(product, issue=replace(product.issue, **values))  # type: ignore[arg-type]


def closed(product: Product, gesture: ManualChange = HAND, *, hours: int = 0) -> Product:
    at = T0 + timedelta(hours=hours)
    return turn(changed(product, is_open=False, closed_at=at), POLICY, gesture=gesture)


@pytest.mark.parametrize("login", [AUTHOR, "secretariat"])
def test_an_issue_filed_twice_is_set_aside_and_followed_no_longer(login: str) -> None:
    product = closed(turn(filed(POLICY), POLICY), replace(HAND, by=login))
    last = product.history[-1]
    assert isinstance(last, ProductLeft)
    assert (last.how, last.by) == ("duplicate", login)
    assert not product.issue.is_open
    assert reconcile(product, POLICY, T0) == ()
    assert row(Tracked("a/b", 1, "x", product.history), POLICY, T0 + timedelta(days=1)) is None
    assert pending_requests(says(product, AUTHOR, "/demande"), POLICY) == ()


def test_opened_again_it_is_followed_again_with_what_was_said_meanwhile() -> None:
    product = closed(turn(filed(POLICY), POLICY))
    product = turn(changed(says(product, AUTHOR, "/coche 1"), is_open=True), POLICY)
    assert any(isinstance(fact, ProductReturned) for fact in product.history)
    assert product.standing.left is None
    assert product.standing.answers
    assert row(Tracked("a/b", 1, "x", product.history), POLICY, T0 + timedelta(days=1)) is not None
    again = closed(product, hours=1)
    assert again.standing.left
    assert [type(fact) for fact in again.history].count(ProductLeft) == 2


def imported() -> Product:
    taken = ImportedProduct("p1", "Repris", (PastPhase("investigation", "idee", "2020-01-01", ""),))
    return turn(replace(a_product(POLICY), history=facts(taken, POLICY, T0)), POLICY)


@pytest.mark.parametrize(
    ("product", "gesture", "reason"),
    [
        (at_gate(POLICY), HAND, "closed_as_duplicate"),
        (filed(POLICY), replace(HAND, by="passant"), "closed_as_duplicate"),
        (imported(), replace(HAND, by="secretariat"), "closed_as_duplicate"),
        (filed(POLICY), replace(HAND, reason="not_planned"), "closed_by_hand"),
        (filed(POLICY), replace(HAND, reason="completed"), "closed_by_hand"),
    ],
    ids=["examined", "not the team", "imported", "not planned", "completed"],
)
def test_any_other_closing_is_undone_with_the_way_to_ask(product: Product, gesture: ManualChange, reason: str) -> None:
    product = closed(turn(product, POLICY), gesture)
    (refusal,) = [fact for fact in product.history if isinstance(fact, CommandRefused)]
    assert (refusal.reason, dict(refusal.details)["end"]) == (reason, "Arrêt")
    assert product.issue.is_open


def test_an_issue_gone_is_recorded_once() -> None:
    history = filed(POLICY).history
    (fact,) = left(history, "transferred", "secretariat", "d1", T0, "dnum/autre#3")
    assert fact == ProductLeft(at=T0, by="secretariat", cause="gone:d1", how="transferred", to="dnum/autre#3")
    assert left((*history, fact), "deleted", "secretariat", "d2", T0) == ()
    back = ProductReturned(at=T0, by="", cause="returned:1")
    assert left((*history, fact, back), "deleted", "secretariat", "d2", T0)
    assert left((), "deleted", "secretariat", "d2", T0) == ()


def transferred(product: Product) -> Product:
    """The same discussion under other numbers, and a register that knows nothing of it."""
    comments = tuple(replace(one, id=one.id + 50_000) for one in product.issue.comments)
    moved = changed(product, id="I_2", comments=comments)
    return replace(moved, history=taken_over(moved.issue, product.history, T0))


def test_a_gate_stays_open_when_its_product_comes_from_no_other_committee() -> None:
    moved = transferred(turn(at_gate(POLICY), POLICY))
    assert played(moved, POLICY).standing.open_gate


def test_a_gate_is_left_with_the_committee_that_opened_it() -> None:
    voted = turn(voting(turn(at_gate(POLICY), POLICY), POLICY, {"data": "/go", "techno": "/go"}), POLICY)
    moved = transferred(voted)
    known = taken_over(moved.issue, voted.history, T0, "dnum/archives")
    left = played(replace(moved, history=known), POLICY)
    assert left.standing.open_gate is None
    (withdrawn,) = [fact for fact in left.history if isinstance(fact, GateWithdrawn)]
    assert (withdrawn.by, withdrawn.came_from) == ("", "dnum/archives")
    assert played(left, POLICY).history == left.history, "once"
    again = played(says(left, AUTHOR, "/demande mvp"), POLICY)
    assert again.standing.open_gate, "the committee here is asked anew"
    assert played(says(again, "data", "/go"), POLICY).standing.open_gate


def test_a_gate_opened_since_the_transfer_stays_open_however_its_facts_were_read_back() -> None:
    product = at_gate(POLICY)
    opening = next(rank for rank, fact in enumerate(product.history) if isinstance(fact, GateRequested))
    moved = ProductMoved(at=T0, by="", cause="transfer", came_from="dnum/archives")
    product = replace(product, history=(*product.history[:opening], moved, *product.history[opening:]))
    assert product.standing.open_gate
    read_back = product.seen_as(history=tuple(map(replace, product.history)))
    assert [one for one in departure_requests(read_back) if isinstance(one.command, LeaveCommittee)] == []


def test_nothing_is_left_where_no_gate_is_open() -> None:
    product = filed(POLICY)
    asked = Request(LeaveCommittee("dnum/archives"), "", "committee:1:dnum/archives")
    assert decide_leave(asked, LeaveCommittee("dnum/archives"), product, POLICY, T0) == []


@pytest.mark.parametrize(("how", "gone"), [("deleted", True), ("transferred", True), ("duplicate", False)])
def test_the_issue_of_a_duplicate_is_still_there(how: str, gone: bool) -> None:
    assert is_gone(ProductLeft(at=T0, by="", cause="gone:d1", how=how)) is gone
    assert not is_gone(ProductReturned(at=T0, by="", cause="returned:d1"))


def test_a_transferred_discussion_is_not_answered_twice() -> None:
    product = turn(voting(turn(at_gate(POLICY), POLICY), POLICY, {"data": "/go", "techno": "/go"}), POLICY)
    product = turn(says(product, "passant", "/go"), POLICY)
    moved = transferred(product)
    assert isinstance(moved.history[-1], ProductMoved)
    assert played(moved, POLICY).history == moved.history, "nothing is asked again, no vote is missing"
    settled = turn(moved, POLICY)
    assert reconcile(settled, POLICY, T0) == ()
    decided = played(says(settled, "secu", "/go"), POLICY)
    assert decided.standing.phase == "mvp"


def test_a_register_lost_after_the_transfer_is_rebuilt_as_it_was() -> None:
    settled = turn(transferred(turn(says(filed(POLICY), AUTHOR, "/coche 1"), POLICY)), POLICY)
    found = history_in_comments.restored_history(settled.issue.comments)
    assert taken_over(settled.issue, found.history, T0) == settled.history
    twice = transferred(replace(settled, issue=replace(settled.issue, id="I_3")))
    again = replace(twice, issue=replace(twice.issue, id="I_4"))
    assert taken_over(again.issue, twice.history, T0)[-1].cause == "moved:I_4"


def test_what_was_not_answered_before_the_transfer_is_answered_after() -> None:
    product = turn(at_gate(POLICY), POLICY)
    moved = transferred(says(says(product, "data", "/go"), "data", "Bonjour"))
    assert [fact.by for fact in played(moved, POLICY).history[len(moved.history) :]] == ["data"]


def test_a_vote_rewritten_by_another_after_the_transfer_is_void() -> None:
    product = turn(voting(turn(at_gate(POLICY), POLICY), POLICY, {"data": "/go"}), POLICY)
    moved = transferred(product)
    comments = tuple(replace(one, editor="passant") if one.author == "data" else one for one in moved.issue.comments)
    void = played(changed(moved, comments=comments), POLICY)
    assert [ballot.voided_by for ballot in void.standing.gates[1].ballots] == ["passant"]


def test_a_history_at_home_or_in_which_nobody_spoke_was_not_transferred() -> None:
    product = turn(says(filed(POLICY), AUTHOR, "/coche 1"), POLICY)
    assert taken_over(product.issue, product.history, T0) == product.history
    silent = filed(POLICY)
    assert taken_over(silent.issue, silent.history, T0) == silent.history
