"""Ballots rewritten or deleted, decisions put back: what is noted of it, once, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.decide import evidence
from app.domain.decide.decide import decide
from app.domain.decide.request import NoteAlteration, NoteDeletion, NoteRestoration, Request
from app.domain.product.facts import (
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    DecisionRestored,
    GateDecided,
    ProductMoved,
)
from app.domain.product.state import Product
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, deleted, edited, played, says, shown, turn, voting

POLICY = a_small_policy()
LATER = T0 + timedelta(days=2)
LATE = T0 + timedelta(days=20)
VOTES = {"techno": "/go", "secu": "/go", "design": "/go"}


def decided() -> Product:
    return turn(voting(turn(at_gate(POLICY), POLICY), POLICY, VOTES), POLICY)


def opened() -> Product:
    return turn(voting(turn(at_gate(POLICY), POLICY), POLICY, {"techno": "/go"}), POLICY)


def ballot(product: Product, login: str = "techno") -> BallotCast:
    return next(fact for fact in product.history if isinstance(fact, BallotCast) and fact.by == login)


def rewritten(product: Product, text: str, by: str = "techno") -> Product:
    return edited(product, ballot(product).comment, by, text, LATER)


def noted(product: Product, now: datetime = LATER) -> list[tuple[str, str, str]]:
    """What the next turn notes of it: kind, how, by whom; and nothing more at the turn after."""
    known = len(product.history)
    product = turn(product, POLICY, now)
    kinds = BallotAltered | BallotOrphaned | DecisionRestored
    facts = [fact for fact in product.history[known:] if isinstance(fact, kinds)]
    assert len(turn(product, POLICY, now).history) == len(product.history)
    return [(type(fact).__name__, getattr(fact, "how", ""), fact.by) for fact in facts]


def test_a_ballot_rewritten_after_the_decision_is_noted() -> None:
    assert noted(rewritten(decided(), "Bonjour")) == [("BallotAltered", "edited", "techno")]
    assert noted(rewritten(decided(), " \n", "passant")) == [("BallotAltered", "emptied", "passant")]
    assert noted(decided()) == []


def test_a_ballot_deleted_after_the_decision_is_noted() -> None:
    product = decided()
    assert noted(deleted(product, ballot(product).comment)) == [("BallotOrphaned", "", "")]


def test_a_ballot_of_an_open_gate_is_noted_once_it_is_no_vote_any_more() -> None:
    late = edited(opened(), ballot(opened()).comment, "techno", "Bonjour", LATE)
    assert noted(late, LATE) == [("BallotAltered", "edited", "techno")]
    assert noted(rewritten(opened(), "Bonjour")) == [("BallotAltered", "edited", "techno")]
    assert noted(rewritten(opened(), "/go ?")) == [], "voided, and told"
    doubt = edited(opened(), ballot(opened()).comment, "techno", "/go ?", LATE)
    assert noted(doubt, LATE) == [("BallotAltered", "edited", "techno")], "too late to take a vote back"
    assert noted(rewritten(opened(), "/abstention")) == []
    assert [kind for kind, _, _ in noted(rewritten(opened(), "Bonjour", "passant"))] == []


def test_a_gate_closed_without_a_decision_has_no_evidence_to_watch() -> None:
    product = turn(says(opened(), AUTHOR, "/retrait"), POLICY)
    assert noted(rewritten(product, "Bonjour")) == []
    assert noted(deleted(product, ballot(product).comment)) == []


def former(product: Product) -> Product:
    """The same as a former version kept it: no edition of the count, no hour of the comments, no digest."""

    def older(fact: object) -> object:
        if isinstance(fact, GateDecided):
            return replace(fact, counting=0)
        return replace(fact, said_at=None) if isinstance(fact, BallotCast) else fact

    return replace(product, history=tuple(map(older, product.history)))  # type: ignore[arg-type]


def test_what_befell_the_ballots_of_a_former_version_is_nobodys_news() -> None:
    assert list(evidence.altered(former(rewritten(decided(), "Bonjour")))) == []
    assert list(evidence.altered(former(rewritten(opened(), "Bonjour")))) == []
    product = decided()
    assert list(evidence.altered(former(deleted(product, ballot(product).comment)))) == []


def test_a_ballot_kept_without_its_digest_cannot_be_compared() -> None:
    product = rewritten(decided(), "Bonjour")
    history = tuple(replace(fact, digest="") if isinstance(fact, BallotCast) else fact for fact in product.history)
    assert list(evidence.altered(replace(product, history=history))) == []


def test_the_comments_of_a_transferred_issue_have_other_numbers() -> None:
    product = decided()
    moved = ProductMoved(at=T0, by="", cause="moved:1", comments=((1, 2),))
    product = deleted(replace(product, history=(*product.history, moved)), ballot(product).comment)
    assert list(evidence.altered(product)) == []


def test_a_decision_rewritten_by_another_account_is_noted_as_put_back() -> None:
    product = decided()
    comment = shown(product, "decision:1")
    assert noted(edited(product, comment.id, "passant", "Non", LATER)) == [("DecisionRestored", "edited", "passant")]
    changed = comment.body.replace("go", "nogo", 1)
    assert noted(edited(product, comment.id, "passant", changed, LATER)) == [("DecisionRestored", "edited", "passant")]


def test_a_decision_deleted_is_noted_as_put_back_once_it_was_surely_published() -> None:
    product = decided()
    gone = deleted(product, shown(product, "decision:1").id)
    assert noted(gone) == [("DecisionRestored", "deleted", "")]
    (asked,) = evidence.restored_requests(gone)
    assert decide(asked, gone, POLICY, T0) == ()
    bare = replace(gone, issue=replace(gone.issue, comments=()))
    assert list(evidence.restored_requests(bare)) == []


def test_a_decision_left_alone_is_not_said_to_be_rewritten_whatever_another_of_our_comments_became() -> None:
    """Our welcome replaced with its mark, or given the mark of the decision, by somebody who may edit comments."""
    product = decided()
    decision, welcome = shown(product, "decision:1"), shown(product, "welcome")
    for words in ("Non", decision.body, "Non\n\n" + decision.body):
        spoilt = edited(product, welcome.id, "passant", words, LATER)
        for order in (1, -1):
            comments = spoilt.issue.comments[::order]
            seen = replace(spoilt, issue=replace(spoilt.issue, comments=comments))
            assert list(evidence.restored_requests(seen)) == []


def test_a_decision_not_shown_yet_is_not_the_comment_that_somebody_effaced() -> None:
    """The turn ended between the decision and its comment, while the welcome was rewritten."""
    product = decided()
    unshown = deleted(product, shown(product, "decision:1").id)
    welcome = replace(shown(unshown, "welcome"), at=T0 - timedelta(days=1))
    comments = tuple(welcome if one.id == welcome.id else one for one in unshown.issue.comments)
    unshown = replace(unshown, issue=replace(unshown.issue, comments=comments))
    effaced = edited(unshown, welcome.id, "passant", "Non", LATER)
    assert [one.command for one in evidence.restored_requests(effaced)] in ([], [NoteRestoration(1, "deleted")])


def test_nothing_is_noted_of_a_gate_still_open() -> None:
    assert list(evidence.restored_requests(opened())) == []
    (fact,) = [fact for fact in played(opened(), POLICY).history if isinstance(fact, BallotCast)]
    assert fact.said_at is not None


@pytest.mark.parametrize(
    "command", [NoteAlteration(9, "edited"), NoteDeletion(9), NoteRestoration(1, "edited")], ids=str
)
def test_what_names_nothing_known_is_not_noted(command: NoteAlteration | NoteDeletion | NoteRestoration) -> None:
    assert decide(Request(command, "", "x"), opened(), POLICY, LATER) == ()
