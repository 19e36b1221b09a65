"""A committee's own rules tried on every vote, and what they lead to that may surprise, in words."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.policy.model import Policy, Rule, Seat
from app.domain.product import gates
from app.domain.product.gates import Tally
from app.domain.report import rule_proof
from app.domain.report.rule_paradoxes import Never, Paradoxes, paradoxes
from app.domain.report.rule_proof import Broken, Law, laws, prove
from app.messages.rules_reports import rules_proof_text
from tests.builders import T0, a_small_policy
from verifier.rules_spec import closing

GOLDEN = Path(__file__).parents[2] / "reports" / "golden"
TODAY = T0.date()
Told = dict[str, Any]


def ruled(*rules: Rule, seats: tuple[Seat, ...] = (), language: str = "fr") -> Policy:
    """The small policy, its first gates under these rules."""
    policy = a_small_policy(language)
    kept = (replace(gate, rule=rule) for gate, rule in zip(policy.gates, rules, strict=False))
    committee = replace(policy.committee, seats=seats or policy.committee.seats)
    return replace(policy, committee=committee, gates=(*kept, *policy.gates[len(rules) :]))


def seen(rule: Rule, seats: tuple[Seat, ...] = ()) -> Paradoxes:
    policy = ruled(rule, seats=seats)
    return paradoxes(laws(policy)[0], policy, closing, TODAY)


def test_every_vote_of_a_file_is_tried_and_nothing_is_wrong() -> None:
    proof = prove(a_small_policy(), closing)
    assert [law.moves for law in proof.laws] == [
        (("idee", "mvp"),),
        (("idee", "arret"), ("mvp", "arret"), ("mvp", "idee")),
    ]
    assert (proof.states, proof.votes, proof.faults, proof.too_many) == (5 * 5 * 15 + 70, 2 * 5**4, (), False)


def test_a_committee_too_large_is_not_tried_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_proof, "MOST_STATES", 444)
    proof = prove(a_small_policy(), closing)
    assert (proof.states, proof.faults, proof.too_many) == (445, (), True)


def lenient(written: Told, counted: Told) -> str:
    return closing({**written, "mandatory": []}, counted)


def blind(written: Told, counted: Told) -> str:
    return closing({**written, "people": 0}, counted)


def one_go(written: Told, counted: Told) -> str:
    return "go" if len(counted["go"]) == 1 and len(counted["nogo"]) < 2 else ""


@pytest.mark.parametrize(
    ("judge", "planted", "broken"),
    [
        (lenient, {}, Broken.COUNT),
        (blind, {}, Broken.COUNT),
        (closing, {"go_is_certain": False}, Broken.EARLY),
        (lenient, {"missing_mandatory": ()}, Broken.BARE),
    ],
)
def test_what_is_wrong_is_found(
    judge: Callable[[Told, Told], str], planted: Told, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in planted.items():
        monkeypatch.setattr(Tally, name, value)
    faults = prove(a_small_policy(), judge).faults
    assert {one.broken for one in faults} == {broken}
    assert len(faults) <= rule_proof.MOST_FAULTS


def test_a_no_go_turned_into_a_go_that_loses_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(count: Tally, *_: object) -> str:
        return one_go({}, {"go": count.go, "nogo": count.nogo})

    monkeypatch.setattr(gates, "outcome", outcome)
    monkeypatch.setattr(gates, "at_closing", outcome)
    policy = ruled(Rule(1, Fraction(1, 2)), Rule(1, Fraction(1, 2)), Rule(1, Fraction(1, 2)))
    faults = prove(policy, one_go).faults
    assert Broken.AGAINST in {one.broken for one in faults}
    said = next(one.said for one in faults if one.broken is Broken.AGAINST)
    assert (len(said["go"]), len(said["nogo"])) == (1, 1)


TWO_THIRDS = Fraction(2, 3)


@pytest.mark.parametrize(
    ("rule", "silent", "number"),
    [
        (Rule(3, TWO_THIRDS, ("securite",)), ("securite",), 2),
        (Rule(3, TWO_THIRDS, ("securite", "design")), ("securite", "design"), 2),
        (Rule(3, TWO_THIRDS, ("securite", "design"), veto=("design",)), ("securite",), 2),
        (Rule(3, Fraction(1), ("securite",)), (), 0),
        (Rule(3, TWO_THIRDS, ("securite",), veto=("securite",), consent=("securite",)), (), 0),
        (Rule(3, TWO_THIRDS), (), 0),
    ],
)
def test_an_indispensable_seat_that_had_better_keep_silent(rule: Rule, silent: tuple[str, ...], number: int) -> None:
    found = seen(rule)
    assert (found.silent, found.silent_go) == (silent, number)


@pytest.mark.parametrize(
    ("rule", "refuses", "grants"),
    [
        (Rule(3, TWO_THIRDS), (0, 2), 2),
        (Rule(4, TWO_THIRDS), (1, 2), 3),
        (Rule(2, Fraction(1, 2)), None, 1),
        (Rule(1, TWO_THIRDS), None, 0),
        (Rule(3, Fraction(1)), (1, 1), 0),
        (Rule(3, TWO_THIRDS, veto=("technologie", "securite", "design", "data")), None, 0),
    ],
)
def test_a_vote_that_turns_against_whoever_cast_it(rule: Rule, refuses: tuple[int, int] | None, grants: int) -> None:
    found = seen(rule)
    assert (found.go_refuses, found.nogo_grants) == (refuses, grants)


ENDED = date(2025, 12, 31)
SEATS = a_small_policy().committee.seats
VACANT = tuple(replace(seat, until=ENDED) if seat.id == "securite" else seat for seat in SEATS)
ONE_PERSON = tuple(replace(seat, holder="techno", substitutes=()) for seat in SEATS)


@pytest.mark.parametrize(
    ("rule", "seats", "never"),
    [
        (Rule(2, TWO_THIRDS, ("securite",), veto=("securite",)), VACANT, Never(("securite",), 3, 2, 3, 0)),
        (Rule(4, TWO_THIRDS), VACANT, Never((), 3, 4, 3, 0)),
        (Rule(2, TWO_THIRDS, people=2), ONE_PERSON, Never((), 4, 2, 1, 2)),
        (Rule(2, TWO_THIRDS, ("securite",)), SEATS, None),
    ],
)
def test_rules_that_can_never_say_go(rule: Rule, seats: tuple[Seat, ...], never: Never | None) -> None:
    found = seen(rule, seats)
    assert found.never == never
    assert never is None or found == Paradoxes(found.law, never)


def test_whose_recusal_is_enough_to_prevent_a_go() -> None:
    assert seen(Rule(2, TWO_THIRDS, ("technologie", "securite"))).alone == ("securite",)
    assert seen(Rule(1, Fraction(1, 2))).is_plain


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_is_as_it_was_read(language: str) -> None:
    small = ruled(Rule(3, TWO_THIRDS, ("securite", "technologie"), veto=("technologie",), people=2), language=language)
    mended = Rule(3, TWO_THIRDS, ("securite",), ("securite",), consent=("securite",))
    policies = [
        small,
        ruled(mended, Rule(1, Fraction(1, 2)), Rule(1, Fraction(1, 2)), language=language),
        *(
            ruled(rule, seats=seats, language=language)
            for rule, seats in (
                (Rule(2, TWO_THIRDS, ("securite",)), VACANT),
                (Rule(4, TWO_THIRDS), VACANT),
                (Rule(2, TWO_THIRDS, people=2), ONE_PERSON),
            )
        ),
    ]
    proofs = [(prove(policy, closing), policy) for policy in policies]
    wrong = Law(laws(small)[0].rule, laws(small)[0].seats, laws(small)[0].moves)
    said = {"go": ("data",), "nogo": (), "abstain": ("design",), "silent": ("securite", "technologie"), "recuse": ()}
    faults = tuple(rule_proof.Fault(wrong, broken, said) for broken in Broken)
    proofs += [(replace(proofs[0][0], faults=faults), small), (replace(proofs[0][0], too_many=True), small)]
    text = "\n".join(
        rules_proof_text(proof, [paradoxes(law, policy, closing, TODAY) for law in proof.laws], policy, language)
        for proof, policy in proofs
    )
    path = GOLDEN / language / "rules-proof.md"
    if os.environ.get("JALON_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
