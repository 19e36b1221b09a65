"""The pages in Chromium: judged by axe, read at phone width, used by keyboard alone, and printed."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from app.web.server import Server
from app.web.webhook import Webhook
from tests.lives import Life
from tests.real_portfolio import FILE, real_products
from tests.web.conftest import POLICY, Pages
from tests.web.test_pages import REPOSITORY, some_products
from tests.web.test_product_page import whole_products
from tests.web.test_signin import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = shutil.which("chromium")
PATHS = ["/", "/?q=rien", "/?page=2&termines=oui&tri=-depuis", "/?passage=mvp&issue=nogo", *(f"/produit/{REPOSITORY}/{number}" for number in (11, 12, 13)), f"/produit/{REPOSITORY}/1", f"/produit/{REPOSITORY}/2", "/sieges", "/siege/design", "/siege/technologie", "/indicateurs", "/a-venir", "/bilan", "/rien"]  # fmt: skip
PICTURES = os.environ.get("JALON_PICTURES", "")


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM and not os.environ.get("CONTRACT_REQUIRED"):
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    found = Pages(f"sqlite:///{tmp_path_factory.mktemp('pages')}/jalon.db")
    found.holds(some_products())
    found.holds(whole_products())
    if FILE.exists():
        real = real_products(POLICY)
        found.holds([type(one)(REPOSITORY, 1000 + one.number, one.title, one.history) for one in real])
    server = Server(Webhook(found.app, lambda: found.app.extensions["jalon"]), "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    found.database.dispose()


@pytest.fixture(params=[390, 1280])
def page(request, chromium):
    context = chromium.new_context(viewport={"width": request.param, "height": 844}, java_script_enabled=True)
    opened = context.new_page()
    opened.width = request.param
    yield opened
    context.close()


def axe_problems(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": wanted}})
    return [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("page", "language"), [(390, "fr"), (1280, "fr"), (390, "en")], indirect=["page"])
def test_no_barrier_is_found_at_either_width(page, site, path, language):
    messages = []
    page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
    assert axe_problems(page) == []
    assert [text for text in messages if "404" not in text] == []
    # Nothing but the tables, which scroll on their own, is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= page.width
    if PICTURES and language == "fr":
        name = path.strip("/").replace("/", "-").replace("?", "-") or "portefeuille"
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{page.width}.png"), full_page=True)


def test_everything_is_done_without_a_mouse(page, site):
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#contenu"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("annuaire")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=annuaire*")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Annuaire":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/produit/**")
    assert page.locator("h1").inner_text() == "Annuaire"
    page.go_back()
    assert page.locator("#q").input_value() == "annuaire"


@pytest.mark.parametrize("number", [11, 12, 13])
def test_who_acts_is_seen_on_a_phone_without_scrolling(chromium, site, number):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/produit/{REPOSITORY}/{number}")
    summary = page.locator("section.now").bounding_box()
    assert summary["y"] + summary["height"] <= 844
    context.close()


def test_a_list_is_sorted_and_a_figure_opened_by_keyboard(page, site):
    page.goto(site)
    if page.width > 640:  # on a phone, a list is read line by line and has no headings
        page.get_by_role("columnheader").get_by_role("link", name="Produit").press("Enter")
        page.wait_for_url("**tri=titre*")
        assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Produit")
    page.goto(f"{site}/indicateurs")
    page.locator("td.figure a").first.press("Enter")
    page.wait_for_url("**atteinte=*")
    assert page.get_by_text("Liste ouverte depuis les indicateurs").is_visible()
    page.goto(f"{site}/?q=agr%C3%A9ment+courrier")
    assert page.get_by_role("link", name="Agréments en ligne").is_visible()


def test_a_file_prints_whole_on_a4(chromium, site):
    context = chromium.new_context(viewport={"width": 1000, "height": 1400})
    page = context.new_page()
    page.goto(f"{site}/produit/{REPOSITORY}/11")
    parts = page.locator("main h2").all_inner_texts()
    page.emulate_media(media="print")
    kept = [one.inner_text() for one in page.locator("main h2").all() if one.is_visible()]
    assert kept == [part for part in parts if part != "Sommaire"]
    assert not page.locator("nav.contents").is_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595" in paper
    context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_week_prints_on_one_a4_page(chromium, site, language):
    """The page's own paper, whatever the portfolio: what is beyond its lists is counted."""
    context = chromium.new_context(viewport={"width": 1000, "height": 1400})
    page = context.new_page()
    page.goto(f"{site}/bilan?lang={language}")
    paper = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [(round(float(width)), round(float(height))) for width, height in sizes] == [(595, 842)]
    assert len(re.findall(rb"/Type ?/Page\b", paper)) == 1
    context.close()


def test_a_page_prints_without_its_menus(chromium, site):
    context = chromium.new_context(viewport={"width": 1000, "height": 1400})
    page = context.new_page()
    page.goto(f"{site}/bilan")
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert page.locator("h1").is_visible()
    if PICTURES:
        Path(PICTURES, "bilan.pdf").write_bytes(page.pdf(format="A4"))
        page.screenshot(path=str(Path(PICTURES, "bilan-print.png")), full_page=True)
    context.close()


def test_one_signs_in_by_keyboard_and_finds_what_waits_for_one(page, tmp_path):
    site = Site(f"sqlite:///{tmp_path}/jalon.db")
    try:
        site.holds(Life(POLICY, "Base des conventions", 1).filed("2026-05-04").asked("2026-06-01", "mvp"))
        page.goto(f"{site.url}/?q=base")
        page.wait_for_url("**/login/oauth/authorize?*")
        assert axe_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.width
        page.locator("#compte").focus()
        page.keyboard.type("secu")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site.url}/?q=base")
        assert page.get_by_role("link", name="Base des conventions").is_visible()
        page.get_by_role("link", name="Ce qui m’attend").press("Enter")
        page.wait_for_url("**/moi")
        assert page.locator("h3").inner_text() == "Sécurité"
        assert axe_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.width
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"moi-{page.width}.png"), full_page=True)
        page.get_by_role("button", name="Se déconnecter").press("Enter")
        page.get_by_text("Vous êtes déconnecté de Jalon").first.wait_for()
        assert axe_problems(page) == []
    finally:
        site.close()


def test_one_makes_the_address_of_a_calendar_then_changes_it_by_keyboard(page, tmp_path):
    site = Site(f"sqlite:///{tmp_path}/jalon.db")
    try:
        site.holds(Life(POLICY, "Base des conventions", 1).filed("2026-05-04").asked("2026-06-01", "mvp"))
        page.goto(f"{site.url}/moi")
        page.locator("#compte").focus()
        page.keyboard.type("secu")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/moi")
        page.get_by_role("link", name="Voir ces dates dans mon agenda").press("Enter")
        page.wait_for_url("**/moi/calendrier")
        made = []
        for button in ("Créer l’adresse : Ce qui m’attend", "Changer l’adresse : Ce qui m’attend"):
            assert axe_problems(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= page.width
            page.get_by_role("button", name=button).press("Enter")
            page.get_by_role("status").wait_for()
            made.append(page.locator("#adresse").input_value())
        assert made[0] != made[1]
        assert axe_problems(page) == []
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"calendrier-{page.width}.png"), full_page=True)
        page.get_by_role("button", name="Fermer l’adresse : Ce qui m’attend").press("Enter")
        page.get_by_text("elle n’ouvre plus rien").first.wait_for()
        assert page.locator("#adresse").count() == 0
    finally:
        site.close()
