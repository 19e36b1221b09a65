"""The one door to a product's answers: what each item shows, whatever was said of it before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy.model import Item
from app.domain.product import dossier
from app.domain.product.answers import Answer, WrittenAnswer
from app.domain.product.fact_json import from_json, to_json
from app.domain.product.facts import Fact, GateRequested, ItemAnswered, PhaseEntered, ProductDescribed, ProductFiled
from app.domain.product.state import ProductState, standing
from tests.builders import AUTHOR, T0, a_small_policy

QUESTIONS = {
    "idee-vision": {"kind": "answer", "form": ("probleme",)},
    "idee-cadrage": {"kind": "link", "private": "securite"},
    "idee-dict": {"kind": "date", "expires": True, "form": ("probleme", "autre")},
}


def a_policy_of_questions(changes=QUESTIONS):
    policy = a_small_policy()
    phases = tuple(
        replace(phase, items=tuple(replace(item, **changes.get(item.id, {})) for item in phase.items))
        for phase in policy.phases
    )
    return replace(policy, phases=phases)


POLICY = a_policy_of_questions()


def filed(**answers: str) -> list[Fact]:
    note = {"at": T0, "by": AUTHOR, "cause": "issue:I_1:2"}
    return [
        ProductFiled(**note, title="Portail", answers=tuple(answers.items())),
        PhaseEntered(**note, phase="idee"),
    ]


def answered(item: str, state: str = "done", text: str = "", rank: int = 1, **more: str) -> ItemAnswered:
    at = T0 + timedelta(hours=rank)
    return ItemAnswered(at=at, by=AUTHOR, cause=f"comment:{rank}:x", item=item, answer=state, text=text, **more)


def entered(phase: str, rank: int = 1) -> PhaseEntered:
    return PhaseEntered(at=T0 + timedelta(days=rank), by="", cause=f"gate:{rank}", phase=phase, gate=rank)


def shown(facts: list[Fact], item: str = "idee-vision") -> dossier.ItemAnswer:
    return next(one for one in dossier.items(standing(tuple(facts)), POLICY) if one.item.id == item)


def test_before_any_phase_there_is_nothing():
    assert dossier.dossier(ProductState(), POLICY) == ()


def test_items_come_aspect_by_aspect_with_their_numbers():
    found = dossier.dossier(standing(tuple(filed())), POLICY)
    assert [(one.aspect, [item.number for item in one.items]) for one in found] == [
        ("valeur", [1, 2]),
        ("securite", [3]),
    ]
    assert all(not item.text and not item.is_settled and not item.to_confirm for one in found for item in one.items)


def test_what_the_form_says_is_proposed_and_settles_nothing():
    found = shown(filed(probleme="Trop de papier."))
    assert (found.state, found.text, found.source, found.by, found.at) == (
        "open",
        "Trop de papier.",
        "form",
        AUTHOR,
        T0,
    )
    assert found.to_confirm
    assert not found.cause


def test_a_description_changed_since_proposes_what_it_says_now():
    changed = ProductDescribed(at=T0, by="", cause="described:1", title="Portail", answers=(("probleme", "Autre."),))
    erased = replace(changed, answers=(("probleme", ""),))
    assert shown([*filed(probleme="Avant."), changed]).text == "Autre."
    assert shown([*filed(probleme="Avant."), changed, erased]).text == ""


def test_a_text_confirmed_from_the_form_gives_way_to_what_the_form_says_since():
    facts = [*filed(probleme="Avant."), answered("idee-vision", text="Avant.", source="form")]
    assert not shown(facts).to_confirm
    changed = ProductDescribed(at=T0, by="", cause="described:1", title="Portail", answers=(("probleme", "Après."),))
    found = shown([*facts, changed])
    assert (found.text, found.proposed, found.to_confirm, found.state) == ("Avant.", "Après.", True, "done")


def test_a_text_of_ones_own_is_not_undone_by_the_form():
    facts = [*filed(probleme="Avant."), answered("idee-vision", text="La mienne.")]
    found = shown(facts)
    assert (found.text, found.source, found.to_confirm, found.proposed) == ("La mienne.", "comment", False, "")


def test_a_ticked_question_says_whether_it_was_answered():
    assert shown([*filed(), answered("idee-vision")]).is_bare
    assert not shown([*filed(probleme="x"), answered("idee-vision")]).is_bare
    assert not shown([*filed(), answered("idee-cadrage", text="https://coffre.test/1")], "idee-cadrage").is_bare


def test_each_text_keeps_its_author_and_its_phase():
    facts = [*filed(), answered("idee-vision", text="Une."), answered("idee-vision", text="Deux.", rank=2)]
    found = shown(facts)
    assert [(one.text, one.phase, one.by, one.source) for one in found.former] == [("Une.", "idee", AUTHOR, "comment")]
    assert (found.text, found.phase, found.cause) == ("Deux.", "idee", "comment:2:x")


def test_what_was_taken_back_waits_to_be_confirmed_and_what_does_not_apply_does_not():
    facts = [*filed(), answered("idee-vision", text="Une.")]
    back = shown([*facts, answered("idee-vision", "open", rank=2)])
    assert (back.state, back.text, back.to_confirm) == ("open", "Une.", True)
    na = shown([*facts, answered("idee-vision", "na", rank=2, reason="Sans public.")])
    assert (na.state, na.reason, na.to_confirm) == ("na", "Sans public.", False)


def test_an_answer_of_an_earlier_phase_still_counts_and_is_to_be_confirmed():
    dated = answered("idee-dict", text="Jusqu’au 12 mars 2027", day="2027-03-12")
    facts = [*filed(), dated, entered("mvp")]
    found = shown(facts, "idee-dict")
    assert (found.state, found.phase, found.to_confirm, found.expiry) == ("done", "idee", True, date(2027, 3, 12))
    assert (found.is_expired(date(2027, 3, 12)), found.is_expired(date(2027, 3, 13))) == (False, True)
    confirmed = shown([*facts, answered("idee-dict", rank=50)], "idee-dict")
    assert (confirmed.phase, confirmed.to_confirm, confirmed.text) == ("mvp", False, "Jusqu’au 12 mars 2027")


def test_a_stay_that_ended_shows_the_answers_it_ended_with_and_no_proposal():
    state = standing((*filed(probleme="x"), answered("idee-cadrage"), entered("mvp"), answered("idee-cadrage", "open")))
    found = dossier.items(state, POLICY, state.stays[0])
    assert [(one.state, one.text) for one in found] == [("open", ""), ("done", ""), ("open", "")]


def test_of_a_private_item_the_link_alone_is_known():
    found = shown([*filed(), answered("idee-cadrage", text="https://coffre.test/1")], "idee-cadrage")
    assert (found.text, found.links, found.private, found.former) == ("", ("https://coffre.test/1",), "securite", ())


def test_several_questions_of_the_form_make_one_proposal_each_behind_its_title():
    policy = a_policy_of_questions({"idee-vision": {"kind": "answer", "form": ("probleme", "autre")}})
    state = standing(tuple(filed(probleme="A", autre="B")))
    assert dossier.items(state, policy)[0].text == "Quel problème ? A\nAutre chose ? B"


A_DATE = Item("d", "valeur", "Le jour", kind="date")


@pytest.mark.parametrize(
    ("item", "text", "kept"),
    [
        (replace(A_DATE, kind="answer"), "Oui.\nNon.", "Oui.\nNon."),
        (A_DATE, "le 12 mars 2027", "le 12 mars 2027"),
        (A_DATE, "12/03/2027, soit le 2027-03-12", "12/03/2027, soit le 2027-03-12"),
        (A_DATE, "le 12 mars", ""),
        (A_DATE, "le 31 février 2027", ""),
        (A_DATE, "du 1er mars 2025 au 1er mars 2028", ""),
        (A_DATE, "bientôt", ""),
        (replace(A_DATE, kind="link"), "dépôt : https://forge.test/x, en lecture", "dépôt : https://forge.test/x, en lecture"),
        (replace(A_DATE, kind="link"), "forge.test", ""),
        (replace(A_DATE, kind="link", private="securite"), " <https://coffre.test/1> ", "https://coffre.test/1"),
        (replace(A_DATE, kind="link", private="securite"), "voir https://coffre.test/1", ""),
        (replace(A_DATE, kind="choice", choices=("Oui", "Non, plus tard")), "NON, plus tard.", "Non, plus tard"),
        (replace(A_DATE, kind="choice", choices=("Oui",)), "peut-être", ""),
    ],
)  # fmt: skip
def test_an_answer_is_taken_in_the_shape_its_item_asks_for(item, text, kept):
    assert dossier.fits(item, text) == kept


def test_a_form_that_says_nothing_fit_proposes_nothing():
    assert shown(filed(probleme="bientôt"), "idee-dict").text == ""
    assert shown(filed(autre="le 12 mars 2027"), "idee-dict").expiry == date(2027, 3, 12)


TEXTS = st.sampled_from(["", "Une.", "Deux.", "Trois."])


@given(st.lists(st.tuples(st.sampled_from(["done", "open", "na"]), TEXTS), max_size=12))
def test_any_history_of_answers_folds_to_the_last_text_and_loses_none(said):
    answer, given_texts = Answer(), []
    for rank, (state, text) in enumerate(said, start=1):
        answer = answer.after(answered("i", state, text, rank), stay=1)
        if text and given_texts[-1:] != [text]:
            given_texts.append(text)
    assert [one.text for one in answer.texts] == given_texts
    assert answer.state == (said[-1][0] if said else "open")
    assert (answer.written.text if answer.written else "") == (given_texts[-1] if given_texts else "")


def test_a_fact_of_former_versions_reads_as_a_tick_and_a_new_one_comes_back_whole():
    former = answered("i")
    assert to_json(former).keys() == {"kind", "at", "by", "cause", "item", "answer", "reason"}
    full = answered("i", text="Oui.", source="form", day="2027-03-12")
    assert from_json(to_json(full)) == full
    assert Answer().after(full, 2).written == WrittenAnswer(
        "Oui.", AUTHOR, full.at, "form", 2, full.cause, "2027-03-12"
    )


def test_what_changed_since_a_gate_is_what_differs_from_what_it_froze():
    facts = [*filed(), answered("idee-vision", text="Une."), answered("idee-dict", rank=2)]
    state = standing(tuple(facts))
    frozen = {one.item.id: one.state for one in dossier.items(state, POLICY)}
    request = GateRequested.__new__(GateRequested)
    for name, value in {"answers": tuple(frozen.items()), "texts": dossier.texts(state, POLICY)}.items():
        object.__setattr__(request, name, value)
    assert dossier.changed_since(request, state, POLICY) == ()
    later = standing((*facts, answered("idee-vision", text="Deux.", rank=3), answered("idee-cadrage", rank=4)))
    assert [one.item.id for one in dossier.changed_since(request, later, POLICY)] == ["idee-vision", "idee-cadrage"]
