"""Acting from Jalon's pages at both sizes, with and without scripts: three taps to a vote, and a receipt that says it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def somebody(people, size, scripts):
    return people(size, java_script_enabled=scripts)


@pytest.fixture
def reader(people, size):
    return people(size)


def signs_in(person, login, path):
    """Through the local GitHub, which asks once for whom."""
    page = person.page
    page.goto(f"{person.stage.app}/connexion?compte=autre&suite={path}")
    page.get_by_label("Votre compte").select_option(login)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url(re.compile(re.escape(person.stage.app)))


def is_sound(person):
    """Nothing for axe-core to say, nothing wider than the screen."""
    found = Axe().run(person.page, options=RULES)
    assert found.response["violations"] == []
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_three_taps_from_what_waits_for_me_to_a_vote(somebody):
    person, page = somebody, somebody.page
    number = person.stage.open_gate(f"Gestes-{person.mark}")
    signs_in(person, "secu", "/moi")
    person.picture()
    page.locator(f'a.button[href$="/{number}/avis"]').click()
    person.picture()
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator("pre")).to_have_text("/go")
    person.picture()
    page.get_by_role("button", name="Publier ce commentaire").click()
    expect(page.get_by_role("heading", name="Votre commentaire est publié")).to_be_visible()
    expect(page.get_by_text("Votre avis Go est compté pour")).to_be_visible()
    person.picture()


def test_conditions_written_row_by_row(somebody):
    person, page = somebody, somebody.page
    number = person.stage.open_gate(f"Réserves-{person.mark}")
    signs_in(person, "secu", f"/produit/dnum/produits/{number}/avis")
    page.get_by_text("Go sous réserve", exact=True).click()
    page.get_by_label("Ce qui doit être fait").fill("faire relire les droits d’accès")
    page.get_by_label("Aspect").select_option("securite")
    page.get_by_label("Responsable").fill("cheffe-produit")
    page.get_by_label("Échéance").fill("2031-03-01")
    page.get_by_role("button", name="Ajouter une réserve").click()
    page.get_by_label("Ce qui doit être fait").nth(1).fill("publier le code")
    person.picture()
    page.get_by_role("button", name="Relire avant de publier").first.click()
    expect(page.locator("pre")).to_contain_text(
        "- Sécurité : faire relire les droits d’accès, @cheffe-produit, avant le 01/03/2031"
    )
    page.get_by_role("button", name="Modifier").click()
    expect(page.get_by_label("Ce qui doit être fait").nth(1)).to_have_value("publier le code")
    page.get_by_role("button", name="Relire avant de publier").first.click()
    page.get_by_role("button", name="Publier ce commentaire").click()
    expect(page.get_by_text("Votre avis Go sous réserve est compté pour")).to_be_visible()
    person.picture()


def test_a_mistake_is_told_beside_its_field_which_takes_the_focus(reader):
    person, page = reader, reader.page
    number = person.stage.open_gate(f"Erreur-{person.mark}")
    signs_in(person, "secu", f"/produit/dnum/produits/{number}/avis")
    is_sound(person)
    page.get_by_text("No-go", exact=True).click()
    page.locator("details[open]").get_by_role("button", name="Relire avant de publier").click()
    field = page.locator("details[open]").get_by_label("Vos raisons")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("quelques mots"))
    expect(page).to_have_title(re.compile("^À corriger"))
    is_sound(person)
    person.picture()
    field.fill("trop tôt\n/go")
    page.locator("details[open]").get_by_role("button", name="Relire avant de publier").click()
    expect(page.get_by_text("second avis").first).to_be_visible()
    expect(page.locator("details[open]").get_by_label("Vos raisons")).to_have_value("trop tôt\n/go")


def test_the_pages_of_acts_are_sound(reader):
    person, page = reader, reader.page
    number = person.stage.file(f"Équipe-{person.mark}")
    signs_in(person, "cheffe-produit", f"/produit/dnum/produits/{number}")
    person.picture()
    for path in ("", "/points", "/point/3", "/point/2", "/demande"):
        page.goto(f"{person.stage.app}/produit/dnum/produits/{number}{path}")
        is_sound(person)
        person.picture()
    page.get_by_role("button", name="Relire avant de publier").click()
    is_sound(person)
    page.get_by_role("button", name="Publier ce commentaire").click()
    expect(page.get_by_text("ne peut pas encore être ouvert")).to_be_visible()
    is_sound(person)
    person.picture()
