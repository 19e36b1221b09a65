"""Requests that are not votes: what each adds to the history, and every reason to refuse it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.decide.decide import DECIDERS, decide, is_put_off
from app.domain.decide.manual_changes import ManualChange
from app.domain.decide.pending import is_product, pending_requests
from app.domain.decide.request import Request
from app.domain.policy.model import Policy
from app.domain.product import checklist
from app.domain.product.accounts import Account
from app.domain.product.facts import (
    CommandRefused,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    HelpAsked,
    PhaseEntered,
    ProductFiled,
)
from app.domain.product.gates import electorate
from app.domain.product.issue import Card
from app.domain.product.state import Answer, Product
from app.domain.reading.commands import COMMANDS, MoveCard, RequestGate, parse
from app.domain.reading.conditions import ConditionText, read_condition
from tests.builders import (
    AUTHOR,
    BOT,
    T0,
    a_policy,
    a_product,
    a_small_policy,
    at_gate,
    edited,
    filed,
    played,
    ready,
    refusal_reasons,
    says,
    shown,
    turn,
    voting,
)

POLICY = a_small_policy()


def last(product: Product) -> Fact:
    return product.history[-1]


def answers(product: Product) -> dict[str, str]:
    return {item: answer.state for item, answer in product.standing.answers.items()}


def in_phase(phase: str) -> Product:
    product = filed(POLICY)
    return product.with_facts((PhaseEntered(at=T0, by="x", cause="y", phase=phase, gate=1),))


def test_a_filed_form_becomes_a_product_once() -> None:
    product = filed(POLICY)
    assert [type(fact) for fact in product.history] == [ProductFiled, PhaseEntered]
    assert product.history[0].answers == (("probleme", "Une réponse."), ("autre", "Une réponse."))  # type: ignore[attr-defined]
    assert played(product, POLICY).history == product.history


def test_an_issue_is_a_product_by_its_form_its_label_or_its_history() -> None:
    bare = a_product(POLICY, body="Bonjour")
    unlabelled = replace(bare, issue=replace(bare.issue, labels=frozenset()))
    assert is_product(bare, POLICY)
    assert not is_product(unlabelled, POLICY)
    assert pending_requests(unlabelled, POLICY) == ()
    assert is_product(replace(unlabelled, history=filed(POLICY).history), POLICY)
    formed = a_product(POLICY)
    assert is_product(replace(formed, issue=replace(formed.issue, labels=frozenset())), POLICY)


def test_a_request_freezes_what_will_rule_the_gate() -> None:
    product = at_gate(POLICY, assignees=("design",))
    fact = last(product)
    assert isinstance(fact, GateRequested)
    who = electorate(product, POLICY, Account(AUTHOR), T0)
    assert who
    assert (fact.gate, fact.origin, fact.target, fact.policy) == (1, "idee", "mvp", POLICY.version)
    assert fact.seats == who.seats
    assert fact.concerned == ("design",)
    assert fact.deadline == datetime(2026, 1, 19, 23, tzinfo=UTC)
    assert dict(fact.answers) == {"idee-vision": "done", "idee-cadrage": "open", "idee-dict": "done"}
    assert fact.revisit == ()


def test_a_second_request_after_a_no_go_looks_at_the_objections_only() -> None:
    product = voting(at_gate(POLICY), POLICY, {"data": "/nogo a", "secu": "/nogo b", "design": "/go"})
    product = voting(product, POLICY, {"techno": "/nogo c"})
    assert product.standing.open_gate is None
    product = played(says(product, AUTHOR, "/demande\n1 : fait\n2 : aussi"), POLICY)
    fact = last(product)
    assert isinstance(fact, GateRequested)
    assert [(point.text, change) for point, change in zip(fact.revisit, fact.changes, strict=True)] == [
        ("a", "fait"),
        ("b", "aussi"),
    ]


@pytest.mark.parametrize("words", ["mvp", "MVP", "Mvp."])
def test_a_phase_is_named_in_any_case(words: str) -> None:
    assert isinstance(last(played(says(ready(POLICY), AUTHOR, f"/demande {words}"), POLICY)), GateRequested)


REFUSED = {
    "not_team": ("data", "/demande"),
    "unknown_phase": (AUTHOR, "/demande lune"),
    "illegal_move": (AUTHOR, "/demande généralisation"),
    "same_phase": (AUTHOR, "/demande idée"),
    "blocked": (AUTHOR, "/demande"),
    "no_open_gate": (AUTHOR, "/retrait"),
    "items_missing": (AUTHOR, "/coche"),
    "items_unknown": (AUTHOR, "/coche 99"),
    "na_reason_missing": (AUTHOR, "/na 1"),
    "unknown_command": ("passant", "/demnade"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_request_refused(reason: str) -> None:
    login, text = REFUSED[reason]
    fact = last(played(says(filed(), login, text), a_policy()))
    assert isinstance(fact, CommandRefused)
    assert fact.reason == reason
    assert fact.comment == 101


def test_no_exit_from_the_last_phase() -> None:
    product = played(says(in_phase("arret"), AUTHOR, "/demande"), POLICY)
    assert last(product).reason == "no_exit"  # type: ignore[attr-defined]


def test_one_gate_at_a_time() -> None:
    product = played(says(at_gate(POLICY), AUTHOR, "/demande arrêt"), POLICY)
    assert last(product).reason == "gate_open"  # type: ignore[attr-defined]
    assert dict(last(product).details) == {"target": "MVP"}  # type: ignore[attr-defined]


def test_every_reason_is_produced_by_a_test() -> None:
    """The reasons of votes, conditions, sessions and gestures are in their own files."""
    here = {*REFUSED, "no_exit", "gate_open"}
    folder = Path(__file__).parents[1]
    files = sorted(folder.rglob("test_*.py"))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert {reason for reason in refusal_reasons() - here if f'"{reason}"' not in source} == set()


def test_a_request_before_the_product_is_filed_starts_from_the_entry() -> None:
    asked = Request(RequestGate(), AUTHOR, "comment:1:x", 1)
    (fact,) = decide(asked, a_product(POLICY), POLICY, T0)
    assert isinstance(fact, GateRequested)
    assert fact.origin == "idee"


def test_an_unknown_electorate_blocks() -> None:
    product = played(says(ready(POLICY, team=None), AUTHOR, "/demande"), POLICY)
    assert [blocker.kind for blocker in last(product).blockers] == ["electorate_unknown"]  # type: ignore[attr-defined]


def test_a_request_is_taken_back_by_the_team_only() -> None:
    refused = played(says(at_gate(POLICY), "data", "/retrait"), POLICY)
    assert last(refused).reason == "not_team"  # type: ignore[attr-defined]
    for login in (AUTHOR, "secretariat"):
        product = played(says(at_gate(POLICY), login, "/retrait pas prêts"), POLICY)
        assert isinstance(last(product), GateWithdrawn)
        assert product.standing.open_gate is None


def test_items_are_answered_by_number_or_id() -> None:
    product = played(says(filed(POLICY), AUTHOR, "/coche 1 idee-dict\n/na 2 sans objet ici\n/décoche 1"), POLICY)
    assert answers(product) == {"idee-vision": "open", "idee-dict": "done", "idee-cadrage": "na"}
    assert product.standing.answers["idee-cadrage"] == Answer("na", AUTHOR, "sans objet ici")


def test_items_are_answered_all_or_none() -> None:
    product = played(says(filed(POLICY), AUTHOR, "/coche 1 9"), POLICY)
    refused = last(product)
    assert isinstance(refused, CommandRefused)
    assert dict(refused.details) == {"items": "9", "last": "3", "whole": "yes"}
    assert answers(product) == {}


def test_answers_follow_the_items_still_asked_in_later_phases() -> None:
    product = played(says(filed(POLICY), AUTHOR, "/coche idee-dict idee-vision"), POLICY)
    shown_later = checklist.checklist_lines(POLICY, "mvp", product.standing.answers)
    assert [(line.item.id, line.answer.state) for line in shown_later] == [
        ("idee-dict", "done"),
        ("mvp-homologation", "open"),
    ]
    assert [line.item.id for line in checklist.unsettled_required(shown_later)] == ["mvp-homologation"]
    assert checklist.checklist_lines(POLICY, "arret", {}) == ()
    assert checklist.checklist_lines(POLICY, "phase-disparue", {}) == ()


def redrawn(product: Product, by: str, *items: str, at: int = 1) -> Product:
    """The checklist as somebody left it after clicking on these boxes."""
    comment = shown(product, f"checklist:{len(product.standing.stays)}")
    lines = comment.body.split("\n")
    for number, line in enumerate(lines):
        if any(f"<!-- {item} -->" in line for item in items):
            lines[number] = line.replace("[ ]", "[~]").replace("[x]", "[ ]").replace("[~]", "[x]")
    return edited(product, comment.id, by, "\n".join(lines), T0 + timedelta(minutes=at))


def test_boxes_are_ticked_and_unticked_by_the_team() -> None:
    product = turn(a_product(POLICY), POLICY)
    product = turn(redrawn(product, AUTHOR, "idee-vision", "idee-dict"), POLICY)
    product = turn(redrawn(product, AUTHOR, "idee-dict", at=2), POLICY)
    assert answers(product) == {"idee-vision": "done", "idee-dict": "open"}
    assert shown(product, "checklist:1").editor == BOT


def test_boxes_ticked_by_others_are_put_back() -> None:
    product = turn(redrawn(turn(a_product(POLICY), POLICY), "data", "idee-vision"), POLICY)
    assert last(product).reason == "not_team"  # type: ignore[attr-defined]
    assert answers(product) == {}
    trace = shown(product, "checklist:1").trace
    assert trace
    assert trace.intact
    assert trace.drawn["idee-vision"] is False


def test_a_checklist_reworded_by_somebody_ticks_nothing() -> None:
    product = turn(a_product(POLICY), POLICY)
    comment = shown(product, "checklist:1")
    changed = edited(product, comment.id, AUTHOR, comment.body.replace("Idée", "Idées"))
    assert played(changed, POLICY).history == product.history
    undated = replace(redrawn(product, AUTHOR, "idee-dict"), history=product.history)
    comments = tuple(replace(c, edited_at=None) for c in undated.issue.comments)
    undated = replace(undated, issue=replace(undated.issue, comments=comments))
    assert answers(played(undated, POLICY)) == {"idee-dict": "done"}


def moved(product: Product, column: str | None) -> Product:
    return replace(product, issue=replace(product.issue, card=Card("PVTI_1", column)))


def test_a_dragged_card_asks_for_a_gate() -> None:
    product = played(moved(ready(POLICY), "MVP"), POLICY, gesture=ManualChange(AUTHOR, "d1"))
    assert isinstance(last(product), GateRequested)
    assert last(product).cause == "card:d1"
    refused = played(moved(ready(POLICY), "MVP"), POLICY, gesture=ManualChange("data", "d1"))
    assert last(refused).reason == "not_team"  # type: ignore[attr-defined]
    assert last(refused).command == "MoveCard"  # type: ignore[attr-defined]


def test_a_card_where_it_should_be_asks_nothing() -> None:
    product = ready(POLICY)
    assert pending_requests(moved(product, "Idée"), POLICY, ManualChange(AUTHOR, "d1")) == ()
    assert pending_requests(product, POLICY, ManualChange(AUTHOR, "d1")) == ()
    assert decide(Request(MoveCard("idee"), AUTHOR, "card:x"), product, POLICY, T0) == ()


def test_help_is_given_to_anybody() -> None:
    fact = last(played(says(filed(POLICY), "passant", "/aide"), POLICY))
    assert isinstance(fact, HelpAsked)
    assert fact.comment == 101


def test_a_request_already_answered_adds_nothing() -> None:
    product = at_gate(POLICY)
    asked = Request(RequestGate(), AUTHOR, last(product).cause)
    assert decide(asked, product, POLICY, T0) == ()


def test_each_command_has_its_decider() -> None:
    assert all(callable(decider) for decider in DECIDERS.values())
    assert {type(parse(f"/{row.words[0]}")[0].command) for row in COMMANDS} <= set(DECIDERS)


@pytest.mark.parametrize(
    ("text", "aspect", "owner", "due"),
    [
        ("Sécurité : chiffrer, @cheffe-produit, avant le 31/12/2026", "securite", "cheffe-produit", "2026-12-31"),
        ("securite: pour le 2026-06-01", "securite", "", "2026-06-01"),
        ("VALEUR METIER : mesurer", "valeur", "", ""),
        ("Autre : écrire à equipe@exemple.fr", "", "", ""),
        ("avant le 31/02/2026", "", "", ""),
        ("sans rien", "", "", ""),
    ],
)
def test_what_is_read_in_a_condition(text: str, aspect: str, owner: str, due: str) -> None:
    assert read_condition(text, POLICY.aspects) == ConditionText(text, aspect, owner, due)


def test_a_policy_finds_its_phases_and_seats() -> None:
    policy: Policy = POLICY
    assert policy.phase("disparue").name == "disparue"
    assert policy.phase_called("ARRET") is policy.phases[2]
    assert policy.phase_called("lune") is None
    assert policy.phase_of_card("Lune") is None
    assert policy.seat("data")
    assert policy.seat("lune") is None
    assert policy.distrusted().flawed
    assert policy.gate("arret", "idee") is None


APART = timedelta(minutes=5, seconds=1)


def seen_at(product: Product, hour: datetime | None) -> Product:
    return replace(product, told_at=hour)


@pytest.mark.parametrize("apart", [APART, -APART, timedelta(days=60), timedelta(days=-400)])
@pytest.mark.parametrize(
    ("login", "text"),
    [
        (AUTHOR, "/demande"),
        (AUTHOR, "/retrait"),
        ("secretariat", "/clore"),
        ("secretariat", "/décision go\nprésents : techno, secu, design"),
        ("secretariat", "/décision report"),
        ("secu", "/go"),
    ],
)
def test_nothing_opens_or_closes_while_the_clocks_disagree(login: str, text: str, apart: timedelta) -> None:
    """And nothing is lost: it is decided once they agree."""
    product = ready(POLICY) if text == "/demande" else voting(at_gate(POLICY), POLICY, {"techno": "/go", "data": "/go"})
    asked = says(product, login, text)
    now = T0 + timedelta(hours=1)
    doubted = played(seen_at(asked, now - apart), POLICY, now)
    changes = (GateRequested, GateDecided, GateWithdrawn, GatePostponed, PhaseEntered, CommandRefused)
    assert not [fact for fact in doubted.history[len(product.history) :] if isinstance(fact, changes)]
    assert is_put_off(doubted, pending_requests(doubted, POLICY), POLICY, now)
    for hour in (now, None, now + timedelta(minutes=5)):
        done = played(seen_at(doubted, hour), POLICY, now)
        assert isinstance(done.history[-1], changes)
        assert not is_put_off(done, pending_requests(done, POLICY), POLICY, now)


def test_sixty_days_ahead_a_deadline_decides_nothing() -> None:
    product = voting(at_gate(POLICY), POLICY, {"secu": "/nogo non", "data": "/go"})
    ahead = T0 + timedelta(days=60)
    assert played(seen_at(product, T0), POLICY, ahead).history == product.history
    assert played(seen_at(product, T0), POLICY, T0).history == product.history
    assert not is_put_off(seen_at(product, T0), pending_requests(product, POLICY), POLICY, T0)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("/demande\n\nMVP", "mvp"),
        ("/demande\n\nau MVP svp\n\nMerci !", "mvp"),
        ("/demande\n\nNous sommes prêts depuis longtemps, et le métier aussi.", "poc"),
        ("/demande\n\nJ. Martin", "poc"),
        ("/demande MVP svp", "mvp"),
        ("/demande le passage en MVP, merci 🎉", "mvp"),
    ],
)
def test_a_phase_is_found_among_courtesies_and_in_the_next_paragraph(text: str, target: str) -> None:
    policy = a_policy()
    fact = last(played(says(filed(policy), AUTHOR, text), policy))
    asked = fact.target if isinstance(fact, GateRequested) else dict(fact.details)["target"]  # type: ignore[attr-defined]
    assert policy.phase_called(asked) == policy.phase(target)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/demande MVP dès que possible", "dès que possible"),
        ("/demande MVP (si le budget passe)", "(si le budget passe"),
        ("/demande\n\nMVP\n\nPOC", "MVP, POC"),
    ],
)
def test_words_beside_a_phase_are_asked_about_with_the_line_to_copy(text: str, words: str) -> None:
    policy = a_policy()
    fact = last(played(says(filed(policy), AUTHOR, text), policy))
    assert isinstance(fact, CommandRefused)
    told = dict(fact.details)
    assert (fact.reason, told["words"], told["near"]) == ("unread", words, "mvp")
