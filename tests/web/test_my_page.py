"""« Ce qui m'attend »: all that waits for one person, whatever they do for the committee, and how to do it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.product.facts import ItemAnswered
from app.store.support_requests import SupportRequest, SupportRequests
from tests.lives import Life
from tests.web.conftest import NOW
from tests.web.test_signin import POLICY, Browser, Site


def ago(**span):
    return NOW - timedelta(**span)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    found = Site(f"sqlite:///{tmp_path_factory.mktemp('moi')}/jalon.db")
    waiting = Life(POLICY, "Base des conventions", 1).filed(ago(days=60)).asked(ago(days=12), "mvp")
    waiting.facts[0] = replace(waiting.facts[0], answers=(("besoins", "- [x] Design\n- [ ] Technique"),))
    owing = (
        Life(POLICY, "Annuaire", 2)
        .filed(ago(days=90))
        .asked(ago(days=60), "mvp")
        .decided(ago(days=50), "go", [("Chiffrer", "2026-01-01")])
    )
    session = Life(POLICY, "Carte", 3).filed(ago(days=90)).asked(ago(days=60), "mvp")
    session.decided(ago(days=50), "go", [("Nommer un sponsor", "")], present=("design",))
    late = Life(POLICY, "Chatbot", 4).filed(ago(days=90)).asked(ago(days=40), "poc")
    put_off = Life(POLICY, "Registre", 5).filed(ago(days=90)).asked(ago(days=13), "poc").postponed(ago(days=8))
    told = Life(POLICY, "Coffre", 6).filed(ago(days=5), "construction")
    link = {"item": "construction-intrusion", "answer": "done", "text": "https://coffre.test/rapport", "private": True}
    told.facts.append(ItemAnswered(**told._note(ago(days=4)), **link))
    found.holds(waiting, owing, session, late, put_off, told)
    yield found
    found.close()


def mine(site, login):
    """The text of one's own page, spaces that do not break as others."""
    return " ".join(Browser(site).signs_in(login, "/moi").text.split())


def section(text, title):
    assert f"<h2>{title}</h2>" in text, title
    return text.partition(f"<h2>{title}</h2>")[2].partition("<h2>")[0]


def test_the_secretariat_finds_the_session_to_prepare_what_is_late_and_its_own_conditions(site):
    text = mine(site, "secretariat")
    assert "Rien ne vous attend" not in text
    prepared = section(text, "Prochaine séance")
    for words in ("Base des conventions", "Chatbot", "Registre", "passages à examiner", "reporté 1 fois"):
        assert words in prepared, words
    assert "Chatbot" in section(text, "Passages à clore")
    lifted = section(text, "Réserves que vous pouvez lever")
    assert "Nommer un sponsor" in lifted
    assert "posée en séance, le secrétariat la lève" in lifted
    assert "Chiffrer" not in lifted


def test_a_seat_finds_its_gates_one_tap_from_the_vote_and_the_conditions_it_lifts(site):
    text = mine(site, "techno")
    gates = section(text, "Mes sièges au comité")
    assert "Base des conventions" in gates
    assert "/produit/dnum/produits/1/avis" in gates
    lifted = section(text, "Réserves que vous pouvez lever")
    assert "Chiffrer" in lifted
    assert "Nommer un sponsor" not in lifted
    assert "Prochaine séance" not in text


def test_a_vote_that_would_not_count_is_not_offered(site):
    """Its deadline is past: what happens instead is said."""
    seats = section(mine(site, "design"), "Mes sièges au comité")
    late, open_still = (seats.partition(f">{title}</a>")[2].partition("</li>")[0] for title in ("Chatbot", "Registre"))
    assert "un avis donné maintenant ne compterait pas" in late
    assert "/4/avis" not in late
    assert "/5/avis" in open_still


@pytest.mark.parametrize(
    ("login", "sees"), [("secu", True), ("cheffe-produit", True), ("secretariat", True), ("design", False)]
)
def test_a_link_given_to_a_seat_is_shown_to_it_to_the_team_and_to_the_secretariat_alone(site, login, sees):
    text = " ".join(Browser(site).signs_in(login, "/produit/dnum/produits/6").text.split())
    assert "Communiqué au siège Sécurité" in text
    assert ("coffre.test" in text) == sees


def test_support_asked_of_a_seat_is_in_its_queue(site):
    asked = section(mine(site, "design"), "Accompagnement demandé à mes sièges")
    assert "Base des conventions</a> : design" in asked
    assert "Accompagnement demandé" not in mine(site, "techno")


def test_a_request_for_support_without_a_product_is_there_too(site):
    asked = SupportRequest("dnum/produits", 40, "Aide aux <entretiens>", ("design", "méthode"))
    SupportRequests(site.database).keep("I_40", asked)
    told = section(mine(site, "design"), "Accompagnement demandé à mes sièges")
    assert "Aide aux &lt;entretiens&gt;</a> : design, méthode" in told
    assert "entretiens" in mine(site, "ops-produit")
    assert "entretiens" not in mine(site, "techno")
    SupportRequests(site.database).keep("I_40", None)
    assert "entretiens" not in mine(site, "design")


def test_the_team_finds_its_products_with_the_numbers_of_what_is_missing(site):
    text = mine(site, "cheffe-produit")
    products = section(text, "Mes produits")
    assert "points obligatoires restent à traiter" in products
    assert ": points " in products
    assert "Chiffrer" in section(text, "Réserves à lever")
    assert "Réserves que vous pouvez lever" not in text


def test_nothing_waits_for_whoever_has_no_part_in_it(site):
    assert "Rien ne vous attend" in mine(site, "visiteur")


@pytest.mark.slow
@pytest.mark.parametrize("login", ["secretariat", "techno"])
def test_before_the_first_product_no_link_of_any_page_leads_nowhere(tmp_path, login):
    site = Site(f"sqlite:///{tmp_path}/jalon.db")
    browser = Browser(site)
    left, seen = ["/moi"], set()
    browser.signs_in(login, "/moi")
    while left:
        path = left.pop().replace("&amp;", "&")
        if path in seen or path.startswith(("/connexion", "/static")) or "/2025-" in path or "W" in path:
            continue
        seen.add(path)
        answer = browser.opens(path)
        assert answer.status_code == 200, path
        assert "//issues" not in answer.text, path
        if "html" in answer.headers["Content-Type"]:
            left += re.findall(r'href="(/[^"#]*)', answer.text)
    assert {"/moi", "/seances", "/indicateurs", "/a-venir"} <= seen
    site.close()
