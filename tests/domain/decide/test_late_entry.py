"""A refonte or a major change asks for its phase, and has it only once the committee has confirmed it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.decide import late_entry
from app.domain.decide.decide import decide
from app.domain.decide.request import Request, RequestEntry
from app.domain.policy.model import Policy, Question
from app.domain.product.facts import CommandRefused, GateDecided, GateRequested, PhaseEntered
from app.domain.product.state import Product
from app.domain.publish.reconcile import reconcile
from tests.builders import AUTHOR, T0, TEAM, a_product, a_small_policy, played, says, shown, turn, voting

QUESTIONS = (
    Question("phase-entree", ("Quelle phase ?",), required=True, only_if_asked=True),
    Question("justification", ("Pourquoi ?",), required=True, only_if_asked=True),
)


def a_wider_policy() -> Policy:
    """One phase more than the small policy, so that one may be skipped."""
    small = a_small_policy()
    extra = replace(
        small.phases[1], id="construction", name="Construction", label="phase: construction", card="Construction"
    )
    to_it = replace(small.gates[0], to="construction", origins=("mvp",))
    back = replace(small.gates[2], to="mvp", origins=("construction",))
    forward, end, *others = small.gates
    end = replace(end, origins=(*end.origins, "construction"))
    phases = (*small.phases[:2], extra, small.phases[2])
    return replace(
        small, phases=phases, gates=(back, forward, to_it, end, *others), questions=(*small.questions, *QUESTIONS)
    )


POLICY = a_wider_policy()
GO = {"data": "/go", "secu": "/go", "techno": "/go"}


def body(phase: str = "Construction", why: str = "Le service existe déjà.", problem: str = "Lent.") -> str:
    return f"### Quel problème ?\n\n{problem}\n\n### Quelle phase ?\n\n{phase}\n\n### Pourquoi ?\n\n{why}"


def rewritten(product: Product, text: str) -> Product:
    return replace(product, issue=replace(product.issue, body=text))


def test_a_complete_form_opens_the_gate_to_the_phase_it_asks_for_and_waits_in_the_first() -> None:
    product = turn(a_product(POLICY, body=body()), POLICY)
    request = product.history[-1]
    assert isinstance(request, GateRequested)
    assert (request.entry, request.origin, request.target, request.by) == (True, "idee", "construction", AUTHOR)
    assert request.rule == POLICY.gates[2].rule, "ruled as the gate that leads there"
    assert product.standing.phase == "idee"
    assert "Le service existe déjà." in shown(product, "gate:1").body
    assert "directement en phase **Construction**" in shown(product, "welcome").body
    assert reconcile(product, POLICY, T0) == ()
    product = turn(voting(product, POLICY, GO), POLICY)
    assert product.standing.phase == "construction"
    assert [type(fact) for fact in product.history[-2:]] == [GateDecided, PhaseEntered]


@pytest.mark.parametrize("text", [body(why="_No response_"), body(problem=""), body(phase="_No response_")])
def test_an_incomplete_form_asks_first_and_follows_once_completed(text: str) -> None:
    product = turn(a_product(POLICY, body=text), POLICY)
    assert not product.standing.gates
    assert "Il manque quelques réponses" in shown(product, "welcome").body
    product = turn(rewritten(product, body()), POLICY)
    assert product.standing.open_gate
    assert "Il manque quelques réponses" not in shown(product, "welcome").body


@pytest.mark.parametrize("phase", ["Idée", "Arrêt", "Lune"])
def test_the_first_phase_an_end_or_no_phase_need_no_confirmation(phase: str) -> None:
    product = turn(a_product(POLICY, body=body(phase)), POLICY)
    assert not product.standing.gates
    assert late_entry.claimed(product, POLICY) is None


def test_after_a_no_go_the_team_asks_again_without_the_checklist_of_a_phase_it_was_never_in() -> None:
    product = turn(a_product(POLICY, body=body()), POLICY)
    product = turn(voting(product, POLICY, {"data": "/nogo a", "secu": "/nogo b", "design": "/nogo c"}), POLICY)
    assert product.standing.phase == "idee"
    assert not product.standing.open_gate
    asks_again = "/demande construction\n1 : fait\n2 : fait"
    again = turn(says(product, AUTHOR, asks_again), POLICY)
    assert again.standing.open_gate
    assert again.standing.open_gate.request.revisit
    spoilt = turn(says(rewritten(product, body(why="")), AUTHOR, asks_again), POLICY)
    assert {blocker.kind for blocker in spoilt.history[-1].blockers} == {"question"}  # type: ignore[attr-defined]


def test_a_claim_made_later_or_elsewhere_opens_nothing() -> None:
    product = turn(a_product(POLICY, body=body()), POLICY)
    moved = turn(voting(product, POLICY, GO), POLICY)
    assert late_entry.gate(moved, POLICY, POLICY.phase("construction")) is None
    assert late_entry.gate(product, POLICY, POLICY.phase("mvp")) is None
    unreachable = replace(POLICY, gates=tuple(gate for gate in POLICY.gates if gate.to != "construction"))
    fresh = a_product(unreachable, body=body())
    assert not turn(fresh, unreachable).standing.gates


def test_a_committee_that_cannot_vote_blocks_the_entry_with_the_words_to_ask_again() -> None:
    product = turn(a_product(POLICY, body=body(), team=None), POLICY)
    refusal = product.history[-1]
    assert isinstance(refusal, CommandRefused)
    assert (refusal.command, refusal.reason) == ("RequestEntry", "blocked")
    assert "`/demande construction`" in shown(product, f"reply:{refusal.cause}").body
    product = replace(product, issue=replace(product.issue, team=TEAM))
    assert played(product, POLICY).history == product.history
    assert turn(says(product, AUTHOR, "/demande construction"), POLICY).standing.open_gate


def test_an_entry_the_form_no_longer_asks_for_is_not_asked() -> None:
    assert decide(Request(RequestEntry("mvp"), AUTHOR, "entry:x"), a_product(POLICY), POLICY, T0) == ()


def test_the_rule_is_that_of_the_gate_forward() -> None:
    claim = a_product(POLICY, body=body("MVP"))
    found = late_entry.gate(claim, POLICY, POLICY.phase("mvp"))
    assert found
    assert (found.rule, found.checklist, found.entry) == (POLICY.gates[1].rule, False, True)
