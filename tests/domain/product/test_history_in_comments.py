"""The history carried by comments: shared out, packed, and read back whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.product import history_in_comments
from app.domain.product.facts import CommandRefused, HelpAsked, ItemAnswered
from app.domain.product.state import Product
from app.domain.publish.reconcile import reconcile
from tests.builders import (
    AUTHOR,
    BOT,
    T0,
    a_small_policy,
    applied,
    at_gate,
    deleted,
    edited,
    played,
    says,
    shown,
    turn,
    voting,
)

POLICY = a_small_policy()


def lived() -> Product:
    """A product with facts of nearly every kind, all shown on GitHub."""
    product = voting(at_gate(POLICY), POLICY, {"data": "/go sous réserve\n- un", "secu": "/go", "techno": "/go"})
    for login, text in ((AUTHOR, "/aide"), ("passant", "/go"), ("data", "/levée 1 : fait"), (AUTHOR, "/coche 2")):
        product = turn(says(product, login, text), POLICY)
    return product


def test_a_history_is_read_back_from_the_comments_alone() -> None:
    product = lived()
    assert history_in_comments.restored_history(product.issue.comments) == history_in_comments.Restored(product.history)


@pytest.mark.parametrize("held", [0, 1, 7, -1])
def test_a_register_behind_its_comments_is_completed_from_them(held: int) -> None:
    product = lived()
    held %= len(product.history)
    found = history_in_comments.completed(product.history[:held], product.issue.comments)
    assert found == history_in_comments.Restored(product.history)


def test_a_register_that_is_not_behind_is_believed_alone() -> None:
    product = lived()
    product = deleted(product, shown(product, "welcome").id)
    assert history_in_comments.completed(product.history, product.issue.comments) == history_in_comments.Restored(
        product.history
    )
    assert history_in_comments.completed(product.history, ()) == history_in_comments.Restored(product.history)


def test_a_register_is_completed_whole_or_not_at_all() -> None:
    product = lived()
    holed = deleted(product, shown(product, "decision:1").id)
    found = history_in_comments.completed(product.history[:3], holed.issue.comments)
    assert {kind for kind, _ in found.flaws} == {"missing"}
    other = (replace(product.history[0], title="Un autre"), *product.history[1:3])
    found = history_in_comments.completed(other, product.issue.comments)
    assert found.flaws == (("parted", "1"),)


def test_a_product_without_comments_has_no_history() -> None:
    assert history_in_comments.restored_history(()) == history_in_comments.Restored()


def test_every_fact_is_carried_by_a_comment() -> None:
    product = lived()
    carried = history_in_comments.shared_out(product.history)
    numbers = {number for entries in carried.values() for number, _ in entries}
    assert numbers == set(range(1, len(product.history) + 1))
    assert set(carried) <= {comment.trace.key for comment in product.issue.comments if comment.trace}


def test_a_fact_that_belongs_nowhere_else_goes_with_the_checklist_or_the_welcome() -> None:
    note = {"at": T0, "by": AUTHOR, "cause": "x"}
    early = ItemAnswered(**note, item="a", answer="done")
    assert set(history_in_comments.shared_out((early,))) == {"welcome"}
    assert set(history_in_comments.shared_out((*lived().history[:2], early))) == {"welcome", "checklist:1"}
    refused = CommandRefused(**note, command="Go", reason="recused", comment=7)
    assert set(history_in_comments.shared_out((refused, HelpAsked(**note, comment=8)))) == {"reply:7", "help:8"}


@pytest.mark.parametrize("key", ["welcome", "checklist:1", "decision:1"])
def test_a_lost_comment_is_a_hole_that_is_told(key: str) -> None:
    product = lived()
    product = deleted(product, shown(product, key).id)
    found = history_in_comments.restored_history(product.issue.comments)
    assert {kind for kind, _ in found.flaws} == {"missing"}


def test_a_comment_edited_by_a_person_is_not_believed() -> None:
    product = lived()
    comment = shown(product, "decision:1")
    product = edited(product, comment.id, "passant", comment.body.replace("go", "nogo", 1))
    found = history_in_comments.restored_history(product.issue.comments)
    assert ("edited", f"{comment.id} (passant)") in found.flaws
    assert ("missing", "") not in found.flaws
    # … and the next turn, which still has the register, writes it again in Jalon's own hand.
    product = turn(product, POLICY)
    assert shown(product, "decision:1").editor == BOT
    assert not history_in_comments.restored_history(product.issue.comments).flaws


def test_what_a_spoilt_comment_held_may_stand_elsewhere() -> None:
    product = turn(at_gate(POLICY), POLICY)
    product = turn(voting(product, POLICY, {"data": "/go", "secu": "/go", "techno": "/go"}), POLICY)
    product = edited(product, shown(product, "gate:1").id, "passant", "effacé")
    assert history_in_comments.restored_history(product.issue.comments) == history_in_comments.Restored(product.history)


def spoilt(product: Product, key: str, text: str) -> Product:
    comments = tuple(
        replace(comment, trace=replace(comment.trace, record=text))
        if comment.trace and comment.trace.key == key
        else comment
        for comment in product.issue.comments
    )
    return replace(product, issue=replace(product.issue, comments=comments))


@pytest.mark.parametrize(
    "text", ["AAAA", "%%%", "eNorTs0D", "é", history_in_comments.packed_pieces(((1, lived().history[0]),))[0][:-8]]
)
def test_a_record_that_cannot_be_read_is_told(text: str) -> None:
    found = history_in_comments.restored_history(spoilt(lived(), "welcome", text).issue.comments)
    assert ("unreadable", "welcome") in found.flaws


def test_two_comments_that_disagree_are_told() -> None:
    product = lived()
    other = replace(product.history[0], by="passant")
    (text,) = history_in_comments.packed_pieces(((1, other),))
    found = history_in_comments.restored_history(spoilt(product, "decision:1", text).issue.comments)
    assert ("contradiction", "1") in found.flaws


def test_a_long_record_goes_on_in_further_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_in_comments, "PIECE", 200)
    product = lived()
    product = turn(turn(product, POLICY), POLICY)
    keys = [comment.trace.key for comment in product.issue.comments if comment.trace]
    assert "decision:1+2" in keys
    assert len(set(keys)) == len(keys)
    assert reconcile(product, POLICY, T0) == ()
    assert history_in_comments.restored_history(product.issue.comments) == history_in_comments.Restored(product.history)
    # One more vote is not one more series of comments.
    later = T0 + timedelta(days=1)
    more = turn(says(product, AUTHOR, "/coche 1"), POLICY, later)
    assert len(more.issue.comments) <= len(product.issue.comments) + 2
    assert history_in_comments.restored_history(more.issue.comments) == history_in_comments.Restored(more.history)


def test_an_unseen_fact_makes_even_a_past_comment_follow() -> None:
    product = played(says(turn(at_gate(POLICY), POLICY), AUTHOR, "/retrait"), POLICY)
    product = applied(product, reconcile(product, POLICY, T0), POLICY)
    product = played(says(product, AUTHOR, "/demande"), POLICY)
    assert history_in_comments.restored_history(turn(product, POLICY).issue.comments) == history_in_comments.Restored(
        product.history
    )


@given(st.lists(st.tuples(st.integers(1, 99), st.text()), max_size=5))
def test_facts_packed_are_unpacked_the_same(given_facts: list[tuple[int, str]]) -> None:
    entries = tuple(
        (n, ItemAnswered(at=T0, by="x", cause="c", item="i", answer="na", reason=t)) for n, t in given_facts
    )
    assert (
        history_in_comments.unpacked(history_in_comments.packed_pieces(entries)) == entries
        if entries
        else history_in_comments.packed_pieces(entries) == ()
    )
