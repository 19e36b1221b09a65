"""Pages of what exists already: each reader sees what is theirs to see, and no score is told to anybody else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.product.facts import ProductFiled
from app.domain.reuse.catalogue import Catalogue, Common
from tests.lives import REPOSITORY, Life, candidate
from tests.web.conftest import NOW, POLICY, Pages
from tests.web.test_signin import Browser, Site

TODAY = NOW.date()
SEATED = POLICY.reuse.seat
VISIONS = {
    1: ("Cantine verte", "Réduire le gaspillage alimentaire dans les cantines scolaires"),
    2: ("Restes", "Lutter contre le gaspillage alimentaire des cantines du ministère"),
    3: ("Agréments", "Demander en ligne un agrément de transport routier"),
    4: ("Anti-gaspi", "Mesurer le gaspillage alimentaire dans les cantines"),
}
CATALOGUE = Catalogue(
    (
        Common("tchap", "Tchap", "Échanger des messages entre agents", ("parler à un collègue",), ("Riot",), owner="DINUM",
               link="https://tchap.numerique.gouv.fr", licence="Apache-2.0", seen_on=TODAY),
        Common("restes", "Restes & co", "Peser le gaspillage alimentaire des cantines scolaires",
               seen_on=TODAY - timedelta(days=400)),
        Common("vieux", "Vieux commun", "Peser le gaspillage des cantines", seen_on=TODAY - timedelta(days=800)),
        Common("nomme", "Nommé", "Connu par son nom", is_proposed=False),
        Common("importe", "Importé", "Venu d’un fichier", is_curated=False, is_proposed=False),
    ),
    is_kept=True,
)  # fmt: skip


def ago(**span):
    return NOW - timedelta(**span)


def a_life(number, phase=""):
    title, vision = VISIONS[number]
    life = Life(POLICY, title, number).filed(ago(days=20 + number), phase)
    filed = life.facts[0]
    assert isinstance(filed, ProductFiled)
    life.facts[0] = replace(filed, answers=(*filed.answers, ("vision", vision)))
    return life


def some_lives():
    shown = a_life(2).shown(
        ago(days=9), candidate(1, "produit:I_4", "Anti-gaspi"), candidate(2, "commun:tchap", "Tchap")
    )
    shown.answered(ago(days=8), "commun:tchap", "aside", "Tchap", 2)
    others = [a_life(n) for n in (1, 3)]
    rejecting = [
        Life(POLICY, f"Autre {n}", n).filed(ago(days=9)).answered(ago(days=8), "commun:nomme", "aside", "Nommé")
        for n in range(10, 15)
    ]
    return [*others, shown, a_life(4, "arret"), *rejecting]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    found = Site(f"sqlite:///{tmp_path_factory.mktemp('reuse')}/jalon.db", catalogue=CATALOGUE)
    found.holds(*some_lives())
    yield found
    found.close()


def read(site, login, path):
    return " ".join(Browser(site).signs_in(login, path).text.split())


NEAR = f"/produit/{REPOSITORY}/2/proches"


def test_the_seat_of_the_catalogue_sees_the_ten_nearest_with_their_scores(site):
    text = read(site, "communs", NEAR)
    listed = re.findall(r"<li><strong>.*?</li>", text)
    names = [re.sub("<[^>]+>", "", re.search(r"<strong>(.*?)</strong>", one)[1]) for one in listed]
    assert {"Cantine verte", "Anti-gaspi", "Restes &amp; co"} <= set(names[:4])
    assert all(re.search(r"Proximité : [01],\d\d", one) for one in listed)
    by_name = dict(zip(names, listed, strict=True))
    assert "arrêté le" in by_name["Anti-gaspi"]
    assert "Proposé, attend une réponse" in by_name["Anti-gaspi"]
    assert "gaspillage" in by_name["Cantine verte"]
    assert "relue depuis deux ans" in by_name["Vieux commun"]
    assert "à partir de 0,30" in text


@pytest.mark.parametrize("login", ["cheffe-produit", "techno", "secretariat", "visiteur"])
def test_nobody_else_sees_a_score(site, login):
    text = read(site, login, NEAR)
    assert "Cantine verte" in text
    assert "Proximité" not in text
    assert not re.search(r"\b[01][,.]\d\d\b", text)


def test_the_product_page_tells_what_was_shown_and_answered(site):
    text = read(site, "cheffe-produit", f"/produit/{REPOSITORY}/2")
    block = text.partition('id="reemploi"')[2].partition("</section>")[0]
    assert "Attend une réponse de l’équipe" in block
    assert "Écarté" in block
    assert "Nos règles sont différentes" in block
    assert f'href="{NEAR}' in block
    assert "Rien n’a été proposé" in read(site, "cheffe-produit", f"/produit/{REPOSITORY}/3")


def test_the_seat_finds_the_entries_to_look_at_and_those_always_set_aside(site):
    text = read(site, "communs", "/moi")
    told = text.partition("Catalogue des communs</h2>")[2]
    assert "3 fiches à relire" in told
    assert told.index("Nommé") < told.index("Vieux commun") < told.index("Restes &amp; co")
    assert "1 fiche toujours écartée" in told
    assert "écartée 5 fois, jamais retenue" in told
    assert "Catalogue des communs" not in read(site, "techno", "/moi")


def test_the_catalogue_is_read_searched_and_says_its_age(site):
    text = read(site, "visiteur", "/communs")
    assert "5 communs" in text
    assert text.index("Nommé") < text.index("Tchap") < text.index("Importé")
    assert "Fiche à revoir" in text.partition('id="restes"')[2].partition("</li>")[0]
    assert "n’est plus proposé" in text.partition('id="vieux"')[2].partition("</li>")[0]
    assert "jamais proposé" in text.partition('id="nomme"')[2].partition("</li>")[0]
    assert "Fiche à revoir" not in text.partition('id="tchap"')[2].partition("</li>")[0]
    assert 'href="https://tchap.numerique.gouv.fr"' in text
    for words, found in [("RIOT", "Tchap"), ("collegue", "Tchap"), ("dinum", "Tchap"), ("cantines peser", "Vieux")]:
        assert found in read(site, "visiteur", f"/communs?q={words}")
    assert "Aucun commun ne correspond" in read(site, "visiteur", "/communs?q=introuvable")
    assert "Reference data" not in read(site, "visiteur", "/communs?lang=en")


def test_pages_open_to_anybody_tell_what_was_shown_and_nothing_of_what_was_compared(tmp_path):
    rules = replace(POLICY, follow_up=replace(POLICY.follow_up, public_pages=True))
    pages = Pages(f"sqlite:///{tmp_path}/jalon.db", "", policy=rules, catalogue=CATALOGUE)
    pages.holds([life.tracked for life in some_lives()])
    product = pages.text(f"/produit/{REPOSITORY}/2")
    assert "Attend une réponse" in product
    assert "/proches" not in product
    assert pages.get(NEAR).status_code == 404
    assert "Rien n’a été proposé" not in pages.text(f"/produit/{REPOSITORY}/3")
    pages.database.dispose()


def test_without_rules_on_reuse_nor_catalogue_nothing_is_told(tmp_path):
    pages = Pages(f"sqlite:///{tmp_path}/jalon.db", policy=replace(POLICY, reuse=None))
    pages.holds([life.tracked for life in some_lives()[:2]])
    assert pages.get("/communs").status_code == 404
    assert pages.get(f"/produit/{REPOSITORY}/1/proches").status_code == 404
    assert "Communs" not in pages.text("/")
    assert "/proches" not in pages.text(f"/produit/{REPOSITORY}/1")
    pages.database.dispose()


def test_the_indicators_tell_too_few_answers(site):
    text = read(site, "techno", "/indicateurs")
    assert "réponses, trop peu pour conclure" in text
    assert "proposé par une personne" in text
