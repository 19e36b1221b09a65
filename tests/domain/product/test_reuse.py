"""What may already answer a need, as it was shown and answered: folded fact by fact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.product.facts import History, PhaseEntered, ProductFiled
from app.domain.product.lawful import breach
from app.domain.product.reuse_facts import ADAPTED, REUSED, SET_ASIDE, ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.product.state import standing

NOTE = {"at": datetime(2026, 3, 2, tzinfo=UTC), "by": "cheffe-produit"}
FILED: History = (
    ProductFiled(**NOTE, cause="issue:I_1", title="Agréments"),
    PhaseEntered(**NOTE, cause="issue:I_1", phase="idee"),
)


def shown(number: int, ref: str, door: str = "near") -> Suggestion:
    return Suggestion(number, ref, ref.title(), "Une phrase", door)


def suggested(*found: Suggestion, dropped: tuple[int, ...] = ()) -> ReuseSuggested:
    return ReuseSuggested(**NOTE, cause="reuse:1", shown=found, dropped=dropped)


def answered(ref: str, answer: str, number: int = 0) -> ReuseAnswered:
    return ReuseAnswered(**NOTE, cause="comment:7", ref=ref, name=ref.title(), answer=answer, number=number)


def test_a_candidate_waits_until_it_is_answered_or_dropped():
    reuse = standing((*FILED, suggested(shown(1, "commun:a"), shown(2, "commun:b"), shown(3, "commun:c")))).reuse
    assert [one.ref for one in reuse.awaited] == ["commun:a", "commun:b", "commun:c"]
    reuse = reuse.after(answered("commun:a", REUSED, 1)).after(suggested(dropped=(2,)))
    assert [one.ref for one in reuse.awaited] == ["commun:c"]
    assert [one.ref for one in reuse.reused] == ["commun:a"]
    assert not reuse.set_aside


def test_the_last_answer_holds():
    reuse = standing((*FILED, suggested(shown(1, "commun:a")))).reuse
    reuse = reuse.after(answered("commun:a", SET_ASIDE, 1))
    assert reuse.set_aside == {"commun:a"}
    reuse = reuse.after(answered("commun:a", ADAPTED, 1))
    assert not reuse.set_aside
    assert not reuse.reused
    candidate = reuse.candidates["commun:a"]
    assert [one.answer for one in candidate.answers] == [SET_ASIDE, ADAPTED]


def test_what_a_person_found_by_themselves_was_never_shown():
    reuse = standing((*FILED, answered("commun:a", REUSED))).reuse
    assert [one.shown for one in reuse.reused] == [None]
    again = reuse.after(suggested(shown(1, "commun:a", "person")))
    assert not again.awaited  # it was answered


def test_one_dropped_and_shown_again_waits_under_its_new_number():
    reuse = standing((*FILED, suggested(shown(1, "commun:a")), suggested(dropped=(1,)))).reuse
    assert not reuse.awaited
    reuse = reuse.after(suggested(shown(2, "commun:a")))
    assert [one.shown and one.shown.number for one in reuse.awaited] == [2]
    assert reuse.last == 2


@pytest.mark.parametrize(
    ("facts", "rank"),
    [
        ((suggested(shown(1, "commun:a"), shown(2, "commun:b")), answered("commun:a", REUSED, 1)), 0),
        ((suggested(shown(2, "commun:a")),), 3),
        ((suggested(shown(1, "commun:a", "window")),), 3),
        ((answered("commun:a", SET_ASIDE), suggested(shown(1, "commun:a"))), 4),
        ((answered("commun:a", "maybe"),), 3),
        ((answered("commun:a", REUSED, 1),), 3),
        ((suggested(shown(1, "commun:a")), answered("commun:a", REUSED)), 4),
        ((answered("commun:a", REUSED),), 0),
    ],
    ids=["shown, answered", "number", "door", "set aside", "answer", "never shown", "its number", "found by a person"],
)
def test_a_history_is_believed_if_it_could_have_been_decided(facts: History, rank: int) -> None:
    assert breach((*FILED, *facts)) == rank
