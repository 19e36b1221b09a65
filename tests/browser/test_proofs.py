"""« Vérifier cette décision » and the page of the register, judged by axe at both sizes, and walked through."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PRESENT = "techno, archi, communs, design, ops-produit, data, cloud-fabrique, secu"


@pytest.fixture
def reader(people, size):
    return people(size)


def is_sound(person):
    """Nothing for axe-core to say, nothing wider than the screen."""
    found = Axe().run(person.page, options=RULES)
    assert found.response["violations"] == []
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    person.picture()


@pytest.fixture(scope="module")
def decided(stage):
    number = stage.open_gate("Une décision à prouver")
    stage.say("secretariat", number, f"/décision nogo le besoin n’est pas montré\nprésents : {PRESENT}")
    stage.wait(number, "Scellée n°")
    return number


def test_from_a_decision_to_what_proves_it(reader, decided):
    page = reader.page
    page.goto(f"{reader.stage.app}/produit/dnum/produits/{decided}")
    page.get_by_role("link", name="Vérifier cette décision").click()
    expect(page.get_by_role("heading", name="Vérifier cette décision")).to_be_visible()
    expect(page.get_by_text("du registre scellé, sous le sceau de")).to_be_visible()
    is_sound(reader)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Verify this decision")).to_be_visible()
    is_sound(reader)
    page.get_by_role("link", name="Sealed register").click()
    expect(page.get_by_role("heading", name="The latest seal")).to_be_visible()
    is_sound(reader)
