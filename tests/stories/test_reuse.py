"""What may already answer a need, from its filing to the gate: seen, answered, and what blocks until it is."""

from __future__ import annotations

import re

import pytest

from app.domain.product.state import standing
from app.domain.report.explanation import explain
from app.domain.reuse.catalogue_file import COMMONS
from app.github.policies import PATH
from app.shipped_files import default_policy
from tests.stage import ALL, Stage

TEAM, HERE = "cheffe-produit", "dnum/produits"
CATALOGUE = """
- id: proconnect
  nom: ProConnect
  en_une_phrase: Identifier les agents et les professionnels avec un seul compte
  besoins: [un mot de passe différent par application, les comptes des agents partis]
  remplace: [AgentConnect]
  porteur: DINUM
  lien: https://www.proconnect.gouv.fr
  regle: [idee-vision]
- id: grist
  nom: Grist
  en_une_phrase: Tenir un tableau partagé à plusieurs
  besoins: [un tableau que tout le monde remplit]
  lien: https://grist.numerique.gouv.fr
"""
WASTE = {
    "vision": "Réduire le gaspillage alimentaire dans les cantines scolaires",
    "probleme": "Les cantines scolaires jettent des repas faute de connaître les absences des élèves",
}
AGAIN = {
    "vision": "Aider les cantines scolaires à réduire le gaspillage alimentaire des repas",
    "probleme": "Faute de connaître les absences des élèves, les cantines jettent des repas préparés",
}
OTHER = {
    "vision": "Délivrer les permis de chasse en ligne",
    "probleme": "Les chasseurs attendent six semaines leur permis en préfecture",
}
RADAR = "Réutiliser : rien\nAdapter : non\nDévelopper : oui\nAcheter : trop cher\nReformuler : non"


def body(given, **more):
    """The form, what it does not say told in words of each question's own."""
    words = {**given, **more}
    asked = [one for one in default_policy().questions if not one.only_if_asked or one.id in words]
    return "\n\n".join(f"### {one.labels[0]}\n\n{words.get(one.id, f'Selon {one.id}')}" for one in asked)


def filed(stage, title, given, **more):
    number = stage.world.open_issue(TEAM, title, body(given, **more), ["produit"]).number
    stage.settle()
    return number


def keeps_a_catalogue(stage, text=CATALOGUE):
    stage.jalon.catalogue_store.keep(HERE, COMMONS, text.encode())


def block(stage, number):
    """What « Déjà là ? » shows, line by line."""
    first = stage.said(number)[0].replace("\u00a0", " ").replace("\u202f", " ")
    found = re.search(r"### Déjà là \?\n(.*?)\n### ", first, re.DOTALL)
    return [line for line in found[1].split("\n") if line.startswith("- ")] if found else []


def reuse(stage, number):
    issue = stage.world.issues[number]
    return standing(stage.register.history(issue.node_id)).reuse


def answer(stage, number):
    return stage.said(number)[-1].replace("\u00a0", " ").replace("\u202f", " ")


def is_open(stage, number):
    return "passage: demandé" in stage.labels(number)


def test_a_need_filed_again_is_seen_answered_and_blocks_until_it_is(stage):
    first = filed(stage, "Zéro Reste", WASTE)
    assert block(stage, first) == []
    number = filed(stage, "Cantine Sobre", AGAIN)
    (line,) = block(stage, number)
    assert line.startswith(f"- **1.** nº {first} · [Zéro Reste](")
    assert "**gaspillage" in line
    assert "%" not in line
    assert not re.search(r"@\w", "".join(block(stage, number)))
    stage.says(TEAM, number, f"/coche {ALL}")
    stage.says(TEAM, number, "/demande")
    assert "piste 1, Zéro Reste" in answer(stage, number)
    assert not is_open(stage, number)
    stage.says(TEAM, number, "/écarte 1 parce que")
    assert "10 caractères au moins" in answer(stage, number)
    stage.says(TEAM, number, "/écarte 1 parce que leurs menus sont les mêmes partout")
    (line,) = block(stage, number)
    assert line.endswith("— **écarté** : parce que leurs menus sont les mêmes partout")
    stage.says(TEAM, number, "/demande")
    assert is_open(stage, number)
    assert stage.nothing_left_to_do(number)
    assert sum("Déjà là" in said for said in stage.said(number)) == 1


