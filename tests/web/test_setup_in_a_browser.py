"""The set-up pages in Chromium, at the width of a phone: judged by axe, and walked through by keyboard alone."""

import os
import shutil
import threading
from pathlib import Path

import pytest
import waitress

from app.sandbox.registration import read_manifest
from app.web.front import Front, Installer
from tests.setup.conftest import ADMIN, running

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium")
PICTURES = os.environ.get("JALON_PICTURES", "")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page():
    if not CHROMIUM and not os.environ.get("CONTRACT_REQUIRED"):
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 390, "height": 844})
        browser.close()


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setenv("JALON_DATABASE_URL", f"sqlite:///{tmp_path}/jalon.db")
    with running() as hub:
        installer = Installer(hub.url, tmp_path / "jalon.env")
        server = waitress.create_server(Front(installer), host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        yield hub, installer, f"http://127.0.0.1:{server.effective_port}"
        server.close()
        if installer.jalon:
            installer.jalon.database.dispose()


def has_no_barrier(page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    # Nothing but a table, which scrolls on its own, is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"setup-{name}.png"), full_page=True)


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
    code = hub.doorman.registrations.accept(ADMIN, read_manifest(page.input_value("input[name=manifest]")))
    state = page.get_attribute("form", "action").partition("state=")[2]
    page.goto(f"{address}/setup/callback?code={code}&state={state}")
    has_no_barrier(page, "done")
    page.focus("text=Contrôlez l’installation")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert "à regarder" in page.inner_text("[role=status]")
    has_no_barrier(page, "checks")
    page.goto(f"{address}/setup/callback?code={code}&state={state}")
    has_no_barrier(page, "refused")
