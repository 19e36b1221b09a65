"""Two versions of one history: where they part, what each tells, and what GitHub shows otherwise."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from typing import Any

import pytest

from app.domain.product import history_in_comments
from app.domain.product.fact_json import from_json
from app.domain.product.facts import GateDecided, HelpAsked
from app.domain.product.state import Product
from app.domain.product.versions import parting, suspension, version
from app.domain.publish import suspended
from app.domain.publish.effects import EditComment, PostComment
from app.domain.publish.reconcile import reconcile
from app.domain.report.comparison import RegisterDifference, differences
from tests.builders import BOT, T0, a_small_policy, applied, at_gate, deleted, edited, shown, turn, voting

POLICY = a_small_policy()
FLAWS = (("chain", "4"),)


def decided() -> Product:
    votes = {"techno": "/go", "secu": "/go", "design": "/go"}
    return turn(voting(turn(at_gate(POLICY), POLICY), POLICY, votes), POLICY)


def test_two_histories_part_where_they_first_differ() -> None:
    history = decided().history
    assert parting(history, history) == 0
    assert parting(history, history[:4]) == 5
    assert parting((), history) == 1
    assert parting(history, (*history[:2], replace(history[2], by="autre"), *history[3:])) == 3


def test_each_side_tells_its_phase_its_votes_and_its_fact() -> None:
    product = decided()
    told = suspension(product.issue, FLAWS, product.history, product.history[:-1], POLICY)
    assert (told.parts, told.register.facts, told.comments.told) == (
        len(product.history),
        len(product.history),
        None,
    )
    assert told.register.phase == "MVP"
    assert [(vote.gate, vote.outcome, vote.go) for vote in told.register.votes] == [(1, "go", 3)]
    assert told.register.told is not None
    assert (told.register.told.kind, told.register.told.gate, told.register.told.detail) == ("PhaseEntered", 1, "mvp")
    assert version((), POLICY, 1).phase == ""
    help_asked = HelpAsked(at=T0, by="x", cause="x", comment=1)
    assert version((help_asked,), POLICY, 1).told == version((help_asked,), POLICY, 1).told


def test_a_suspension_is_said_once_and_taken_back_once() -> None:
    product = decided()
    (post,) = suspended.reconcile(product.issue, FLAWS)
    assert isinstance(post, PostComment)
    product = applied(product, (post,), POLICY)
    assert list(suspended.reconcile(product.issue, FLAWS)) == []
    (again,) = suspended.reconcile(product.issue, (("chain", "5"),))
    assert isinstance(again, EditComment)
    changed = edited(product, shown(product, suspended.KEY).id, "passant", "Non")
    assert len(list(suspended.reconcile(changed.issue, FLAWS))) == 1
    assert list(suspended.lifted(decided().issue)) == []
    (over,) = reconcile(product, POLICY, T0)
    assert isinstance(over, EditComment)
    assert reconcile(applied(product, (over,), POLICY), POLICY, T0) == ()


def compared(product: Product, known: Any = None) -> list[RegisterDifference]:
    return list(differences(product, product.history if known is None else known, POLICY, T0))


def test_what_github_shows_otherwise_is_told() -> None:
    product = decided()
    assert compared(product) == []
    decision = shown(product, "decision:1")
    assert compared(deleted(product, decision.id)) == [RegisterDifference("absent", "decision:1")]
    forged = edited(product, decision.id, "passant", decision.body)
    assert compared(forged) == [RegisterDifference("forged", "decision:1", "passant")]
    ours = edited(product, decision.id, BOT, decision.body.replace("go", "nogo", 1))
    assert RegisterDifference("altered", "decision:1") in compared(ours)
    assert RegisterDifference("beyond", str(len(product.history))) in compared(product, product.history[:-1])
    other = tuple(replace(fact, policy="x") if isinstance(fact, GateDecided) else fact for fact in product.history)
    rank = 1 + next(place for place, fact in enumerate(other) if isinstance(fact, GateDecided))
    assert RegisterDifference("otherwise", str(rank)) in compared(product, other)


def test_two_comments_that_contradict_each_other_are_told() -> None:
    product = decided()
    (text,) = history_in_comments.packed_pieces(((1, replace(product.history[0], by="passant")),))
    comments = tuple(
        replace(one, trace=replace(one.trace, record=text)) if one.trace and one.trace.key == "checklist:1" else one
        for one in product.issue.comments
    )
    spoilt = replace(product, issue=replace(product.issue, comments=comments))
    assert RegisterDifference("otherwise", "1") in compared(spoilt)


def test_a_history_that_no_rule_led_to_is_not_taken_from_comments() -> None:
    product = decided()
    carried = history_in_comments.restored_history(product.issue.comments)
    assert history_in_comments.lawful_only(carried, POLICY) == carried
    rank = 1 + next(place for place, fact in enumerate(carried.history) if isinstance(fact, GateDecided))
    forged = tuple(replace(fact, go=9) if isinstance(fact, GateDecided) else fact for fact in carried.history)
    assert history_in_comments.lawful_only(replace(carried, history=forged)).flaws == (("unlawful", str(rank)),)
    assert history_in_comments.completed(product.history[:3], product.issue.comments, POLICY).history == product.history


def test_a_record_changed_under_its_own_stamp_is_written_again() -> None:
    """R3: the stamp claims to name the facts; what counts is the facts."""
    product = decided()
    comment = shown(product, "gate:1")
    assert comment.trace is not None
    for text in (history_in_comments.packed_pieces(((1, product.history[0]),))[0], "AAAA", ""):
        body = comment.body.replace(f"record={comment.trace.record}", f"record={text}")
        forged = edited(product, comment.id, BOT, body)
        again = turn(forged, POLICY)
        assert shown(again, "gate:1").body.count(comment.trace.record) == 1
        assert reconcile(again, POLICY, T0) == ()


def test_facts_packed_otherwise_are_the_same_facts() -> None:
    entries = ((1, decided().history[0]),)
    (text,) = history_in_comments.packed_pieces(entries)
    packed = base64.urlsafe_b64encode(zlib.compress(zlib.decompress(base64.urlsafe_b64decode(text)), 1)).decode()
    assert packed != text
    assert history_in_comments.same_facts(packed, text)
    assert history_in_comments.same_facts("", "")
    assert history_in_comments.same_facts("x", text[:-9])
    assert not history_in_comments.same_facts(text[:-9], text)


@pytest.mark.parametrize(
    "fields",
    [{"comment": "1"}, {"comment": True}, {"at": "2026-01-01T00:00:00"}, {"at": 5}, {"by": 5}],
    ids=["text", "truth", "no zone", "number", "name"],
)
def test_a_fact_whose_fields_have_another_type_is_none_of_ours(fields: dict[str, Any]) -> None:
    fact = {"kind": "HelpAsked", "at": "2026-01-01T00:00:00+00:00", "by": "x", "cause": "x", "comment": 1}
    assert from_json(dict(fact))
    with pytest.raises((TypeError, ValueError)):
        from_json(fact | fields)


@pytest.mark.parametrize("values", [{"threshold": "1e9"}, {"threshold": "1/0"}, {"imported": 1}])
def test_numbers_and_truths_are_written_as_we_write_them(values: dict[str, Any]) -> None:
    rule = {"quorum": 1, "threshold": "1/2", "mandatory": [], "veto": [], "deadline_days": 1}
    gate = {"kind": "GateRequested", "at": "2026-01-01T00:00:00+00:00", "by": "x", "cause": "x", "gate": 1}
    gate |= {"origin": "a", "target": "b", "policy": "x", "seats": [], "concerned": [], "deadline": gate["at"]}
    phase = {"kind": "PhaseEntered", "at": gate["at"], "by": "x", "cause": "x", "phase": "poc"}
    data = phase | values if "imported" in values else gate | {"rule": rule | values}
    with pytest.raises((TypeError, ValueError, ArithmeticError)):
        from_json(data)


def test_a_record_of_more_than_a_history_can_weigh_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = history_in_comments.packed_pieces(((1, decided().history[0]),))
    assert history_in_comments.unpacked(texts)
    far = history_in_comments.packed_pieces(((history_in_comments.LAST + 1, decided().history[0]),))
    with pytest.raises(ValueError, match="rank"):
        history_in_comments.unpacked(far)
    monkeypatch.setattr(history_in_comments, "LARGEST", 20)
    with pytest.raises(ValueError, match="too long"):
        history_in_comments.unpacked(texts)
