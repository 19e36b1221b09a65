"""Accounts renamed, logins taken over, secretariats that change: through the local GitHub, as GitHub shows it."""

from __future__ import annotations

import pytest

from tests.stage import SEATS
from tests.stories.test_entry import body

POLICY = ".github/jalon.yml"


def at_gate(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    return number


def taken_over(stage, login):
    """The account is renamed, and somebody else signs up under the login it gave up."""
    stage.world.rename_account(login, f"{login}-parti")
    stage.world.sign_up(login, "write")


def shown(stage, number, name):
    """The line of a seat in the gate's comment."""
    gate = next(text for text in stage.said(number) if text.startswith("## Passage"))
    return next(line for line in gate.splitlines() if line.startswith(f"| {name}"))


@pytest.mark.slow
def test_a_holder_renamed_keeps_their_voice_and_a_stranger_has_none(stage):
    number = at_gate(stage)
    taken_over(stage, "secu")
    stage.says("secu", number, "/go")
    assert "en attente" in shown(stage, number, "Sécurité")
    assert any("n’est pas le vôtre" in text for text in stage.said(number))
    stage.says("secu-parti", number, "/go")
    assert "secu-parti" in shown(stage, number, "Sécurité")
    stage.decided(number, seats=tuple(login for login in SEATS if login != "secu"))
    assert "phase: poc" in stage.labels(number)
    assert stage.nothing_left_to_do(number)


def test_a_secretariat_s_login_taken_over_decides_nothing(stage):
    number = at_gate(stage)
    taken_over(stage, "secretariat")
    for text in ("/clore", "/décision go\nprésents : techno, archi, communs, design, data, secu"):
        stage.says("secretariat", number, text)
        assert "passage: demandé" in stage.labels(number)
    stage.says("secretariat-parti", number, "/décision go\nprésents : techno, archi, communs, design, data, secu")
    assert "phase: poc" in stage.labels(number)


def warnings(stage):
    return {one.subject: one.detail for one in stage.troubles.told() if one.kind == "secretariat"}


@pytest.mark.slow
@pytest.mark.parametrize("is_read_first", ["by the rules", "by a product"])
def test_before_any_gate_a_login_of_the_secretariat_taken_over_has_no_voice_until_the_rules_say_so(
    stage, is_read_first
):
    if is_read_first == "by the rules":
        stage.reads_rules()
    else:
        stage.filed(title="SISAC")
    taken_over(stage, "secretariat")
    number = stage.filed(ready=True)
    stage.says("secretariat", number, "/demande")
    assert "passage: demandé" not in stage.labels(number)
    assert warnings(stage) == {"dnum/produits": "borne by another account since: secretariat"}
    stage.says("cheffe-produit", number, "/demande")
    for text in ("/clore", "/décision go\nprésents : techno, archi, communs, design, data, secu"):
        stage.says("secretariat", number, text)
        assert "passage: demandé" in stage.labels(number)
    assert any("un nom libéré ne donne aucune voix à qui le reprend" in text for text in stage.said(number))
    stage.says("cheffe-produit", number, "/retrait")
    # Something else changed in the rules tells nothing of whose login it is.
    rules(stage, "day: tuesday", "day: monday")
    stage.says("secretariat", number, "/demande")
    assert "passage: demandé" not in stage.labels(number)
    rules(stage, "secretariat: [secretariat]", "secretariat: [chef-produit]")
    assert warnings(stage) == {}
    rules(stage, "secretariat: [chef-produit]", "secretariat: [chef-produit, secretariat]")
    stage.says("secretariat", number, "/demande")
    assert "passage: demandé" in stage.labels(number)
    assert warnings(stage) == {}
    assert stage.nothing_left_to_do(number)


def test_a_product_s_people_are_their_accounts(stage):
    number = at_gate(stage)
    taken_over(stage, "cheffe-produit")
    stage.says("cheffe-produit", number, "/retrait")
    assert "passage: demandé" in stage.labels(number)
    stage.drag("cheffe-produit", number, "MVP")
    assert stage.column(number) == "Idée"
    stage.says("cheffe-produit-parti", number, "/retrait")
    assert "passage: demandé" not in stage.labels(number)


def test_a_gesture_heard_after_the_rename_is_still_its_author_s(stage):
    number = stage.filed(ready=True)
    option = next(item.id for item in stage.world.options if item.name == "POC")
    stage.world.move_card("cheffe-produit", stage.world.card_of(number).id, option)
    stage.world.rename_account("cheffe-produit", "cheffe-partie")
    stage.settle()
    assert "passage: demandé" in stage.labels(number)


@pytest.mark.parametrize("kind", ["Mannequin", "EnterpriseUserAccount", "Organization"])
def test_what_is_no_user_has_no_voice(stage, kind):
    number = at_gate(stage)
    stage.world.rename_account("secu", "surete")
    stage.world.sign_up("secu", "write", kind)
    before = stage.said(number)
    stage.says("secu", number, "/go")
    stage.says("secu", number, "/aide")
    assert stage.said(number) == before


def rules(stage, found, instead):
    text = stage.world.files[POLICY]
    assert found in text
    stage.world.write_file("secretariat", POLICY, text.replace(found, instead, 1), "Règles")
    stage.settle()
    stage.reads_rules()


def test_who_makes_themselves_the_secretariat_during_a_gate_decides_nothing(stage):
    """Attack F8: a writer adds themselves to the rules, then enters the decision of a session nobody held."""
    number = at_gate(stage)
    rules(stage, "secretariat: [secretariat]", "secretariat: [secretariat, chef-produit]")
    stage.says("chef-produit", number, "/décision go\nprésents : techno, archi, communs, design, data, secu")
    assert "phase: idée" in stage.labels(number)
    assert any("après l’ouverture de ce passage" in text for text in stage.said(number))
    stage.says("secretariat", number, "/clore")
    stage.says("cheffe-produit", number, "/demande")
    stage.says("chef-produit", number, "/décision go\nprésents : techno, archi, communs, design, data, secu")
    assert "phase: poc" in stage.labels(number)


@pytest.mark.slow
def test_the_secretariat_may_be_a_team(stage):
    stage.world.people["secretariat"].role = "admin"
    stage.world.create_team("secretariat", "Secrétariat du comité", ("secretariat",))
    rules(stage, "secretariat: [secretariat]", "secretariat: '@dnum/secretariat-du-comite'")
    number = at_gate(stage)
    taken_over(stage, "secretariat")
    stage.says("secretariat", number, "/clore")
    assert "passage: demandé" in stage.labels(number)
    stage.says("secretariat-parti", number, "/clore")
    assert "passage: demandé" not in stage.labels(number)
    assert stage.nothing_left_to_do(number)
    # At the next gate too: nobody of that name is in the team any more.
    stage.says("cheffe-produit", number, "/demande")
    stage.says("secretariat", number, "/clore")
    assert "passage: demandé" in stage.labels(number)


def test_a_body_rewritten_by_somebody_else_asks_for_nothing_in_its_author_s_name(stage):
    """Attack b15."""
    first, complete = body("refonte", without="justification"), {"phase-entree": "Construction"}
    number = stage.world.open_issue("cheffe-produit", "SISAC, refonte", first, ["produit"]).number
    stage.settle()
    stage.world.edit_issue("secretariat", number, body=body("refonte", **complete))
    stage.settle()
    assert "passage: demandé" not in stage.labels(number)
    stage.world.edit_issue("cheffe-produit", number, body=body("refonte", **complete) + "\n")
    stage.settle()
    assert "passage: demandé" in stage.labels(number)
