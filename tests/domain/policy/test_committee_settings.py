"""What a committee is called, and the board that its rules name."""

from __future__ import annotations

import pytest

from app.domain.policy.model import Policy
from app.github.boards import Boards
from app.yaml_documents import read_policy
from tests.builders import SMALL, parsed


def test_a_committee_is_called_as_its_rules_say_or_as_its_repository() -> None:
    named = SMALL.replace("committee:\n", 'committee:\n  name: {fr: "Comité produit", en: Product committee}\n')
    assert parsed(named).committee.called("dnum/produits") == "Comité produit"
    assert parsed(SMALL).committee.called("dnum/produits") == "produits"


@pytest.mark.parametrize(("written", "board"), [("3", 3), ("2147483647", 2147483647)])
def test_the_rules_may_name_their_board(written: str, board: int) -> None:
    assert parsed(f"{SMALL}board: {written}\n").board == board
    assert parsed(SMALL).board == 0


@pytest.mark.parametrize("written", ["0", "-1", "2147483648", "true", "Produits", "[1]", "{numero: 3}"])
def test_what_is_no_number_of_a_board_is_a_problem_unless_a_former_version_took_it(written: str) -> None:
    found = read_policy(f"{SMALL}board: {written}\n")
    assert not isinstance(found, Policy)
    assert [(one.kind, one.path) for one in found] == [("expected_number", "board")]
    former = read_policy(f"{SMALL}board: {written}\n", former=True)
    assert isinstance(former, Policy)
    assert former.board == 0


@pytest.mark.parametrize(("named", "setting", "found"), [(3, 0, 3), (3, 7, 3), (0, 7, 7)])
def test_the_board_of_the_rules_goes_before_that_of_the_setting(named: int, setting: int, found: int) -> None:
    assert Boards(None, setting, named=lambda _: named).number("dnum/produits") == found  # type: ignore[arg-type]


def test_a_phase_that_the_rules_lack_is_left_by_the_gate_that_asks_the_most() -> None:
    harder = "  - {to: arret, from: [idee], quorum: 3, threshold: 1/2}"
    policy = parsed(SMALL.replace("from: [idee, mvp]", "from: [mvp]").replace("form:\n", f"{harder}\nform:\n"))
    found = {gate.to: gate for gate in policy.exits("essai")}
    assert found.keys() == {"idee", "mvp", "arret"}
    assert all(gate.origins == ("essai",) for gate in found.values())
    assert found["arret"].rule.quorum == 3
    assert policy.gate("essai", "mvp") == found["mvp"]
    assert not policy.is_final("essai")


def test_a_phase_that_nothing_leads_to_is_no_way_on() -> None:
    policy = parsed(SMALL.replace("  - {to: idee, from: [mvp], quorum: 2, threshold: 1/2, checklist: false}\n", ""))
    assert {gate.to for gate in policy.exits("essai")} == {"mvp", "arret"}
