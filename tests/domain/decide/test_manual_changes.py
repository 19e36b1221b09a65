"""Hands on the board, the labels and the issue itself: what each asks for, and how often it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.decide.manual_changes import REPAIRS_AN_HOUR, ManualChange, is_resting, recent
from app.domain.decide.pending import is_product, pending_requests
from app.domain.product.facts import CommandRefused, GateRequested, PhaseEntered
from app.domain.product.issue import Card
from app.domain.product.state import Product
from app.domain.publish.effects import ChangeLabels, PlaceCard, PostComment, Reopen, RestoreCard
from app.domain.publish.reconcile import reconcile
from tests.builders import AUTHOR, T0, a_product, a_small_policy, at_gate, filed, played, ready, says, turn, voting

POLICY = a_small_policy()
GO = {"data": "/go", "secu": "/go", "techno": "/go"}


def changed(product: Product, **issue: object) -> Product:
    return replace(product, issue=replace(product.issue, **issue))  # type: ignore[arg-type]


def dragged(product: Product, column: str | None) -> Product:
    return changed(product, card=Card("PVTI_1", column))


def ended() -> Product:
    """A product led to its last phase by the committee."""
    asked = played(says(filed(POLICY), AUTHOR, "/demande arrêt"), POLICY)
    return turn(voting(asked, POLICY, {"data": "/go", "secu": "/go", "techno": "/go"}), POLICY)


def said(product: Product) -> list[str]:
    return [fact.reason for fact in product.history if isinstance(fact, CommandRefused)]


@pytest.mark.parametrize(
    ("by", "column", "start", "outcome"),
    [
        (AUTHOR, "MVP", "ready", "requested"),
        ("secretariat", "MVP", "ready", "requested"),
        (AUTHOR, "MVP", "filed", "blocked"),
        (AUTHOR, "Arrêt", "filed", "requested"),
        (AUTHOR, "Idée", "ended", "illegal_move"),
        (AUTHOR, "Divers", "ready", "unknown_column"),
        (AUTHOR, None, "ready", "unknown_column"),
        (AUTHOR, "MVP", "at_gate", "gate_open"),
        ("secu", "MVP", "ready", "not_team"),
        ("passant", None, "ready", "not_team"),
        ("passant", "Idée", "ready", ""),
        ("secretariat", "Arrêt", "ended", ""),
    ],
)
def test_what_a_moved_card_asks_for(by: str, column: str | None, start: str, outcome: str) -> None:
    makers = {
        "ready": lambda: ready(POLICY),
        "filed": lambda: filed(POLICY),
        "at_gate": lambda: at_gate(POLICY),
        "ended": ended,
    }
    before = turn(makers[start](), POLICY)
    here = before.issue.card.column if before.issue.card else ""
    after = turn(dragged(before, column), POLICY, gesture=ManualChange(by, "d1"))
    fresh = after.history[len(before.history) :]
    found = ["requested" if isinstance(fact, GateRequested) else getattr(fact, "reason", "?") for fact in fresh]
    assert found == ([outcome] if outcome else [])
    assert after.issue.card == Card("PVTI_1", here)
    assert reconcile(after, POLICY, T0) == ()


def test_the_secretariat_may_be_quicker_than_the_decision() -> None:
    """The vote that decides and the card moved to the new phase arrive in one turn: nothing is said."""
    product = says(voting(at_gate(POLICY), POLICY, {"data": "/go", "secu": "/go"}), "techno", "/go")
    product = turn(dragged(product, "MVP"), POLICY, gesture=ManualChange("secretariat", "d1"))
    assert product.standing.phase == "mvp"
    assert said(product) == []


@pytest.mark.parametrize(
    "gesture",
    [
        ManualChange(AUTHOR, "d1", board="PVT_autre"),
        ManualChange(AUTHOR, "d1", column="Arrêt"),
        ManualChange(AUTHOR, "d1", column=""),
        ManualChange(AUTHOR, "d1", "removed", board="PVT_autre"),
        ManualChange(AUTHOR, "d1", "removed"),
        ManualChange(AUTHOR, "d1", "labels", label="à moi"),
        ManualChange(AUTHOR, "d1", "labels", label="phase: mvp"),
        ManualChange(AUTHOR, "d1", "closed"),
        None,
    ],
)
def test_gestures_that_are_not_ours_or_are_overtaken_ask_nothing(gesture: ManualChange | None) -> None:
    product = dragged(turn(ready(POLICY), POLICY), "MVP")
    assert played(product, POLICY, gesture=gesture).history == product.history
    assert [type(effect) for effect in reconcile(product, POLICY, T0)] == [PlaceCard]


def test_a_gesture_told_in_full_is_understood() -> None:
    product = dragged(turn(ready(POLICY), POLICY), "MVP")
    assert played(product, POLICY, gesture=ManualChange(AUTHOR, "d1", board="PVT_1", column="MVP")).standing.open_gate


def test_without_a_board_or_the_column_of_the_phase_nothing_is_asked() -> None:
    product = dragged(turn(ready(POLICY), POLICY), "MVP")
    board = product.issue.board
    assert board
    for lost in (None, replace(board, options={"MVP": "option-mvp"})):
        assert (
            played(changed(product, board=lost), POLICY, gesture=ManualChange(AUTHOR, "d1")).history == product.history
        )
    removed = changed(product, card=None, board=None)
    assert played(removed, POLICY, gesture=ManualChange(AUTHOR, "d1", "removed")).history == product.history
    assert played(changed(product, card=None), POLICY, gesture=ManualChange(AUTHOR, "d1")).history == product.history


def test_nothing_is_asked_of_an_issue_not_filed_yet() -> None:
    assert (
        played(dragged(a_product(POLICY), "MVP"), POLICY, gesture=ManualChange(AUTHOR, "d1")).standing.phase == "idee"
    )
    closed = changed(a_product(POLICY), is_open=False)
    assert not is_product(closed, POLICY)
    assert pending_requests(closed, POLICY) == ()


@pytest.mark.parametrize("card", [Card("PVTI_1", "Idée", archived=True), Card("PVTI_1", "MVP", archived=True), None])
def test_a_card_taken_off_the_board_comes_back_with_a_word(card: Card | None) -> None:
    product = changed(turn(ready(POLICY), POLICY), card=card)
    kinds = [type(effect) for effect in reconcile(product, POLICY, T0)]
    assert kinds == [*([RestoreCard] if card else []), *([PlaceCard] if card is None or card.column == "MVP" else [])]
    product = turn(product, POLICY, gesture=ManualChange("passant", "d1", "removed"))
    assert product.issue.card == Card("PVTI_1", "Idée")
    assert said(product) == ["card_removed"]


def test_once_ended_a_product_may_leave_the_board_and_be_closed() -> None:
    product = ended()
    archived = changed(product, card=Card("PVTI_1", "Arrêt", archived=True))
    removed = changed(product, card=None, is_open=False)
    for gone in (archived, removed, changed(product, is_open=False)):
        for kind in ("removed", "closed"):
            assert turn(gone, POLICY, gesture=ManualChange(AUTHOR, "d1", kind)) == gone
    assert reconcile(changed(product, card=None), POLICY, T0)


def test_labels_changed_by_hand_go_back_with_one_word() -> None:
    product = turn(ready(POLICY), POLICY)
    by_hand = changed(product, labels=frozenset({"produit", "phase: mvp"}))
    product = turn(by_hand, POLICY, gesture=ManualChange(AUTHOR, "d1", "labels", label="phase: idée"))
    assert product.issue.labels == {"produit", "phase: idée"}
    assert said(product) == ["relabelled"]
    assert turn(product, POLICY, gesture=ManualChange(AUTHOR, "d2", "labels", label="phase: mvp")) == product
    asked = changed(product, labels=product.issue.labels | {"passage: demandé"})
    assert (
        played(asked, POLICY, gesture=ManualChange(AUTHOR, "d3", "labels", label="PASSAGE: demandé")).history[-1].cause
        == "labels:d3"
    )


def closed(product: Product, seconds: int = 0) -> Product:
    return changed(product, is_open=False, closed_at=T0 + timedelta(seconds=seconds))


def test_an_issue_closed_without_a_decision_is_opened_again() -> None:
    product = turn(closed(turn(filed(POLICY), POLICY)), POLICY, gesture=ManualChange("passant", "d1", "closed"))
    assert product.issue.is_open
    refusal = product.history[-1]
    assert isinstance(refusal, CommandRefused)
    assert (refusal.reason, refusal.by, dict(refusal.details)["end"]) == ("closed_by_hand", "passant", "Arrêt")
    silent = turn(closed(product, 1), POLICY)
    assert silent.issue.is_open
    assert silent.history[-1].by == ""


def test_the_vote_that_ends_a_product_lets_it_be_closed_in_the_same_turn() -> None:
    asked = turn(says(filed(POLICY), AUTHOR, "/demande arrêt"), POLICY)
    product = says(says(asked, "data", "/go"), "secu", "/go")
    product = turn(closed(product), POLICY, gesture=ManualChange("secretariat", "d1", "closed"))
    assert not product.issue.is_open
    assert said(product) == []


def test_a_policy_without_an_end_sends_to_the_secretariat() -> None:
    endless = replace(POLICY, gates=tuple(gate for gate in POLICY.gates if gate.to != "arret"))
    product = played(closed(filed(endless)), endless)
    assert dict(product.history[-1].details)["end"] == ""  # type: ignore[attr-defined]


def test_the_same_gesture_is_explained_once_a_day_to_each_person() -> None:
    product = turn(ready(POLICY), POLICY)
    for number, by in enumerate(["passant", "passant", "secu", "passant"]):
        now = T0 + timedelta(minutes=number)
        product = turn(dragged(product, "MVP"), POLICY, now, ManualChange(by, f"d{number}"))
    assert said(product) == ["not_team"] * 4
    replies = [c for c in product.issue.comments if c.trace and c.trace.key.startswith("reply:")]
    assert len(replies) == 2
    assert all(reply.body.count("Seules la personne") == 1 for reply in replies)
    tomorrow = T0 + timedelta(days=1, minutes=5)
    product = turn(dragged(product, "MVP"), POLICY, tomorrow, ManualChange("passant", "d9"))
    assert len([c for c in product.issue.comments if c.trace and c.trace.key.startswith("reply:")]) == 3


def test_an_automation_is_told_apart_from_people() -> None:
    product = turn(
        dragged(turn(ready(POLICY), POLICY), "MVP"), POLICY, gesture=ManualChange("robot[bot]", "d1", by_bot=True)
    )
    assert said(product) == ["automation"]


def test_two_automations_that_fight_are_left_alone_for_a_while() -> None:
    product, now = turn(ready(POLICY), POLICY), T0
    for number in range(3 * REPAIRS_AN_HOUR):
        now = T0 + timedelta(seconds=number)
        product = turn(dragged(product, "MVP"), POLICY, now, ManualChange("robot[bot]", f"d{number}", by_bot=True))
    assert is_resting(product, now)
    assert len(recent(product, now)) == REPAIRS_AN_HOUR
    assert said(product) == [*["automation"] * REPAIRS_AN_HOUR, "resting"]
    assert product.issue.card == Card("PVTI_1", "MVP")
    assert reconcile(product, POLICY, now) == ()
    later = now + timedelta(hours=1)
    assert [type(effect) for effect in reconcile(product, POLICY, later)] == [PlaceCard]
    product = turn(product, POLICY, later)
    assert product.issue.card == Card("PVTI_1", "Idée")


def test_a_decision_ends_the_rest() -> None:
    product = turn(at_gate(POLICY), POLICY)
    for number in range(REPAIRS_AN_HOUR):
        product = turn(dragged(product, "Arrêt"), POLICY, T0, ManualChange("passant", f"d{number}"))
    assert is_resting(product, T0)
    product = turn(voting(product, POLICY, GO), POLICY)
    assert isinstance(product.history[-1], PhaseEntered)
    assert product.issue.card == Card("PVTI_1", "MVP")


def test_effects_of_a_closed_relabelled_archived_product_are_all_undone_at_once() -> None:
    product = turn(filed(POLICY), POLICY)
    product = changed(closed(product), labels=frozenset(), card=Card("PVTI_1", "MVP", archived=True))
    kinds = [type(effect) for effect in reconcile(played(product, POLICY), POLICY, T0)]
    assert kinds == [Reopen, ChangeLabels, RestoreCard, PlaceCard, PostComment]
