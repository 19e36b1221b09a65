"""The three pictures of the README, taken from the demonstration; `make pictures` keeps them in docs/images."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from app.demo.client import Hub
from app.demo.products import SILAV, SISAC, TRANSPARENCE
from tests.browser.test_acts import signs_in

pytestmark = pytest.mark.browser
FOLDER = Path(os.environ.get("JALON_PICTURES") or ".artifacts/pictures")
HEAVIEST = 200_000
"""Bytes: the README opens on three of them."""
TICKED = "/coche 2 3 4 5 7 11 13\n/demande"
OPINIONS = {
    "techno": "/go",
    "archi": "/go sous réserve\n- Architecture : décrire les échanges avec le référentiel des communes",
    "design": "/go",
    "communs": "/go",
}


@pytest.fixture(scope="module")
def number(stage):
    """The product that the committee is looking at, after one it let pass and beside one just filed."""
    hub = Hub(stage.hub, "dnum/produits")
    passed, found, _ = (_filed(stage, hub, one) for one in (TRANSPARENCE, SILAV, SISAC))
    for asked in (passed, found):
        stage.say("cheffe-produit" if asked == found else "chef-produit", asked, TICKED)
        stage.wait(asked, "## Passage 1")
    for login in ("techno", "archi", "communs", "design", "data", "secu", "transfo"):
        stage.say(login, passed, "/go")
    stage.wait(passed, "## Décision")
    for login, words in OPINIONS.items():
        stage.say(login, found, words)
    stage.wait(found, "Avis reçus\u00a0: **4**")
    return found


def _filed(stage, hub, one):
    number = hub.file_by_form(one.by, "nouveau-produit.yml", one.name, one.answers)
    stage.wait(number, "## Liste de contrôle")
    return number


def taken(person, name, height):
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    width = person.page.viewport_size["width"]
    person.page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    assert 5_000 < path.stat().st_size < HEAVIEST


def test_the_file_of_a_product(people, stage, number):
    person = people("bureau")
    person.page.goto(f"{stage.app}/produit/dnum/produits/{number}")
    taken(person, "dossier", 900)


def test_a_vote_on_a_phone(people, stage, number):
    person = people("telephone")
    signs_in(person, "secu", f"/produit/dnum/produits/{number}/avis")
    taken(person, "avis", 844)


def test_the_week_on_a_page(people, stage, number):
    person = people("bureau")
    person.page.goto(f"{stage.app}/bilan")
    taken(person, "bilan", 900)
    paper = person.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type ?/Page\b", paper)) == 1, "and on one sheet of paper"
