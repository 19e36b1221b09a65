"""The set-up pages in Chromium, at the width of a phone: judged by axe, and walked through by keyboard alone."""

import pytest

from app.setup.desired import POLICY
from app.web.server import Server
from app.web.webhook import Webhook
from app.web.wsgi import SetupService, WebSwitch
from tests.browser.conftest import PICTURES
from tests.setup.conftest import ADMIN, administered, running

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setenv("JALON_DATABASE_URL", f"sqlite:///{tmp_path}/jalon.db")
    with running() as hub:
        installer = SetupService(hub.url, tmp_path / "jalon.env")
        front = WebSwitch(installer)
        server = Server(Webhook(front, front.parts), "127.0.0.1", 0)
        server.start()
        yield hub, installer, f"http://127.0.0.1:{server.port}"
        server.stop()
        if installer.jalon:
            installer.jalon.database.dispose()


def has_no_barrier(page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    # Nothing but a table, which scrolls on its own, is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(PICTURES / f"installation-{name}.png"), full_page=True)


def test_the_app_is_created_by_keyboard_alone(page, stage):
    hub, installer, address = stage
    page.goto(f"{address}/setup")
    has_no_barrier(page, "code")
    page.focus("#code")
    page.keyboard.type(installer.access.code)
    page.keyboard.press("Enter")
    page.wait_for_selector("#organisation")
    has_no_barrier(page, "app")
    page.focus("#organisation")
    page.keyboard.type("dnum")
    page.keyboard.press("Enter")
    page.wait_for_selector("#address[aria-invalid]")
    has_no_barrier(page, "mistake")
    page.focus("#address")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=manifest]", state="attached")
    has_no_barrier(page, "manifest")
    page.context.add_cookies([{"name": "identite", "value": ADMIN, "url": hub.url}])
    page.focus("text=Créer l’App sur GitHub")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Créer l’App pour dnum")
    has_no_barrier(page, "github")
    page.focus("text=Créer l’App pour dnum")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Contrôlez l’installation")
    has_no_barrier(page, "done")
    links = {link.inner_text(): link.get_attribute("href") for link in page.query_selector_all("ol a")}
    administered(hub).run(lambda line: None)
    page.goto(links["Ouvrez les permissions de l’App"])
    has_no_barrier(page, "permissions")
    page.fill("#path", POLICY)
    page.press("#path", "Enter")
    page.goto(links["Installez l’App"])
    has_no_barrier(page, "install")
    page.click("main form button")
    page.wait_for_selector("text=L’App est installée")
    page.goto(f"{address}/setup")
    assert "à regarder" in page.inner_text("[role=status]")
    assert "est valable" in page.inner_text("main")
    assert "modifiable, colonnes et champs en place" in page.inner_text("main")
    has_no_barrier(page, "checks")
    page.goto(f"{address}/setup/callback?code=x&state=y")
    has_no_barrier(page, "refused")
