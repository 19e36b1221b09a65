"""The file of a product says all that its history says, and nothing else, at every moment."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from app.domain.policy.model import Policy
from app.domain.product import fact_json, facts
from app.domain.product.erasure_facts import PersonalErased
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    CommandRefused,
    ConditionAdded,
    DecisionRestored,
    Fact,
    HelpAsked,
    ItemAnswered,
    PastPhase,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductMoved,
    ProductReturned,
    RecusalEnded,
)
from app.domain.product.reuse_facts import ADAPTED, REUSED, SET_ASIDE, ReuseAnswered, ReuseSuggested, Suggestion
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
    ProductPaused,
    ProductResumed,
)
from app.domain.product.state import standing
from app.domain.report.present import present
from app.domain.report.product_events import TOLD, events
from app.domain.report.product_file import PURPOSE, product_file, purpose_line
from tests.builders import a_small_policy
from tests.domain.report.test_present import NOW, lives
from tests.lives import Life, at

POLICY = a_small_policy()


def asking(policy: Policy, **changes) -> Policy:
    """The same rules, the first item of the first phase being a question."""
    first, *others = policy.phases[0].items
    entry = replace(policy.phases[0], items=(replace(first, kind="answer", **changes), *others))
    return replace(policy, phases=(entry, *policy.phases[1:]))


def a_life(policy=POLICY):
    return Life(policy, "Annuaire", 1).filed("2026-01-05")


def filed_with(life, **answers):
    life.facts[0] = replace(life.facts[0], answers=tuple(answers.items()))
    return life


def told(life, policy=POLICY, now=NOW):
    return product_file(tuple(life.facts), policy, now)


@settings(deadline=None, max_examples=60)
@given(lives())
def test_nothing_that_happened_is_left_out(life):
    history = tuple(life.facts)
    found = told(life, now=history[-1].at + timedelta(seconds=1))
    state, kept = standing(history), present(history)
    ticks = sum(isinstance(fact, ItemAnswered) for fact in history)
    in_points = sum(len(one.points) for one in found.events if one.kind.startswith("item_"))
    others = sum(not one.kind.startswith("item_") for one in found.events)
    assert (in_points, others) == (ticks, len(history) - ticks)
    assert sum(len(aspect.items) for aspect in found.aspects) == len(POLICY.checklist(state.phase))
    assert {one.number for one in found.open_conditions} == {one.fact.number for one in state.open_conditions}
    assert len(found.open_conditions) + len(found.lifted_conditions) == len(state.conditions)
    assert len(found.gates) + (found.gate is not None) == len(state.gates)
    assert (found.gate is not None) == (kept.waiting is not None)
    if found.gate and kept.waiting:
        recused = sum(one.choice == "recuse" for one in found.gate.spoken)
        assert len(found.gate.spoken) - recused == kept.waiting.spoken
        silent = {one.seat for one in found.gate.opinions if not one.choice}
        assert silent == {one.name for one in kept.waiting.awaited}
    past, stays = (state.imported.past, state.stays[1:]) if state.imported else ((), state.stays)
    assert [step.phase for step in found.steps] == [POLICY.phase(one.phase).name for one in (*past, *stays)]
    assert all(one.at > found.since_gate for one in found.changes)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, ""),
        ({"probleme": "Trop long.\nTrop lent."}, "Trop long. Trop lent."),
        ({"probleme": "Trop long.", "vision": "Aller vite."}, "Aller vite."),
        ({"vision": "  ", "probleme": "Trop long."}, "Trop long."),
        ({"vision": "a" * 400}, "a" * (PURPOSE - 1) + "…"),
    ],
)
def test_what_a_product_is_holds_in_a_sentence_or_two(answers, said):
    assert purpose_line(answers) == said


def test_a_question_is_under_its_item_or_with_the_rest_of_the_form():
    question = POLICY.questions[0]
    policy = asking(POLICY, form=(question.id,))
    answers = {question.id: "Aller vite", "direction": "DGT", "besoins": "- [x] Design", "ancienne": "Gardée"}
    found = told(filed_with(a_life(), **answers), policy)
    assert [(one.question, one.text) for one in found.form] == [("ancienne", "Gardée")]
    (proposed,) = [one for aspect in found.aspects for one in aspect.items if one.text]
    assert (proposed.text, proposed.source, proposed.to_confirm) == ("Aller vite", "form", True)
    (said,) = told(filed_with(a_life(), **{question.id: "Oui"})).form
    assert (said.question, said.text) == (question.labels[0], "Oui")


def test_answers_in_words_outlive_the_phase_that_asked_them():
    policy = asking(POLICY)
    item = policy.phases[0].items[0].id
    life = a_life(policy)
    life.facts.append(
        ItemAnswered(**life._note("2026-01-06"), item=item, answer="done", text="Premier", source="comment")
    )
    life.facts.append(ItemAnswered(**life._note("2026-01-07"), item="inconnu", answer="done"))
    life.asked("2026-02-01", "mvp").decided("2026-02-05").entered("2026-02-06", "idee").entered("2026-02-07", "mvp")
    found = told(life, policy)
    assert [one.text for one in found.before] == ["Premier"]
    assert [one.points for one in found.events if one.kind == "item_done"] == [
        (f"{policy.phases[0].items[0].text}\nPremier",),
        ("inconnu",),
    ]


def test_a_private_answer_is_nowhere_on_the_page_whatever_was_given_before_the_rules_made_it_so():
    policy = asking(POLICY)
    item = policy.phases[0].items[0]
    life = a_life(policy)
    for rank, text in enumerate(("Le code est 1234", "https://coffre.test/1"), start=6):
        note = life._note(f"2026-01-0{rank}")
        life.facts.append(ItemAnswered(**note, item=item.id, answer="done", text=text))
    life.asked("2026-02-01", "mvp").decided("2026-02-05").entered("2026-02-06", "mvp")
    assert "1234" in str(told(life, policy))
    first, *others = policy.phases[0].items
    private = replace(policy.phases[0], items=(replace(first, kind="link", private="securite"), *others))
    found = told(life, replace(policy, phases=(private, *policy.phases[1:])))
    assert "1234" not in str(found)
    assert "coffre.test" not in str(found.events)


def test_what_changed_is_what_people_did_since_the_last_decision():
    life = a_life()
    item = POLICY.phases[0].items[0].id
    life.facts.append(ItemAnswered(**life._note("2026-01-06"), item=item, answer="done"))
    assert (told(life).since_gate, told(life).changes) == (None, ())
    life.asked("2026-02-01", "mvp").decided("2026-02-05", "go", [("Relire", "")])
    assert told(life).changes == ()
    life.facts.append(ProductDescribed(**life._note("2026-02-06"), title="Annuaire 2"))
    life.facts.append(ItemAnswered(**life._note("2026-02-07"), item=item, answer="na", reason="Sans objet"))
    life.lifted("2026-02-08", 1).asked("2026-02-09", "idee") if POLICY.gate("mvp", "idee") else life.lifted(
        "2026-02-08", 1
    )
    found = told(life)
    assert [one.kind for one in found.changes] == ["described", "item_na", "lifted"]
    assert found.since_gate == at("2026-02-05")


def test_a_refusal_is_told_until_something_is_asked_again():
    life = a_life().asked("2026-02-01", "mvp").vote("2026-02-02", "design", "nogo", "Non").decided("2026-02-05", "nogo")
    found = told(life)
    assert found.refused
    assert [(one.seat, one.text) for one in found.refused.points] == [("Design", "Non")]
    assert told(life.asked("2026-03-01", "mvp")).refused is None
    assert told(life.withdrawn("2026-03-02")).refused is not None


def test_a_withdrawn_gate_decided_nothing_and_a_session_has_its_people():
    life = a_life().asked("2026-02-01", "mvp").postponed("2026-02-03", "Trop tôt").withdrawn("2026-02-05")
    assert told(life).since_gate is None
    (closed,) = told(life).gates
    assert (closed.outcome, closed.counts) == ("withdrawn", (0, 0, 0))
    assert [reason for _, reason in closed.put_off] == ["Trop tôt"]
    life.asked("2026-03-01", "mvp").decided(
        "2026-03-05", "nogo", present=("design",), reason="Pas mûr", held="2026-03-03"
    )
    last = told(life).gates[0]
    assert (last.present, last.reason, last.held, last.excused) == (("Design",), "Pas mûr", "2026-03-03", ())


def test_conditions_say_whose_they_are_and_when_they_are_late():
    life = a_life().asked("2026-02-01", "mvp").vote("2026-02-02", "design", "go", conditions=["Relire"])
    assert [one.choice for one in told(life).gate.spoken] == ["conditions"]
    life.decided("2026-02-05", "go", [("Relire", "2026-03-01"), ("Nommer", "")]).lifted("2026-02-08", 2)
    found = told(life, now=at("2026-03-02"))
    (owed,), (done,) = found.open_conditions, found.lifted_conditions
    assert (owed.overdue, owed.seat, owed.owner) == (True, "Technologie", "cheffe-produit")
    assert (done.overdue, done.lifted_by) == (False, "secretariat")
    assert not told(life, now=at("2026-03-01")).open_conditions[0].overdue
    session = a_life().asked("2026-02-01", "mvp").decided("2026-02-05", "go", [("Relire", "")], present=("design",))
    assert told(session).open_conditions[0].seat == ""


def test_phases_of_a_former_follow_up_keep_their_names_and_dates():
    life = Life(POLICY, "Ancien", 1)
    note = life._note("2026-06-01", "secretariat")
    past = (
        PastPhase("investigation", "idee", "2018-01-10", "2018-06-01"),
        PastPhase("construction", "mvp", "2018-06-01", "bientôt"),
    )
    life.facts = [
        ProductImported(**note, key="a", title="Ancien", past=past),
        PhaseEntered(**note, phase="mvp", imported=True, began=datetime(2018, 6, 1, tzinfo=UTC)),
    ]
    steps = told(life).steps
    assert [(one.former, one.days) for one in steps] == [("investigation", 142), ("construction", None)]
    assert [one.kind for one in told(life).events] == ["imported", "entered_before"]
    assert [one.former for one in told(life.entered("2026-06-10", "idee")).steps] == [
        "investigation",
        "construction",
        "",
    ]
    life.facts[0] = replace(life.facts[0], past=())
    assert len(told(life).steps) == 2
    life.facts[0] = replace(life.facts[0], shown=(("Site", "https://ancien.example"),))
    assert [(one.question, one.text) for one in told(life).form] == [("Site", "https://ancien.example")]


def test_a_product_that_entered_no_phase_has_a_file():
    found = told(Life(POLICY))
    assert (found.aspects, found.steps, found.events) == ((), (), ())
    life = Life(POLICY)
    life.facts = [ProductFiled(**life._note("2026-01-05"), title="Seul")]
    assert [one.kind for one in told(life).events] == ["filed"]


def every_kind():
    """A history in which everything that the register knows happened once."""
    life = a_life()

    def note():
        return life._note(at("2026-01-06") + timedelta(hours=len(life.facts)))

    life.facts += [
        ProductImported(**note(), key="k", title="T"),
        ProductMoved(**note()),
        HelpAsked(**note(), comment=1),
    ]
    life.facts += [
        ProductLeft(**note(), how="duplicate"),
        ProductReturned(**note()),
        ProductDescribed(**note(), title="T"),
    ]
    life.facts += [CommandRefused(**note(), command="Go", reason="NOT_SEATED")]
    life.facts.append(ReuseSuggested(**note(), shown=(Suggestion(1, "commun:grist", "Grist", "Des tableaux", "name"),)))
    life.facts += [
        ReuseAnswered(**note(), ref="commun:grist", name="Grist", answer=answer, number=1)
        for answer in (REUSED, ADAPTED, SET_ASIDE)
    ]
    for answer in ("done", "open", "na"):
        life.facts.append(ItemAnswered(**note(), item="idee-vision", answer=answer))
    life.asked("2026-02-01", "mvp")
    life.facts.append(AccountsBound(**life._note("2026-02-02"), gate=1))
    for choice in ("go", "nogo", "abstain", "recuse"):
        life.vote("2026-02-03", "design", choice)
    life.facts.append(RecusalEnded(**life._note("2026-02-03"), gate=1))
    life.vote("2026-02-03", "design", "go", conditions=["Relire"])
    for kind in (BallotVoided, BallotOrphaned):
        life.facts.append(kind(**life._note("2026-02-04"), gate=1, comment=0, voter="design"))
    life.facts.append(BallotAltered(**life._note("2026-02-04"), gate=1, comment=0, voter="design", how="edited"))
    life.postponed("2026-02-04").decided("2026-02-05", "nogo").asked("2026-02-06", "mvp").decided("2026-02-07", "go")
    life.asked("2026-02-08", POLICY.exits("mvp")[0].to).withdrawn("2026-02-09")
    life.asked("2026-02-09", POLICY.exits("mvp")[0].to).withdrawn("2026-02-09", "dnum/archives")
    life.facts.append(DecisionRestored(**life._note("2026-02-10"), gate=2, how="edited"))
    life.facts.append(
        ConditionAdded(
            **life._note("2026-02-10"), number=1, gate=2, seat="", author="a", condition=facts.ConditionText("R")
        )
    )
    life.lifted("2026-02-11", 1)
    life.facts += [
        PersonalErased(**life._note("2026-02-11", ""), request="DPO-7", facts=(1, 2), person=person)
        for person in ("", "personne effacée 1")
    ]
    life.facts += second_thoughts(life)
    return life


def second_thoughts(life):
    note, by_itself = life._note("2026-02-12", "secretariat"), life._note("2026-03-02", "")
    until = at("2026-03-02")
    for outcome in ("go", "nogo", "later"):
        yield DecisionRectified(**note, gate=2, was="go", outcome=outcome, why="Erreur")
    yield LiftRectified(**note, gate=2, number=1, reason="Erreur")
    yield DecisionContested(**note, gate=1, grounds="Motifs")
    yield DecisionContested(**note, gate=2, grounds="Motifs", condition=1)
    for outcome in ("go", "nogo"):
        yield DecisionOverridden(**note, gate=1, was="nogo", outcome=outcome, reason="Raison")
    yield ProductPaused(**note, reason="Raison")
    yield ProductResumed(**note)
    yield ProductPaused(**note, reason="Raison", until=until)
    yield ProductResumed(**by_itself)


def test_every_fact_of_the_register_is_told():
    """A fact that comes with a later release must be told as well."""
    assert set(TOLD) | {ItemAnswered} == set(fact_json.KINDS.values())
    history = tuple(every_kind().facts)
    assert {type(fact) for fact in history} == set(fact_json.KINDS.values())


def test_an_erasure_is_told_with_its_request_and_whom_it_was_for():
    history = tuple(every_kind().facts)
    erased = tuple(fact for fact in history if isinstance(fact, PersonalErased))
    words, person = events(erased, POLICY, standing(history))
    assert (words.kind, words.said, words.values) == ("erased_words", "DPO-7", {"count": 2, "person": ""})
    assert (person.kind, person.values["person"]) == ("erased_person", "personne effacée 1")


def test_each_second_thought_has_a_sentence_of_its_own():
    history = tuple(every_kind().facts)
    found = [one.kind for one in events(tuple(second_thoughts(every_kind())), POLICY, standing(history))]
    assert found == [
        *("rectified_go", "rectified_nogo", "rectified_later", "relifted", "contested", "contested_condition"),
        *("overridden_go", "overridden_nogo", "paused", "resumed", "paused_until", "woken"),
    ]


@pytest.mark.parametrize("outcome", ["go", "nogo"])
def test_a_decision_in_session_and_an_entry_have_sentences_of_their_own(outcome):
    life = a_life().asked("2026-02-01", "mvp")
    life.facts[-1] = replace(life.facts[-1], entry=True)
    life.decided("2026-02-05", outcome, present=("design",))
    kinds = [one.kind for one in told(life).events]
    assert "asked_entry" in kinds
    assert f"session_{outcome}" in kinds


def test_a_fact_unknown_here_is_a_note():
    @dataclass(frozen=True, kw_only=True)
    class Later(Fact):
        pass

    fact = Later(at=NOW, by="a", cause="c")
    assert [one.kind for one in events((fact,), POLICY, standing(()))] == ["noted"]


def test_votes_hold_the_words_that_count():
    life = (
        a_life()
        .asked("2026-02-01", "mvp")
        .vote("2026-02-02", "design", "nogo", "Non")
        .vote("2026-02-03", "design", "go")
    )
    assert [(one.seat, one.choice) for one in told(life).gate.spoken] == [("Design", "go")]
    assert sum(isinstance(fact, BallotCast) for fact in life.facts) == 2
