"""Every page says where it stands, under the portfolio: all but the first one, and those for who may read nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app.web
from tests.web.test_pages import REPOSITORY, some_products

TEMPLATES = Path(app.web.__file__).parent / "templates"
WITHOUT = {"portfolio.html", "plain.html"}
"""The root itself, and what is told to who is not known yet."""
PAGES = [
    path
    for path in sorted(TEMPLATES.glob("*.html"))
    if re.search(r'extends "(layout|bare)\.html"', path.read_text(encoding="utf-8")) and path.name not in WITHOUT
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_page_has_its_breadcrumb(path):
    text = path.read_text(encoding="utf-8")
    assert re.search(r"\{\{ (breadcrumb|trail)\(", text)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("path", "steps"),
    [
        (f"/produit/{REPOSITORY}/1", 1),
        ("/sieges", 1),
        ("/siege/design", 2),
        ("/indicateurs", 1),
        ("/a-venir", 2),
        ("/bilan", 1),
        ("/accessibilite", 1),
        ("/mentions-legales", 1),
    ],
)
def test_it_leads_back_to_the_portfolio_and_names_the_page(pages, path, steps, language):
    pages.holds(some_products())
    text = pages.text(f"{path}?lang={language}")
    (trail,) = re.findall(r'<nav class="fr-breadcrumb".*?</nav>', text, re.DOTALL)
    links = re.findall(r'<a class="fr-breadcrumb__link" href="([^"]+)">', trail)
    assert len(links) == steps
    assert links[0].partition("?")[0] == "/"
    (here,) = re.findall(r'aria-current="page">(.*?)</a>', trail)
    assert here.strip()
