"""Second thoughts from the pages: each is a comment in the person's name, then the ordinary way, and a receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.github.policies import PATH
from tests.acts import PRODUCT, Site, people

assert people  # a fixture
PRESENT = "présents : techno, archi, communs, design, data, secu, transfo"


@pytest.fixture
def site(stage):
    found = Site(stage)
    yield found
    found.close()


def last(stage, number):
    return stage.world.issues[number].comments[-1]


@pytest.fixture
def number(stage):
    return stage.filed(ready=True)


def test_a_product_is_paused_and_resumed_from_its_page(stage, site, people, number):
    chef = people("cheffe-produit")
    until = stage.today + timedelta(days=20)
    review, sent = chef.says(f"{PRODUCT}/{number}/pause", jusqu_au=until.isoformat(), raison="budget gelé")
    assert review.exact == f"/pause jusqu’au {until:%d/%m/%Y} : budget gelé"
    assert last(stage, number).author == "cheffe-produit"
    stage.settle()
    assert "Le produit est en pause." in chef.opens(sent.url).said
    shown = chef.opens(f"{PRODUCT}/{number}").said
    assert "Ce produit est en pause depuis le" in shown
    assert "Reprendre le suivi" in shown
    assert "déjà en pause" in chef.opens(f"{PRODUCT}/{number}/pause").said
    _, sent = chef.says(f"{PRODUCT}/{number}/reprise")
    stage.settle()
    assert "Le suivi du produit reprend." in chef.opens(sent.url).said
    assert "n’est pas en pause" in chef.opens(f"{PRODUCT}/{number}/reprise").said


def test_a_pause_needs_a_reason_and_a_day_to_come(stage, site, people, number):
    chef = people("cheffe-produit")
    page = chef.enters(f"{PRODUCT}/{number}/pause")
    assert chef.sends(page, page.form(), raison="").status == 422
    assert chef.sends(page, page.form(), raison="x", jusqu_au="2020-01-01").status == 422
    assert chef.sends(page, page.form(), raison="x", jusqu_au="demain").status == 422


def test_a_nogo_is_contested_from_the_page_and_once(stage, site, people, number):
    chef = people("cheffe-produit")
    assert "pas de no-go à contester" in chef.enters(f"{PRODUCT}/{number}/contestation").said
    stage.says("cheffe-produit", number, "/demande")
    stage.says("secretariat", number, f"/décision nogo trop tôt\n{PRESENT}")
    assert "Contester le no-go" in chef.opens(f"{PRODUCT}/{number}").said
    review, sent = chef.says(f"{PRODUCT}/{number}/contestation", raison="le rapport n’a pas été lu")
    assert review.exact == "/contester : le rapport n’a pas été lu"
    stage.settle()
    assert "Votre contestation est enregistrée" in chef.opens(sent.url).said
    assert "No-go contesté le" in chef.opens(f"{PRODUCT}/{number}").said
    assert "pas de no-go" in chef.opens(f"{PRODUCT}/{number}/contestation").said


def test_the_direction_alone_overrides_from_the_page(stage, site, people, number):
    stage.says("cheffe-produit", number, "/demande")
    someone = people("visiteur")
    assert "Seules les personnes de la direction" in someone.enters(f"{PRODUCT}/{number}/passer-outre").said
    text = stage.world.files[PATH]
    stage.world.write_file("secretariat", PATH, text.replace("  direction: []", "  direction: [visiteur]", 1))
    stage.settle()
    stage.reads_rules()
    page = someone.opens(f"{PRODUCT}/{number}/passer-outre")
    assert someone.sends(page, page.form(), raison="urgence").status == 422
    review = someone.sends(page, page.form(), raison="urgence", choix="go")
    assert review.exact == "/passer-outre go : urgence"
    sent = someone.sends(review, review.form(), "publier")
    stage.settle()
    assert "vous passez outre" in someone.opens(sent.url).said
    shown = someone.opens(f"{PRODUCT}/{number}").said
    assert "Passer outre : go décidé le" in shown
    assert "rien à quoi passer outre" in someone.opens(f"{PRODUCT}/{number}/passer-outre").said
