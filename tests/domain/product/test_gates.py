"""Votes: counted, decided and compared with an oracle that tries every way the silent seats could still speak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import product as every

import pytest

from app.domain.policy.model import Gate, Policy, Rule, most_people
from app.domain.product import gates
from app.domain.product.accounts import Account
from app.domain.product.facts import (
    BallotCast,
    BallotVoided,
    Blocker,
    ConditionAdded,
    ConditionLifted,
    GateDecided,
    GateRequested,
    PhaseEntered,
    SeatAtGate,
)
from app.domain.product.gates import Tally
from app.domain.product.state import Product
from app.domain.reading.conditions import ConditionText
from tests.builders import AUTHOR, T0, a_product, a_small_policy, at_gate, filed, ready, voting

CHOICES = ("go", "nogo", "abstain", "recuse", "")


def tally_of(rule: Rule, choices: tuple[str, ...]) -> Tally:
    seats = {choice: tuple(f"s{n}" for n, given in enumerate(choices) if given == choice) for choice in CHOICES}
    return Tally(rule, *(seats[choice] for choice in CHOICES))


def oracle(rule: Rule, choices: tuple[str, ...]) -> str | None:
    """What a full vote decides, written from the rules as people read them."""
    said = {f"s{n}": choice for n, choice in enumerate(choices)}
    spoken = [seat for seat, choice in said.items() if choice in {"go", "nogo", "abstain"}]
    yes, no = choices.count("go"), choices.count("nogo")
    if len(spoken) < rule.quorum:
        return None
    if any(said.get(seat) == "nogo" for seat in rule.veto):
        return "nogo"
    if yes == 0 or yes * rule.threshold.denominator < rule.threshold.numerator * (yes + no):
        return "nogo"
    return "go" if all(seat in spoken for seat in rule.mandatory) else None


def completions(choices: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return every(*(CHOICES[:4] if choice == "" else (choice,) for choice in choices))


RULES = [
    Rule(quorum, threshold, mandatory, veto)
    for quorum in (1, 2, 3)
    for threshold in (Fraction(1, 2), Fraction(2, 3), Fraction(1))
    for mandatory in ((), ("s0",), ("s0", "s1"))
    for veto in ((), ("s0",), ("s2",))
]


@pytest.mark.parametrize("seats", [3, pytest.param(4, marks=pytest.mark.slow)])
def test_an_outcome_is_settled_exactly_when_no_silent_seat_can_change_it(seats: int) -> None:
    known = {}
    for rule in RULES:
        for choices in every(CHOICES, repeat=seats):
            count = tally_of(rule, choices)
            known[choices] = oracle(rule, choices)
            assert gates.at_closing(count) == known[choices], (rule, choices)
            ends = {oracle(rule, full) for full in completions(choices)}
            settled = next(iter(ends)) if len(ends) == 1 and known[choices] in ends else None
            assert gates.outcome(count, T0, T0 - timedelta(1)) == settled, (rule, choices)
            assert gates.outcome(count, T0, T0) == known[choices], (rule, choices)


def test_five_seats_under_the_real_kind_of_rule() -> None:
    rule = Rule(3, Fraction(2, 3), ("s1",), ("s4",))
    for choices in every(CHOICES, repeat=5):
        ends = {oracle(rule, full) for full in completions(choices)}
        settled = next(iter(ends)) if len(ends) == 1 and oracle(rule, choices) in ends else None
        assert gates.outcome(tally_of(rule, choices), T0, T0 - timedelta(1)) == settled, choices


def test_the_count_reads_the_last_valid_ballot_of_each_seat() -> None:
    policy = a_small_policy()
    product = voting(at_gate(policy), policy, {"data": "/go", "techno": "/abstention", "design": "/déport"})
    product = voting(product, policy, {"data": "/nogo non"})
    gate = product.standing.gates[1]
    count = gates.tally(gate)
    assert (count.nogo, count.abstain, count.recused) == (("data",), ("technologie",), ("design",))
    assert (count.go, count.silent, count.spoken) == ((), ("securite",), 2)
    assert gates.seat_name(gate, "securite") == "Sécurité"
    assert gates.seat_name(gate, "inconnu") == "inconnu"


def seated(*seats: str) -> tuple[SeatAtGate, ...]:
    return tuple(SeatAtGate(seat, seat, (f"titulaire-{seat}",)) for seat in seats)


def test_objections_and_conditions_come_from_the_ballots_that_count() -> None:
    note = {"at": T0, "by": "x", "gate": 1}
    text = ConditionText("un")
    request = GateRequested(
        at=T0, by="x", cause="r", gate=1, origin="idee", target="mvp", policy="v", rule=Rule(1, Fraction(1)),
        seats=seated("a", "b", "c", "d"), concerned=(), deadline=T0,
    )  # fmt: skip
    facts = (
        request,
        BallotCast(**note, cause="1", seats=("a", "b"), choice="go", conditions=(text,), comment=1),
        BallotCast(**note, cause="2", seats=("c",), choice="nogo", reason="non", comment=2),
        BallotCast(**note, cause="3", seats=("d",), choice="nogo", reason="annulé", comment=3),
        BallotVoided(**note, cause="4", comment=3, voter="x"),
    )
    gate = Product(a_product().issue, facts).standing.gates[1]
    assert [point.text for point in gates.objections(gate)] == ["non"]
    assert [(seat, ballot.cause) for seat, ballot in gates.conditions(gate)] == [("a", "1")]


def with_seat(policy: Policy, index: int, **changes: object) -> Policy:
    seats = list(policy.committee.seats)
    seats[index] = replace(seats[index], **changes)  # type: ignore[arg-type]
    return replace(policy, committee=replace(policy.committee, seats=tuple(seats)))


def test_the_electorate_leaves_out_absent_and_concerned_people() -> None:
    policy = with_seat(a_small_policy(), 3, until=(T0 - timedelta(1)).date())
    product = a_product(policy, author="Secu", assignees=("TECHNO",))
    who = gates.electorate(product, policy, Account("design"), T0)
    assert who is not None
    assert [(seat.id, seat.logins) for seat in who.seats] == [("technologie", ("techno-suppleance",))]
    assert who.vacant == ("securite", "design", "data")
    assert who.concerned == ("design", "secu", "techno")
    assert gates.electorate(a_product(policy, team=None), policy, Account("design"), T0) is None


def test_a_seat_speaks_between_its_dates_and_substitutes_outlast_the_holder() -> None:
    day = T0.date()
    seat = replace(a_small_policy().committee.seats[0], since=day, until=day)
    assert seat.members(day) == ("techno", "techno-suppleance")
    assert seat.members(day - timedelta(1)) == seat.members(day + timedelta(1)) == ("techno-suppleance",)


def gate_to(policy: Policy, origin: str, to: str) -> Gate:
    found = policy.gate(origin, to)
    assert found
    return found


def test_every_blocker_is_told_at_once() -> None:
    policy = a_small_policy()
    product = filed(policy, body="rien", team=frozenset({"techno"}))
    note = {"at": T0, "by": "data", "cause": "c"}
    text = ConditionText("chiffrer", owner="techno")
    added = ConditionAdded(**note, number=1, gate=1, seat="data", author="data", condition=text)
    product = product.with_facts((added,))
    who = gates.electorate(product, policy, Account("x"), T0)
    found = gates.blockers(product, gate_to(policy, "idee", "mvp"), policy.distrusted(), who)
    assert found == (
        Blocker("policy_flawed"),
        Blocker("mandatory_vacant", text="Sécurité"),
        Blocker("quorum_impossible", number=1, text="2"),
        Blocker("condition", number=1, text="chiffrer", owner="techno"),
        Blocker("question", text="Quel problème ?"),
        Blocker("item", number=1, text="Vision formulée"),
        Blocker("item", number=3, text="Sensibilité estimée"),
    )
    lifted = product.with_facts((ConditionLifted(**note, number=1),))
    assert "condition" not in {b.kind for b in gates.blockers(lifted, gate_to(policy, "idee", "mvp"), policy, who)}


def test_an_unknown_team_keeps_the_gate_shut() -> None:
    policy = a_small_policy()
    product = ready(policy)
    assert gates.blockers(product, gate_to(policy, "idee", "mvp"), policy, None) == (Blocker("electorate_unknown"),)


def test_a_gate_without_checklist_asks_for_a_committee_only() -> None:
    policy = a_small_policy()
    product = filed(policy, body="rien")
    who = gates.electorate(product, policy, Account("x"), T0)
    assert gates.blockers(product, gate_to(policy, "idee", "arret"), policy, who) == ()


def test_a_product_not_filed_yet_has_no_items_to_settle() -> None:
    policy = a_small_policy()
    product = a_product(policy)
    who = gates.electorate(product, policy, Account("x"), T0)
    assert gates.blockers(product, gate_to(policy, "idee", "mvp"), policy, who) == ()


def test_a_refused_move_is_remembered_until_it_is_decided_again() -> None:
    policy = a_small_policy()
    product = voting(at_gate(policy), policy, {"data": "/nogo a", "secu": "/nogo b", "design": "/nogo c"})
    assert product.standing.gates[1].decision
    last = product.standing.last_refusal_of("idee", "mvp")
    assert last
    assert last.request.gate == 1
    assert product.standing.last_refusal_of("idee", "arret") is None
    decided = [fact for fact in product.history if isinstance(fact, GateDecided)]
    assert [fact.outcome for fact in decided] == ["nogo"]
    assert sum(isinstance(fact, PhaseEntered) for fact in product.history) == 1


@pytest.mark.parametrize(
    ("seats", "people"),
    [
        ([], 0),
        ([{"a"}], 1),
        ([{"a"}, {"a"}], 1),
        ([{"a", "b"}, {"a"}], 2),
        ([{"a"}, {"a", "b"}, {"b", "c"}], 3),
        ([{"a", "b"}, {"a", "b"}, {"a", "b"}], 2),
        ([{"s"}] * 10, 1),
        ([set(), {"a"}], 1),
    ],
)
def test_so_many_persons_can_speak_at_most(seats: list[set[str]], people: int) -> None:
    assert most_people(seats) == people


def test_a_gate_that_one_person_would_decide_does_not_open() -> None:
    policy = a_small_policy()
    seats = tuple(replace(seat, holder="data", substitutes=()) for seat in policy.committee.seats)
    policy = replace(policy, committee=replace(policy.committee, seats=seats))
    product = ready(policy)
    who = gates.electorate(product, policy, Account(AUTHOR), T0)
    blocked = gates.blockers(product, gate_to(policy, "idee", "mvp"), policy, who)
    assert blocked == (Blocker("people_impossible", number=1, text="2"),)