def test_nothing_near_is_not_a_word(stage):
    filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Permis Clair", OTHER)
    assert block(stage, number) == []
    assert reuse(stage, number).candidates == {}
    assert not any("oublon" in said for said in stage.said(number))


def test_a_pair_set_aside_is_never_shown_again_either_way_round(stage):
    first = filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Cantine Sobre", AGAIN)
    stage.says(TEAM, number, "/écarte 1 : les cantines sont d’un autre ministère")
    edit = stage.world.edit_issue
    edit(TEAM, number, title="Cantine Sobre et Durable")
    stage.settle()
    edit(TEAM, first, title="Zéro Reste en cantine")
    stage.settle()
    assert [line for line in block(stage, number) if "écarté" not in line] == []
    assert block(stage, first) == []
    stage.says("visiteur", first, f"/proche #{number}")
    assert "déjà été écarté" in answer(stage, first)


def test_a_line_that_holds_no_longer_is_dropped_and_its_number_is_given_to_no_other(stage):
    filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Cantine Sobre", AGAIN)
    assert len(block(stage, number)) == 1
    issue = stage.world.issues[number]
    stage.world.edit_issue(TEAM, number, body=body(OTHER))
    stage.settle()
    assert block(stage, number) == []
    stage.world.edit_issue(TEAM, number, body=body(AGAIN))
    stage.settle()
    (line,) = block(stage, number)
    assert line.startswith("- **2.**"), issue


def test_anybody_points_out_a_product_and_its_people_alone_answer(stage):
    first = filed(stage, "Permis Clair", OTHER)
    number = filed(stage, "Zéro Reste", WASTE)
    stage.says("visiteur", number, f"/proche #{first} : même guichet")
    (line,) = block(stage, number)
    assert "proposé par visiteur : « même guichet »" in line
    stage.says("visiteur", number, "/réutilise 1")
    assert "Seules la personne qui a déposé" in answer(stage, number)
    stage.says("visiteur", number, f"/proche #{number}")
    assert "C’est ce produit-ci" in answer(stage, number)
    stage.says("communs", number, "/réutilise 1")
    assert block(stage, number)[0].endswith("— **réutilisé**")
    assert reuse(stage, number).reused[0].answer.by == "communs"


def test_where_a_catalogue_is_kept_radar_is_told_way_by_way(stage):
    keeps_a_catalogue(stage)
    number = filed(stage, "Permis Clair", OTHER)
    stage.says(TEAM, number, f"/coche {ALL}")
    stage.says(TEAM, number, "/demande")
    assert "il manque un mot sur réutiliser, adapter, développer, acheter et reformuler" in answer(stage, number)
    radar = next(
        rank for rank, item in enumerate(default_policy().checklist("idee"), start=1) if item.id == "idee-radar"
    )
    stage.says(TEAM, number, f"/réponse {radar} Réutiliser : rien\nAdapter : non")
    stage.says(TEAM, number, "/demande")
    assert "il manque un mot sur développer, acheter et reformuler" in answer(stage, number)
    stage.says(TEAM, number, f"/réponse {radar}\n{RADAR}")
    stage.says(TEAM, number, "/demande")
    assert is_open(stage, number)
    listed = next(said for said in stage.said(number) if "## Liste de contrôle" in said).replace("\u00a0", " ")
    assert "  - **Acheter** : trop cher" in listed


