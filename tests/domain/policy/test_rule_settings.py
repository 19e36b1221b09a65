"""The seats that a go cannot do without: those whose opinion it needs, and those whose consent."""

from __future__ import annotations

import pytest

from app.domain.policy.later_fields import as_written
from app.domain.policy.model import Policy, Rule
from app.domain.product.fact_json import from_json, to_json
from app.domain.product.lawful import breach
from app.yaml_documents import read_policy
from tests.builders import SMALL, at_gate, parsed, played, says, voting


def rules(mandatory: str, veto: str = "[]") -> str:
    return SMALL.replace("mandatory: [securite], veto: [technologie]", f"mandatory: {mandatory}, veto: {veto}")


def rule(mandatory: str, veto: str = "[]") -> Rule:
    return parsed(rules(mandatory, veto)).gates[0].rule


@pytest.mark.parametrize(
    ("mandatory", "veto", "expected"),
    [
        ("[securite]", "[]", (("securite",), (), ())),
        ("[securite]", "[securite]", (("securite",), ("securite",), ())),
        ("{consent: [securite]}", "[]", (("securite",), ("securite",), ("securite",))),
        ("{consent: [securite]}", "[securite, data]", (("securite",), ("securite", "data"), ("securite",))),
        (
            "{opinion: [data], consent: [securite]}",
            "[design]",
            (("data", "securite"), ("design", "securite"), ("securite",)),
        ),
    ],
)
def test_consent_is_an_opinion_without_which_there_is_no_go_and_a_no_go_that_blocks(
    mandatory: str, veto: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    found = rule(mandatory, veto)
    assert (found.mandatory, found.veto, found.consent) == expected
    assert {*found.opinions, *found.consent} == {*found.mandatory}
    assert {*found.vetoes, *found.consent} == {*found.veto}


@pytest.mark.parametrize(
    ("mandatory", "kind", "path"),
    [
        ("{opinion: [securite]}", "missing_key", "gates[1].mandatory"),
        ("{consent: [securite], veto: [data]}", "unknown_key", "gates[1].mandatory"),
        ("{consent: [inconnu]}", "unknown_id", "gates[1].mandatory.consent[1]"),
        ("{consent: [securite], opinion: [securite]}", "repeated_value", "gates[1].mandatory.opinion"),
        ("consent", "expected", "gates[1].mandatory"),
    ],
)
def test_a_mistake_is_told_where_it_is(mandatory: str, kind: str, path: str) -> None:
    problems = read_policy(rules(mandatory))
    assert not isinstance(problems, Policy)
    assert [(one.kind, one.path) for one in problems] == [(kind, path)]


def test_a_rule_of_former_versions_is_written_as_it_was() -> None:
    assert "consent" not in as_written(rule("[securite]", "[securite]"))
    assert as_written(rule("{consent: [securite]}"))["consent"] == ["securite"]


CONSENT = parsed(rules("{consent: [securite]}"))
OPINION = parsed(rules("[securite]"))
FOR = {"techno": "/go", "design": "/go"}


@pytest.mark.parametrize(
    ("policy", "said", "outcome"),
    [
        (OPINION, "/nogo dette", "go"),  # once it has spoken, three quarters are for
        (CONSENT, "/nogo dette", "nogo"),
        (CONSENT, "/go", "go"),
        (CONSENT, "/abstention", "go"),
        (CONSENT, "", ""),
        (CONSENT, "/déport", ""),
    ],
)
def test_what_a_seat_whose_consent_is_needed_decides(policy: Policy, said: str, outcome: str) -> None:
    product = voting(at_gate(policy), policy, {**FOR, "data": "/go"} | ({"secu": said} if said else {}))
    gate = product.standing.gates[1]
    assert gate.outcome == outcome
    assert breach(product.history, policy) == 0
    assert all(from_json(to_json(fact)) == fact for fact in product.history)


@pytest.mark.parametrize(
    ("said", "reason"), [("", "mandatory_absent"), ("/nogo dette", "vetoed"), ("/déport", "mandatory_recused")]
)
def test_a_session_does_without_it_no_more_than_ballots_do(said: str, reason: str) -> None:
    product = voting(at_gate(CONSENT), CONSENT, {"secu": said} if said else {})
    present = "techno, design, data" + (", secu" if reason == "vetoed" else "")
    refused = played(says(product, "secretariat", f"/décision go présents : {present}"), CONSENT).history[-1]
    assert refused.reason == reason  # type: ignore[attr-defined]
