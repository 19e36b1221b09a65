"""What GitHub must be made to show, and the silence once it shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy.label_names import CONDITION_OPEN, GATE_REFUSED, GATE_REQUESTED
from app.domain.policy.model import Policy
from app.domain.product import history_in_comments
from app.domain.product.facts import CommandRefused
from app.domain.product.issue import Board, Card
from app.domain.product.state import Product
from app.domain.publish import comments, notices
from app.domain.publish.effects import ChangeLabels, EditComment, PlaceCard, PostComment, React, RemoveComment, TakeBack
from app.domain.publish.reconcile import reconcile
from tests.builders import (
    AUTHOR,
    T0,
    a_policy,
    a_product,
    a_small_policy,
    applied,
    at_gate,
    deleted,
    edited,
    filed,
    played,
    ready,
    says,
    shown,
    turn,
    voting,
)

POLICY = a_small_policy()
GO = {"data": "/go", "secu": "/go", "techno": "/go"}


def labels(product: Product) -> set[str]:
    return {label for label in product.issue.labels if label != "produit"}


def keys(product: Product) -> list[str]:
    return [comment.trace.key for comment in product.issue.comments if comment.trace]


@pytest.mark.parametrize("policy", [a_policy("fr"), a_policy("en"), a_small_policy("fr"), a_small_policy("en")])
def test_a_turn_leaves_nothing_to_do(policy: Policy) -> None:
    product = turn(at_gate(policy), policy)
    assert reconcile(product, policy, T0) == ()
    assert keys(product) == ["welcome", "checklist:1", "gate:1"]
    assert product.issue.card == Card("PVTI_1", policy.entry.card)
    later = T0 + timedelta(days=30)
    assert [type(effect) for effect in reconcile(product, policy, later)] == [EditComment] * 2


def test_nothing_is_done_for_an_issue_that_is_no_product() -> None:
    assert reconcile(a_product(POLICY), POLICY, T0) == ()


def test_labels_follow_the_history_and_others_are_left_alone() -> None:
    product = turn(at_gate(POLICY), POLICY)
    assert labels(product) == {"phase: idée", GATE_REQUESTED}
    product = replace(product, issue=replace(product.issue, labels=product.issue.labels | {"phase: mvp", "à moi"}))
    assert labels(turn(product, POLICY)) == {"phase: idée", GATE_REQUESTED, "à moi"}
    won = turn(voting(product, POLICY, GO | {"data": "/go sous réserve\n- un"}), POLICY)
    assert labels(won) == {"phase: mvp", CONDITION_OPEN, "à moi"}


def test_a_refused_gate_is_labelled_until_the_next_request() -> None:
    product = turn(voting(at_gate(POLICY), POLICY, {"data": "/nogo a", "secu": "/nogo b", "design": "/nogo c"}), POLICY)
    assert labels(product) == {"phase: idée", GATE_REFUSED}
    again = says(product, AUTHOR, "/demande\n1 : corrigé\n2 : corrigé")
    assert labels(turn(again, POLICY)) == {"phase: idée", GATE_REQUESTED}


def test_labels_ignore_case() -> None:
    product = filed(POLICY)
    product = replace(product, issue=replace(product.issue, labels=frozenset({"Produit", "Phase: IDÉE", "PHASE: mvp"})))
    (change,) = [effect for effect in reconcile(product, POLICY, T0) if isinstance(effect, ChangeLabels)]
    assert change == ChangeLabels((), ("PHASE: mvp",))


def test_a_phase_the_policy_has_dropped_keeps_its_label_and_card() -> None:
    product = turn(filed(POLICY), POLICY)
    dropped = replace(POLICY, phases=POLICY.phases[1:])
    assert not any(isinstance(e, ChangeLabels | PlaceCard) for e in reconcile(product, dropped, T0))


@pytest.mark.parametrize(
    ("card", "placed"),
    [
        (None, True),
        (Card("c", "MVP"), True),
        (Card("c", None), True),
        (Card("c", "Idée"), False),
        (Card("c", "MVP", archived=True), True),
        (Card("c", "Idée", archived=True), False),
    ],
)
def test_the_card_stands_in_its_column(card: Card | None, placed: bool) -> None:
    product = filed(POLICY)
    product = replace(product, issue=replace(product.issue, card=card))
    effects = [effect for effect in reconcile(product, POLICY, T0) if isinstance(effect, PlaceCard)]
    assert effects == ([PlaceCard(product.issue.board, card, "Idée", "option-idee")] if placed else [])  # type: ignore[arg-type]


def test_without_board_or_column_the_card_is_left_alone() -> None:
    for board in (None, Board("b", "f", {"Todo": "o"})):
        product = filed(POLICY)
        product = replace(product, issue=replace(product.issue, board=board))
        assert not any(isinstance(effect, PlaceCard) for effect in reconcile(product, POLICY, T0))


def test_a_comment_deleted_is_written_again_and_one_rewritten_is_restored() -> None:
    product = turn(at_gate(POLICY), POLICY)
    gone = deleted(product, shown(product, "welcome").id)
    assert [effect.message.key for effect in reconcile(gone, POLICY, T0)] == ["welcome"]  # type: ignore[attr-defined]
    gate = shown(product, "gate:1")
    spoiled = edited(product, gate.id, AUTHOR, gate.body.replace("Passage", "Faux passage"))
    (effect,) = reconcile(spoiled, POLICY, T0)
    assert isinstance(effect, EditComment)
    assert shown(applied(spoiled, [effect], POLICY), "gate:1").body == gate.body


def test_words_put_in_place_of_a_comment_never_stay_under_jalons_name() -> None:
    product = turn(voting(turn(at_gate(POLICY), POLICY), POLICY, GO), POLICY)
    before = [comment.body for comment in product.issue.comments]
    lies = product
    for key in ("gate:1", "decision:1"):
        lies = edited(lies, shown(lies, key).id, AUTHOR, "Décision : no-go.")
    effects = reconcile(lies, POLICY, T0)
    assert [type(effect) for effect in effects] == [EditComment, EditComment]
    assert [comment.body for comment in applied(lies, effects, POLICY).issue.comments] == before


def test_of_two_comments_of_one_key_the_later_is_removed() -> None:
    product = turn(filed(POLICY), POLICY)
    first = product.issue.comments[0]
    again = replace(first, id=999)
    twice = replace(product, issue=replace(product.issue, comments=(*product.issue.comments, again)))
    assert reconcile(twice, POLICY, T0) == (RemoveComment(999),)


def test_a_comment_that_was_given_the_mark_of_another_is_written_over() -> None:
    """Ours is the one nobody touched, whichever comes first."""
    product = turn(filed(POLICY), POLICY)
    first, second, *rest = product.issue.comments
    forged = replace(first, body=second.body, trace=second.trace, editor="autre", editor_id=7)
    touched = replace(product, issue=replace(product.issue, comments=(forged, second, *rest)))
    [effect] = reconcile(touched, POLICY, T0)
    assert isinstance(effect, EditComment)
    assert (effect.comment, effect.message.key) == (first.id, "welcome")


def test_comments_of_the_past_stay_as_written() -> None:
    product = turn(voting(turn(at_gate(POLICY), POLICY), POLICY, GO), POLICY)
    assert keys(product)[:3] == ["welcome", "checklist:1", "gate:1"]
    assert set(keys(product)) >= {"decision:1", "checklist:2"}
    renamed = replace(POLICY, phases=tuple(replace(phase, name=phase.name + " !") for phase in POLICY.phases))
    touched = {effect.message.key for effect in reconcile(product, renamed, T0) if isinstance(effect, EditComment)}
    assert touched == {"welcome", "checklist:1", "checklist:2", "gate:1"}


def test_people_get_a_nod() -> None:
    product = turn(says(says(a_product(POLICY), AUTHOR, "/coche 1\n/coche 99"), "passant", "/go"), POLICY)
    assert [comment.reactions for comment in product.issue.comments[:2]] == [{"THUMBS_UP"}, {"CONFUSED"}]
    gone = deleted(replace(product, issue=replace(product.issue, comments=())), 1)
    assert not any(isinstance(effect, React) for effect in reconcile(gone, POLICY, T0))


def test_refusals_of_one_comment_make_one_reply() -> None:
    product = played(says(filed(POLICY), "passant", "/go\n/coche 1\n/clore"), POLICY)
    replies = [e for e in reconcile(product, POLICY, T0) if isinstance(e, PostComment)]
    (reply,) = [e.message for e in replies if e.message.key.startswith("reply")]
    assert isinstance(reply.notice, notices.Reply)
    assert [refusal.reason for refusal in reply.notice.refusals] == ["no_open_gate", "not_team", "not_secretariat"]


def wanted(product: Product, key: str) -> notices.Notice:
    return next(w.notice for w in comments.wanted_comments(product, POLICY, T0) if w.key == key)


def test_the_welcome_lists_the_missing_answers() -> None:
    notice = wanted(filed(POLICY, body="rien"), "welcome")
    assert isinstance(notice, notices.Welcome)
    assert notice.gaps == ("Quel problème ?",)


def test_the_gate_shows_each_seat() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/go sous réserve\n- un", "design": "/déport", "techno": "/go"})
    numbers = {comment.author: comment.id for comment in product.issue.comments}
    product = played(deleted(product, numbers["techno"]), POLICY)
    product = played(edited(product, numbers["design"], "secretariat", "/déport !"), POLICY)
    notice = wanted(product, "gate:1")
    assert isinstance(notice, notices.GateView)
    assert [(seat.choice, seat.by, seat.deleted, seat.mandatory) for seat in notice.seats] == [
        ("go", "techno", True, False),
        ("", "", False, True),
        ("recuse", "design", False, False),
        ("conditions", "data", False, False),
    ]
    assert notice.voided == ()  # a recusal holds, whatever became of its comment
    assert notice.conditions == ("un",)
    assert (notice.threshold, notice.quorum, notice.spoken) == ("2/3", 2, 2)


def test_the_call_to_vote_mentions_nobody_who_wants_no_mention() -> None:
    quiet = replace(POLICY.follow_up, reminders=replace(POLICY.follow_up.reminders, never=("Techno", "visiteur")))
    opened = at_gate(POLICY)
    asked = {
        one.key: one.message.notice for one in comments.wanted_comments(opened, replace(POLICY, follow_up=quiet), T0)
    }
    assert asked["gate:1"].uncalled == ("techno",)
    over = wanted(played(says(opened, AUTHOR, "/retrait"), POLICY), "gate:1")
    assert over.uncalled == ()


def test_a_withdrawn_gate_says_who_and_why() -> None:
    notice = wanted(played(says(at_gate(POLICY), AUTHOR, "/retrait pas prêts"), POLICY), "gate:1")
    assert isinstance(notice, notices.GateView)
    assert (notice.state, notice.closed_by, notice.reason) == ("withdrawn", AUTHOR, "pas prêts")


def test_the_decision_carries_the_facts_that_prove_it() -> None:
    product = voting(at_gate(POLICY), POLICY, GO | {"data": "/go sous réserve\n- un"})
    notice = wanted(product, "decision:1")
    assert isinstance(notice, notices.Decision)
    carried = history_in_comments.shared_out(product.history)["decision:1"]
    kinds = [type(fact).__name__ for _, fact in carried]
    assert kinds == ["GateRequested", *["BallotCast"] * 3, "GateDecided", "ConditionAdded", "PhaseEntered"]
    assert [condition.text for condition in notice.conditions] == ["un"]


def test_a_decision_is_shown_once_taken() -> None:
    product = at_gate(POLICY)
    with pytest.raises(ValueError, match="no decision yet"):
        comments._decision(product.standing.gates[1], product.standing, POLICY)


def test_the_checklist_counts_and_boxes() -> None:
    product = played(says(filed(POLICY), AUTHOR, "/coche 1\n/na 2 sans objet"), POLICY)
    notice = wanted(product, "checklist:1")
    assert isinstance(notice, notices.Checklist)
    assert notice.boxes == {"idee-vision": True, "idee-dict": False}
    assert (notice.required_left, notice.settled, notice.total) == (1, 2, 3)
    assert [(exit_.word, exit_.is_default) for exit_ in notice.exits] == [("mvp", True), ("arret", False)]


def test_a_lifted_condition_is_shown_lifted() -> None:
    product = voting(at_gate(POLICY), POLICY, GO | {"data": "/go sous réserve\n- un"})
    product = played(says(product, "data", "/levée 1 : fait"), POLICY)
    notice = wanted(product, "checklist:2")
    assert isinstance(notice, notices.Checklist)
    assert [condition.lifted_by for condition in notice.conditions] == ["data"]
    past = wanted(product, "checklist:1")
    assert isinstance(past, notices.Checklist)
    assert (past.closed, past.conditions) == (True, ())


def test_help_tells_where_the_product_stands() -> None:
    for product, gate in ((filed(POLICY), ""), (at_gate(POLICY), "MVP")):
        asked = played(says(product, "passant", "/aide"), POLICY)
        notice = next(w.notice for w in comments.wanted_comments(asked, POLICY, T0) if w.key.startswith("help"))
        assert isinstance(notice, notices.Help)
        assert (notice.to, notice.phase, notice.open_gate) == ("passant", "Idée", gate)


def test_a_bare_notice_has_no_boxes() -> None:
    notice = notices.Welcome(to="x")
    assert notice.boxes == {}
    assert notice.fingerprint != notices.Welcome(to="y").fingerprint


ORDERS = {
    "counted, then doubtful": ("/go", "/go ?"),
    "doubtful, then counted": ("/go ?", "/go"),
    "refused, then counted": ("/nogo", "/go"),
    "counted, then refused": ("/go", "/nogo"),
    "counted, doubtful, counted": ("/go", "/go ?", "/go"),
    "doubtful, counted, doubtful": ("/go ?", "/go", "/go ?"),
    "counted twice": ("/go", "/nogo trop tôt"),
    "doubtful twice": ("/go ?", "/go annulé"),
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_nod_is_that_of_the_last_answer(order: str) -> None:
    first, *others = ORDERS[order]
    product = turn(says(at_gate(POLICY), "data", first), POLICY)
    number = next(one.id for one in product.issue.comments if one.body == first)
    for minute, text in enumerate(others, start=1):
        moment = T0 + timedelta(minutes=minute)
        product = turn(edited(product, number, "data", text, moment), POLICY, moment)
    last = others[-1]
    (shown,) = (one.reactions for one in product.issue.comments if one.id == number)
    assert shown == ({"THUMBS_UP"} if last in {"/go", "/nogo trop tôt"} else {"CONFUSED"})
    assert reconcile(product, POLICY, T0 + timedelta(minutes=9)) == ()


def test_an_edit_granted_in_part_is_granted() -> None:
    product = turn(says(ready(POLICY), AUTHOR, "Bonjour"), POLICY)
    number = next(one.id for one in product.issue.comments if one.body == "Bonjour")
    moment = T0 + timedelta(minutes=1)
    product = turn(edited(product, number, AUTHOR, "/coche 1\n/aide\n/coche 99", moment), POLICY, moment)
    (shown,) = (one.reactions for one in product.issue.comments if one.id == number)
    assert shown == {"THUMBS_UP"}


def test_what_a_former_version_nodded_at_keeps_its_nod() -> None:
    """Its causes do not tell which edit they answer, so nothing says that the nod is no longer the right one."""
    product = turn(says(at_gate(POLICY), "data", "/go"), POLICY)
    comment = next(one for one in product.issue.comments if one.body == "/go")
    refused = CommandRefused(
        at=T0, by="data", cause=f"comment:{comment.id}:ancien", command="Go", reason="recused", comment=comment.id
    )
    product = replace(product.with_facts((refused,)), issue=product.issue)
    product = edited(product, comment.id, "data", "rien", T0)
    nods = [effect for effect in reconcile(product, POLICY, T0) if isinstance(effect, React | TakeBack)]
    assert nods == []
