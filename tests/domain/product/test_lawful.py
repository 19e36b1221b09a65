"""A history is believed when the rules could have led to it, fact by fact; what they could not is found at its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from app.domain.product import imported
from app.domain.product.facts import (
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    CommandRefused,
    ConditionAdded,
    ConditionLifted,
    Fact,
    GateDecided,
    GatePostponed,
    GateRequested,
    GateWithdrawn,
    History,
    ItemAnswered,
    PastPhase,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
    ProductLeft,
    ProductMoved,
    ProductReturned,
)
from app.domain.product.lawful import breach
from app.domain.reading.conditions import ConditionText
from tests.builders import AUTHOR, T0, a_small_policy, at_gate, played, says, turn, voting

POLICY = a_small_policy()
LATER = T0 + timedelta(days=30)


def decided() -> History:
    """A go with a condition, then the condition lifted."""
    product = voting(at_gate(POLICY), POLICY, {"techno": "/go", "secu": "/go sous réserve\n- relire", "design": "/go"})
    return played(says(product, "secretariat", "/levée 1 fait"), POLICY, T0).history


def refused() -> History:
    return voting(at_gate(POLICY), POLICY, {"techno": "/nogo non", "secu": "/nogo non", "design": "/nogo non"}).history


def in_session(text: str) -> History:
    return played(says(at_gate(POLICY), "secretariat", text), POLICY, T0).history


def opened() -> History:
    return voting(at_gate(POLICY), POLICY, {"techno": "/go"}).history


GO = "/décision go\nprésents : techno, design, secu\nréserve : relire"
NOGO = "/décision nogo trop tôt\nprésents : techno, design, secu"


@pytest.mark.parametrize(
    "history",
    [
        decided(),
        refused(),
        opened(),
        in_session(GO),
        in_session(NOGO),
        played(says(at_gate(POLICY), "secretariat", "/décision report plus tard"), POLICY, T0).history,
        played(says(at_gate(POLICY), AUTHOR, "/retrait"), POLICY, T0).history,
        turn(at_gate(POLICY), POLICY).history,
        (),
    ],
    ids=["go", "no-go", "open", "session go", "session no-go", "postponed", "withdrawn", "turn", "nothing"],
)
def test_what_the_rules_led_to_is_believed(history: History) -> None:
    assert breach(history) == 0
    assert breach(history, POLICY) == 0


def test_what_was_taken_over_is_believed() -> None:
    taken = imported.ImportedProduct("a", "Agréments", (PastPhase("Build", "mvp", "2021-01-01"),))
    history = imported.facts(taken, POLICY, T0, "jalon")
    assert breach(history) == 0
    assert breach(history[:1]) == 2
    assert breach(history[1:]) == 1
    assert breach((*history, history[1])) == 3


def place(history: History, kind: type[Fact], nth: int = 0) -> int:
    return [rank for rank, fact in enumerate(history) if isinstance(fact, kind)][nth]


def changed(history: History, kind: type[Fact], nth: int = 0, **fields: Any) -> History:
    rank = place(history, kind, nth)
    return (*history[:rank], replace(history[rank], **fields), *history[rank + 1 :])


CONDITION = ConditionText("autre")
CHANGES: tuple[tuple[History, type[Fact], dict[str, Any]], ...] = (
    (decided(), GateDecided, {"outcome": "nogo"}),
    (decided(), GateDecided, {"go": 9}),
    (decided(), GateDecided, {"silent": 0}),
    (decided(), GateDecided, {"gate": 2}),
    (refused(), GateDecided, {"outcome": "go"}),
    (in_session(GO), GateDecided, {"present": ("technologie",)}),
    (in_session(GO), GateDecided, {"present": ("technologie", "design", "marine")}),
    (in_session(GO), GateDecided, {"outcome": "later"}),
    (in_session(NOGO), GateDecided, {"reason": ""}),
    (decided(), BallotCast, {"by": "visiteur"}),
    (decided(), BallotCast, {"seats": ()}),
    (decided(), BallotCast, {"seats": ("securite", "technologie")}),
    (decided(), BallotCast, {"choice": "oui"}),
    (decided(), BallotCast, {"comment": 1}),
    (decided(), BallotCast, {"gate": 7}),
    (decided(), GateRequested, {"gate": 2}),
    (decided(), GateRequested, {"origin": "mvp"}),
    (decided(), GateRequested, {"target": "idee"}),
    (decided(), GateRequested, {"deadline": T0 - timedelta(days=1)}),
    (decided(), PhaseEntered, {"gate": 1}),
    (decided(), ConditionAdded, {"number": 2}),
    (decided(), ConditionAdded, {"condition": CONDITION}),
    (decided(), ConditionAdded, {"gate": 2}),
    (decided(), ConditionAdded, {"cause": "autre"}),
    (decided(), ConditionLifted, {"number": 2}),
    (decided(), ItemAnswered, {"answer": "peut-être"}),
)


@pytest.mark.parametrize(
    ("history", "kind", "fields"), CHANGES, ids=[f"{kind.__name__} {fields}" for _, kind, fields in CHANGES]
)
def test_a_fact_changed_is_found(history: History, kind: type[Fact], fields: dict[str, Any]) -> None:
    """At its place, or at the first one that no longer follows from it."""
    found = breach(changed(history, kind, **fields))
    assert found >= place(history, kind) + 1


@pytest.mark.parametrize(
    ("phase", "gate"),
    [("generalisation", 1), ("mvp", None), ("mvp", 2)],
    ids=["another phase", "without a gate", "by no gate"],
)
def test_a_phase_is_entered_through_its_gate_alone(phase: str, gate: int | None) -> None:
    history = decided()
    assert breach(changed(history, PhaseEntered, 1, phase=phase, gate=gate)) == place(history, PhaseEntered, 1) + 1


NOTE = {"at": T0, "by": "techno", "cause": "comment:900:go"}
FIGURES = {"go": 7, "nogo": 0, "abstain": 0, "recused": 0, "silent": 0, "policy": "x"}
UNLAWFUL: dict[str, Fact] = {
    "a second filing": ProductFiled(**NOTE, title="x"),
    "a second import": ProductImported(**NOTE, key="x", title="x"),
    "an imported phase": PhaseEntered(**NOTE, phase="mvp", imported=True),
    "a phase": PhaseEntered(**NOTE, phase="mvp"),
    "a second gate": GateRequested(
        **NOTE,
        gate=2,
        origin="idee",
        target="mvp",
        policy="x",
        seats=(),
        concerned=(),
        rule=POLICY.gates[0].rule,
        deadline=LATER,
    ),
    "a decision without its ballots": GateDecided(**NOTE, gate=1, outcome="go", **FIGURES),
    "an early decision": GateDecided(**NOTE | {"cause": "deadline:1"}, gate=1, outcome="go", **FIGURES | {"go": 1}),
    "a condition": ConditionAdded(**NOTE, number=1, gate=1, seat="", author="x", condition=CONDITION),
    "a condition lifted": ConditionLifted(**NOTE, number=1),
    "a ballot voided that nobody cast": BallotVoided(**NOTE, gate=1, comment=1, voter="x"),
    "a ballot deleted of no gate": BallotOrphaned(**NOTE, gate=3, comment=1, voter="x"),
    "a gate postponed that never opened": GatePostponed(**NOTE, gate=2, deadline=LATER),
    "a gate withdrawn that never opened": GateWithdrawn(**NOTE, gate=2),
    "a return": ProductReturned(**NOTE),
}


@pytest.mark.parametrize("fact", UNLAWFUL.values(), ids=UNLAWFUL)
def test_a_fact_that_nothing_led_to_is_found_where_it_was_added(fact: Fact) -> None:
    history = opened()
    assert breach((*history, fact)) == len(history) + 1


@pytest.mark.parametrize(
    "fact",
    [
        ProductDescribed(**NOTE, title="x"),
        CommandRefused(**NOTE, command="Go", reason="recused"),
        ProductLeft(**NOTE, how="deleted"),
        ProductMoved(**NOTE),
        GatePostponed(**NOTE, gate=1, deadline=LATER),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_what_may_come_at_any_time_is_believed(fact: Fact) -> None:
    assert breach((*opened(), fact)) == 0


def test_a_product_leaves_once_and_returns_once() -> None:
    gone, back = ProductLeft(**NOTE, how="duplicate"), ProductReturned(**NOTE)
    assert breach((*opened(), gone, back, gone)) == 0
    assert breach((*opened(), gone, gone)) == len(opened()) + 2


def test_a_history_cut_in_the_middle_of_a_decision_is_found() -> None:
    history = decided()
    rank = place(history, GateDecided)
    assert breach(history[: rank + 1]) == rank + 2
    assert breach(history[: rank + 2]) == rank + 3
    assert breach((*history[: rank + 1], *history[-1:])) == rank + 2
    assert breach(history[1:]) == 1


def test_where_the_file_is_still_that_of_the_gate_the_gate_must_be_one_of_its_own() -> None:
    rule = replace(POLICY.gates[0].rule, quorum=0, threshold=Fraction(0))
    history = changed(opened(), GateRequested, rule=rule)
    assert breach(history) == 0
    assert breach(history, POLICY) == place(history, GateRequested) + 1
    assert breach(changed(history, GateRequested, policy="ancien"), POLICY) == 0
