"""An answer is folded when what it says is over or was obtained since, and never while it may still be true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.product.facts import (
    BallotCast,
    CommandRefused,
    ConditionLifted,
    Fact,
    GateDecided,
    GateWithdrawn,
    HelpAsked,
    ItemAnswered,
    PhaseEntered,
)
from app.domain.product.issue import Comment, CommentMarker
from app.domain.product.state import Product
from app.domain.publish import outdated
from app.domain.publish.effects import HideComment, ShowComment
from app.domain.publish.reconcile import reconcile
from tests.builders import AUTHOR, T0, a_policy, at_gate, edited, filed, says, turn, voting

POLICY = a_policy()
LATER = timedelta(minutes=5)


def refused(command: str, reason: str, by: str = "techno", comment: int = 7, at: datetime = T0, **words: str) -> Fact:
    details = tuple(words.items())
    return CommandRefused(at=at, by=by, cause=f"comment:{comment}:x", command=command, reason=reason, comment=comment, details=details)  # fmt: skip


def after(*facts: Fact) -> frozenset[str]:
    """What is folded once these facts followed the beginning of a product."""
    product = turn(filed(POLICY), POLICY)
    return outdated.keys(replace(product, history=(*product.history, *facts)))


def cast(by: str, at: datetime = T0 + LATER) -> Fact:
    return BallotCast(
        at=at, by=by, cause="comment:9:go", gate=1, seats=("technologie",), choice="go", comment=9, digest=""
    )


def decided(at: datetime = T0 + LATER) -> Fact:
    return GateDecided(at=at, by="", cause="review:1", gate=1, outcome="nogo", go=(), nogo=(), abstain=(), recused=(), silent=(), policy="")  # fmt: skip


def answered(by: str) -> Fact:
    return ItemAnswered(at=T0 + LATER, by=by, cause="comment:9:tick", item="idee-vision", answer="done")


NEXT = PhaseEntered(at=T0 + LATER, by="", cause="gate:1", phase="poc", gate=1)
WITHDRAWN = GateWithdrawn(at=T0 + LATER, by=AUTHOR, cause="comment:9:withdraw", gate=1)
LIFTED = ConditionLifted(at=T0 + LATER, by="techno", cause="comment:9:lift", number=1)


@pytest.mark.parametrize(
    ("first", "then", "is_past"),
    [
        (refused("NoGo", "reason_missing"), cast("techno"), True),
        (refused("NoGo", "reason_missing"), cast("techno", T0), False),
        (refused("NoGo", "reason_missing"), cast("secu"), False),
        (refused("NoGo", "reason_missing"), decided(), True),
        (refused("Tick", "items_unknown"), decided(), False),
        (refused("Tick", "items_unknown"), answered("techno"), True),
        (refused("Tick", "items_unknown"), NEXT, True),
        (refused("Lift", "not_lifter"), NEXT, False),
        (refused("Lift", "not_lifter"), LIFTED, True),
        (refused("Doubtful", "unreadable_body", comment=0), NEXT, False),
        (refused("Doubtful", "unread"), answered("techno"), True),
        (refused("SpeakThrough", "other_app"), cast("techno"), True),
        (refused("Go", "no_open_gate"), cast("techno"), False),
        (refused("RequestGate", "gate_open"), WITHDRAWN, True),
        (refused("RequestGate", "blocked"), WITHDRAWN, False),
        (refused("Return", "not_secretariat"), cast("techno"), False),
        (refused("NoGo", "reason_missing"), refused("NoGo", "reason_missing", comment=8, at=T0 + LATER), True),
        (refused("NoGo", "reason_missing"), refused("NoGo", "not_seated", comment=8, at=T0 + LATER), False),
        (refused("Tick", "items_unknown", n="9"), refused("Tick", "items_unknown", comment=8, at=T0 + LATER, n="8"), False),
    ],
)  # fmt: skip
def test_a_refusal_is_past_when_it_was_obtained_or_what_it_is_about_is_over(
    first: Fact, then: Fact, is_past: bool
) -> None:
    assert (f"reply:{7}" in after(first, then)) == is_past


def test_one_answer_to_several_refusals_stays_while_one_of_them_is_true() -> None:
    both = refused("NoGo", "reason_missing"), refused("Tick", "items_unknown")
    assert after(*both, cast("techno")) == frozenset()
    assert after(*both, cast("techno"), answered("techno")) == {"reply:7"}


def test_a_gesture_made_anew_is_told_again_by_the_same_comment() -> None:
    first = CommandRefused(at=T0, by=AUTHOR, cause="d1", command="MoveCard", reason="illegal_move", group="card:1")
    again = replace(first, at=T0 + 2 * LATER, cause="d2")
    assert after(first, NEXT) == {"reply:card:1"}
    assert after(first, NEXT, again) == frozenset()


def test_help_tells_of_a_moment() -> None:
    asked = HelpAsked(at=T0, by="techno", cause="comment:7:help", comment=7)
    again = HelpAsked(at=T0 + LATER, by="techno", cause="comment:8:help", comment=8)
    assert after(asked) == after(asked, replace(again, by="secu")) == frozenset()
    assert after(asked, again) == after(asked, NEXT) == after(asked, decided()) == {"help:7"}


def reminded(product: Product, number: int, key: str, at: datetime) -> Product:
    trace = CommentMarker(key, "", True)
    comment = Comment(number, f"IC_{number}", "Rappel", "jalon[bot]", at, by_bot=True, trace=trace)
    return replace(product, issue=replace(product.issue, comments=(*product.issue.comments, comment)))


def test_a_reminder_is_overtaken_by_the_next_to_the_same_person_and_by_the_end() -> None:
    product = reminded(turn(filed(POLICY), POLICY), 901, "reminder:2026-W47:techno", T0)
    product = reminded(product, 902, "reminder:2026-W47:secu", T0)
    assert outdated.keys(product) == frozenset()
    again = reminded(product, 903, "reminder:2026-W48:techno", T0)
    assert outdated.keys(again) == {"reminder:2026-W47:techno"}
    over = replace(product, history=(*product.history, decided()))
    assert outdated.keys(over) == {"reminder:2026-W47:techno", "reminder:2026-W47:secu"}


def test_what_was_folded_is_unfolded_once_true_again_and_a_hand_is_left_alone() -> None:
    product = turn(says(turn(filed(POLICY), POLICY), AUTHOR, "/coche 99"), POLICY)
    reply = product.issue.comments[-1]
    assert reply.trace is not None
    assert reconcile(product, POLICY, T0) == ()
    hidden = replace(reply, is_hidden=True)
    issue = replace(product.issue, comments=(*product.issue.comments[:-1], hidden))
    assert reconcile(replace(product, issue=issue), POLICY, T0) == (), "somebody hid it"
    ours = replace(issue, folded=frozenset({reply.id}))
    assert reconcile(replace(product, issue=ours), POLICY, T0) == (ShowComment(reply.id),)
    past = replace(product, history=(*product.history, replace(answered(AUTHOR), by=AUTHOR)))
    assert HideComment(reply.id) in reconcile(past, POLICY, T0)
    opened = replace(past, issue=replace(past.issue, folded=frozenset({reply.id})))
    assert HideComment(reply.id) not in reconcile(opened, POLICY, T0)


TEXTS = ("/go", "/nogo", "/nogo trop tôt", "/coche 99", "/coche 1", "/aide", "/gou", "/demande", "/go ?", "/retrait")


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from([AUTHOR, "techno", "secu", "visiteur"]), st.sampled_from(TEXTS)), max_size=8))
def test_each_turn_folds_all_there_is_to_fold_and_nothing_that_people_wrote(said: list[tuple[str, str]]) -> None:
    product, now = at_gate(POLICY), T0
    for login, text in said:
        now += LATER
        product = turn(says(product, login, text), POLICY, now)
        assert reconcile(product, POLICY, now) == ()
        fresh = [fact for fact in product.history if isinstance(fact, CommandRefused) and fact.at == now]
        told = {f"reply:{fact.comment}" for fact in fresh}
        assert not any(one.is_hidden for one in product.issue.comments if one.trace and one.trace.key in told)
    assert all(one.trace for one in product.issue.comments if one.is_hidden)


def test_an_answer_put_back_as_it_ends_is_folded_in_the_same_turn():
    """Its mark was taken away, and what it was about is over: nothing is left for the next turn to do."""
    product = turn(says(at_gate(POLICY), "techno", "/nogo"), POLICY)
    mark = next(one for one in product.issue.comments if one.trace and one.trace.key.startswith("reply:"))
    product = edited(product, mark.id, "secu", mark.body.partition("<!-- jalon:v1")[0], T0 + LATER)
    votes = dict.fromkeys(("techno", "secu", "data", "archi", "design", "communs"), "/nogo non")
    product = turn(voting(product, POLICY, votes, T0 + LATER), POLICY, T0 + LATER)
    last = product.issue.comments[[one.id for one in product.issue.comments].index(mark.id)]
    assert (last.is_hidden, reconcile(product, POLICY, T0 + LATER)) == (True, ())