def test_a_common_reused_answers_radar_and_its_points_are_proposed(stage):
    keeps_a_catalogue(stage)
    number = filed(stage, "Permis Clair", OTHER, existant="AgentConnect pour les agents")
    (line,) = block(stage, number)
    assert line.startswith("- **1.** [ProConnect](https://www.proconnect.gouv.fr) (commun, DINUM) — vous l’avez cité")
    stage.says(TEAM, number, "/réutilise ProConnect")
    assert block(stage, number)[0].endswith("**réutilisé**")
    stage.says(TEAM, number, f"/coche {ALL}")
    stage.says(TEAM, number, "/demande")
    assert is_open(stage, number)


def test_one_that_exists_already_is_asked_for_radar_alone(stage):
    filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Cantine Sobre", AGAIN, **{"phase-entree": "Idée", "justification": "Refonte"})
    assert block(stage, number) == []


@pytest.mark.on_time("what is late is read again")
def test_no_call_more_is_made_to_github(stage):
    keeps_a_catalogue(stage)
    filed(stage, "Zéro Reste", WASTE)
    stage.hub.calls.clear()
    number = filed(stage, "Cantine Sobre", AGAIN)
    assert [call["write"] for call in stage.hub.calls].count(False) == 1
    assert [call["write"] for call in stage.hub.calls].count(True) == 2
    assert len(block(stage, number)) == 1


def test_the_register_comes_back_from_github_alone(stage, tmp_path):
    filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Cantine Sobre", AGAIN)
    stage.says("visiteur", number, "/proche #1")
    stage.says(TEAM, number, "/adapte 1 : il manque les petites communes")
    node = stage.world.issues[number].node_id
    before = stage.register.history(node)
    other = Stage(stage.hub, f"sqlite:///{tmp_path}/other.db")
    assert other.product_turn.rebuild(HERE, number) == len(before)
    assert other.register.history(node) == before
    other.database.dispose()


def test_the_items_a_common_settles_are_proposed_and_a_person_confirms(stage):
    item = next(item for item in default_policy().checklist("idee") if item.kind == "tick" and not item.form)
    keeps_a_catalogue(stage, CATALOGUE.replace("[idee-vision]", f"[{item.id}]"))
    number = filed(stage, "Permis Clair", OTHER)
    stage.says(TEAM, number, "/réutilise proconnect")
    assert block(stage, number) == ["- [ProConnect](https://www.proconnect.gouv.fr) (commun) — **réutilisé**"]
    assert "_Proposé : réglé par ProConnect, à confirmer" in listed(stage, number)
    stage.says(TEAM, number, f"/confirme {item.id}")
    assert "Réglé par ProConnect" in listed(stage, number)
    assert stage.nothing_left_to_do(number)


def listed(stage, number):
    said = next(said for said in stage.said(number) if "## Liste de contrôle" in said)
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_committee_that_speaks_english_is_shown_and_answered_in_english(stage):
    rules = stage.world.files[PATH].replace("\nlanguage: fr\n", "\nlanguage: en\n")
    stage.world.write_file("secretariat", PATH, rules)
    stage.rests()
    stage.reads_rules()
    stage.settle()
    first = filed(stage, "Zero Waste", WASTE)
    number = filed(stage, "Sober Canteen", AGAIN)
    said = stage.said(number)[0]
    assert "### Already there?" in said
    assert f"- **1.** no. {first} · [Zero Waste](" in said
    stage.says(TEAM, number, f"/check {ALL}")
    stage.says(TEAM, number, "/request")
    assert "lead 1, Zero Waste" in stage.said(number)[-1]
    stage.says(TEAM, number, "/set-aside 1 because their schools are elsewhere")
    assert "**set aside**: because their schools are elsewhere" in stage.said(number)[0]


def test_what_was_said_is_explained(stage):
    filed(stage, "Zéro Reste", WASTE)
    number = filed(stage, "Cantine Sobre", AGAIN)
    product, policy = stage.product_turn.look(HERE, number)
    assert ("reuse", "Zéro Reste") in {(one.kind, one.text) for one in explain(product, policy, stage.now).blockers}
