"""The accessibility statement, the legal notice and the foot of every page: what the rules say, or that they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.policy.page_settings import Accessibility, Legal, PageSettings
from app.github.client import LaterError
from tests.web.conftest import POLICY, Pages
from tests.web.test_pages import REPOSITORY, some_products

TOLD = PageSettings(
    "Ministère <de> l’Exemple",
    Accessibility("partial", "acces@exemple.gouv.fr", "https://exemple.gouv.fr/audit"),
    Legal("La direction", "La directrice", "Un hébergeur", "https://exemple.gouv.fr/ecrire"),
)


@pytest.fixture
def told(tmp_path):
    found = Pages(f"sqlite:///{tmp_path}/told.db", pages="X-Person", policy=replace(POLICY, pages=TOLD))
    found.holds(some_products())
    yield found
    found.database.dispose()


def test_without_a_word_in_the_rules_the_pages_say_so(pages) -> None:
    statement, notice = pages.text("/accessibilite"), pages.text("/mentions-legales")
    assert "déclarées <strong>non conformes</strong>" in statement
    assert "Adressez-vous au secrétariat du comité." in statement
    assert notice.count("non renseigné par cette installation") == 4
    assert "Accessibilité\u00a0: non conforme" in pages.text("/")


def test_anybody_reads_what_the_rules_say(told) -> None:
    assert told.get("/").status_code == 403
    statement = told.text("/accessibilite")
    assert "Ministère &lt;de&gt; l’Exemple s’engage" in statement
    assert "<strong>partiellement conformes</strong>" in statement
    assert 'href="mailto:acces@exemple.gouv.fr"' in statement
    assert 'href="https://exemple.gouv.fr/audit"' in statement
    notice = told.text("/mentions-legales")
    assert "non renseigné" not in notice
    assert all(words in notice for words in ("La direction", "La directrice", "Un hébergeur"))


@pytest.mark.parametrize(
    "path", ["/", f"/produit/{REPOSITORY}/1", "/sieges", "/indicateurs", "/a-venir", "/bilan", "/rien"]
)
def test_every_page_ends_with_the_way_to_both(told, path) -> None:
    shown = told.get(path, **{"X-Person": "agente"}).get_data(as_text=True)
    assert 'href="/accessibilite">Accessibilité\u00a0: partiellement conforme</a>' in shown
    assert 'href="/mentions-legales"' in shown
    assert 'href="https://exemple.gouv.fr/ecrire"' in shown


@pytest.mark.parametrize("path", ["/accessibilite", "/mentions-legales"])
def test_in_english(told, path) -> None:
    shown = told.text(f"{path}?lang=en")
    assert '<html lang="en">' in shown
    assert "lang=en" in shown.split("<footer>")[1]
    assert "Accessibility: partly compliant" in shown


def test_github_away_the_pages_still_answer(tmp_path) -> None:
    found = Pages(f"sqlite:///{tmp_path}/away.db")
    found.holds(some_products())

    def away(_repository):
        raise LaterError("unreachable")

    found.app.extensions["jalon"].rules = away
    assert "non conformes" in found.text("/accessibilite")
    found.database.dispose()
