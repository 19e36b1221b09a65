"""What a product is for follows from its facts: its form, what a former follow-up told, the phase it is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.product.facts import PhaseEntered, ProductDescribed, ProductFiled, ProductImported, ProductLeft
from app.domain.product.purpose import Purpose, filing, from_text, purpose_in, purpose_of, to_text
from app.domain.product.reuse_facts import ReuseAnswered
from app.domain.product.state import ProductState, standing
from tests.builders import a_small_policy
from tests.lives import at

POLICY = a_small_policy()
NOTE = {"at": at("2026-11-02"), "by": "cheffe-produit", "cause": "test"}
FILED = ProductFiled(**NOTE, title="Cantine", answers=(("vision", "Moins de restes"), ("probleme", "On jette")))
ENTERED = PhaseEntered(**NOTE, phase=POLICY.entry.id)


def imported(**told):
    return ProductImported(**NOTE, key="c", title="Cantine", source="tableau", **{"past": (), **told})


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((), Purpose()),
        ((FILED,), Purpose("Cantine", "Moins de restes", "On jette")),
        (
            (FILED, ENTERED, ProductDescribed(**NOTE, title="Restes", people=(), answers=(("vision", "Peser"),))),
            Purpose("Restes", "Peser", "On jette", POLICY.entry.id, NOTE["at"].isoformat()),
        ),
        ((imported(answers=(("vision", "Moins de restes"),)),), Purpose("Cantine", "Moins de restes")),
        (
            (imported(shown=(("Site", "https://cantine.fr"), ("Quoi", "Peser ce que l’on jette"))),),
            Purpose("Cantine", "Peser ce que l’on jette"),
        ),
        ((imported(shown=(("Site", "https://cantine.fr"),)),), Purpose("Cantine")),
        ((FILED, ProductLeft(**NOTE, how="deleted")), Purpose("Cantine", "Moins de restes", "On jette", "", "", False)),
    ],
    ids=["nothing", "filed", "rewritten", "taken over", "told before", "a link alone", "left"],
)
def test_what_a_product_is_for(history, expected):
    assert purpose_in(history) == purpose_of(standing(history)) == expected
    assert from_text(to_text(expected)) == expected


def test_what_was_set_aside_is_kept_in_the_order_of_references():
    answers = [
        ReuseAnswered(**NOTE, ref=ref, name=ref, answer=answer)
        for ref, answer in [("commun:z", "aside"), ("commun:a", "aside"), ("commun:b", "reuse")]
    ]
    told = purpose_in((FILED, *answers))
    assert told.set_aside == ("commun:a", "commun:z")
    assert from_text(to_text(told)) == told


def test_a_product_has_ended_on_the_day_of_the_committees_place():
    told = purpose_in((FILED, replace(ENTERED, at=at("2026-11-02", 23), phase="arret")))
    assert told.need("I_1", "dnum/produits", 1, POLICY).ended == "2026-11-03"
    assert replace(told, phase=POLICY.entry.id).need("I_1", "dnum/produits", 1, POLICY).ended == ""


def test_words_that_no_database_takes_are_kept_without_what_it_refuses():
    told = purpose_in((replace(FILED, title="Nul\0 et demi \ud800"),))
    assert told.title == "Nul  et demi ?"


@pytest.mark.parametrize("text", ["", "[]", "[1]", '["a","b","c","d","e",true,[1]]', "{}"])
def test_another_text_is_refused(text):
    with pytest.raises((TypeError, ValueError)):
        from_text(text)


def test_what_is_looked_at_leaves_out_what_nobody_answered():
    state = standing((FILED,))
    looked = filing(state, purpose_of(state).need("I_1", "dnum/produits", 1, POLICY))
    assert (looked.named, looked.need.text) == ((), "On jette")
    assert looked.answers == (("vision", "Moins de restes"), ("probleme", "On jette"))
    empty = ProductState()
    assert filing(empty, purpose_of(empty).need("I_1", "a/b", 1, POLICY)).named == ()
