"""What exists already, in a browser: seen on a filing, answered from its page, the gate then free, the week that counts it."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_S, ROOT
from tests.browser.test_acts import is_sound, signs_in

pytestmark = pytest.mark.browser
NEEDS = {
    "bureau": (
        ("HistoVec", "Acheter un véhicule d’occasion en confiance en connaissant son historique"),
        ("Passé des véhicules", "Donner à l’acheteur d’un véhicule d’occasion son historique"),
    ),
    "telephone": (
        ("Cantine verte", "Réduire le gaspillage alimentaire dans les cantines scolaires"),
        ("Restes", "Lutter contre le gaspillage alimentaire des cantines du ministère"),
    ),
}
"""A need known, and one that comes after it; two filings that share a sentence would be taken for a template."""


def files(stage, title, vision):
    """Every question answered in words of this product's own."""
    form = (ROOT / "issue_templates/nouveau-produit.yml").read_text("utf-8")
    questions = re.findall(r'label: "(.*?)"\n', form)
    said = [vision if "vision" in question else f"{title} {rank}" for rank, question in enumerate(questions)]
    body = "\n\n".join(f"### {question}\n\n{text}" for question, text in zip(questions, said, strict=True))
    sent = {"title": title, "body": body, "labels": ["produit"]}
    number = stage.api("cheffe-produit", "POST", "/repos/dnum/produits/issues", **sent)["number"]
    stage.wait(number, "## Liste de contrôle")
    return number


def goes(person, path, seen):
    """To a page, read again until it shows a thing: pages may be two seconds behind."""
    page, until = person.page, time.monotonic() + PATIENCE_S
    page.goto(f"{person.stage.app}{path}")
    while not page.get_by_text(seen).count() and time.monotonic() < until:
        page.goto(f"{person.stage.app}{path}")
    assert page.get_by_text(seen).count(), page.inner_text("body")


def test_a_need_already_answered_is_seen_answered_and_counted(people, size, stage):
    person = people(size)
    page, (known, comes_after) = person.page, NEEDS[size]
    files(stage, *known)
    number = files(stage, *comes_after)
    stage.wait(number, "Déjà là")
    here = f"/produit/dnum/produits/{number}"
    signs_in(person, "cheffe-produit", here)
    goes(person, here, "Attend une réponse de l’équipe")
    expect(page.locator("#reemploi")).to_be_visible()
    is_sound(person)
    person.picture()
    page.get_by_role("link", name="Voir les dix plus proches").click()
    expect(page.locator("ol.near > li").first).to_contain_text(known[0])
    expect(page.locator("ol.near > li").first).to_contain_text("Proposé, attend une réponse")
    assert page.get_by_text("Proximité").count() == 0
    is_sound(person)
    person.picture()
    _is_blocked_then_free(person, number)
    goes(person, here, "Réutilisé")
    goes(person, "/bilan", "couvert")
    is_sound(person)
    person.picture()


def _is_blocked_then_free(person, number):
    """Leaving the first phase waits for the answer, given from the page."""
    page, stage = person.page, person.stage
    stage.say("cheffe-produit", number, "/coche 2 3 4 5 7 11 13\n/demande")
    stage.wait(number, "piste 1, ")
    page.goto(f"{stage.app}/produit/dnum/produits/{number}/piste/1")
    is_sound(person)
    person.picture()
    page.get_by_role("button", name="Elle répond au besoin : réutiliser").click()
    expect(page.locator("pre.exact")).to_have_text("/réutilise 1")
    page.get_by_role("button", name="Publier ce commentaire").click()
    expect(page.get_by_text("est réutilisé").first).to_be_visible()
    stage.say("cheffe-produit", number, "/demande")
    stage.wait(number, "## Passage 1")


def test_the_seat_of_the_catalogue_reads_the_scores(people, size, stage):
    person = people(size)
    first, second = (f"{vision}, vu par le siège {size}" for _, vision in NEEDS[size])
    files(stage, f"Ancien {size}", first)
    number = files(stage, f"Récent {size}", second)
    signs_in(person, "communs", f"/produit/dnum/produits/{number}/proches")
    goes(person, f"/produit/dnum/produits/{number}/proches", "Proximité")
    is_sound(person)
    person.picture()
