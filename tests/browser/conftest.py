"""The real App and the local GitHub, as `jalon demo` runs them, looked at through Debian's Chromium."""

import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from app.engine import open_database
from app.store.catalogue_store import CatalogueStore
from tests.ports import free_ports

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / ".artifacts" / "browser"
SIZES = {"bureau": (1280, 900), "telephone": (390, 844)}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_S = 60
REQUIRED = os.environ.get("CONTRACT_REQUIRED") == "1"


def pytest_collection_modifyitems(config, items):
    """Only when asked for: a browser is slow, and the default suite has to stay quick."""
    if "browser" not in config.getoption("markexpr"):
        here = [item for item in items if Path(item.fspath).parent == Path(__file__).parent]
        for item in here:
            item.add_marker(pytest.mark.skip(reason="asked for with `make browser`"))


def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found and REQUIRED:
        pytest.fail("Chromium is required here: apt-get install chromium")
    return found or pytest.skip("needs Chromium")


@dataclass
class Demonstration:
    """The two addresses, and GitHub's API for what a test does not want to click."""

    hub: str
    app: str
    data: Path

    def api(self, login, method, path, **body):
        headers = {"Authorization": f"token sandbox-{login}"}
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, f"{self.hub}{path}", json=body or None, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def knows_the_catalogue(self):
        """Whether a product filed now is compared with the commons: from the first second on, or never by chance."""
        database = open_database(f"sqlite:///{self.data}/jalon.db")
        try:
            return bool(CatalogueStore(database).states())
        finally:
            database.dispose()

    def file(self, title, *, complete=True):
        """A product whose form is complete, and whose list is on the page."""
        questions = re.findall(r'label: "(.*?)"\n', (ROOT / "issue_templates/nouveau-produit.yml").read_text("utf-8"))
        body = "\n\n".join(f"### {question}\n\nUne réponse" for question in questions if complete)
        sent = {"title": title, "body": body, "labels": ["produit"]}
        number = self.api("cheffe-produit", "POST", "/repos/dnum/produits/issues", **sent)["number"]
        self.wait(number, "## Liste de contrôle")
        return number

    def say(self, login, number, text):
        return self.api(login, "POST", f"/repos/dnum/produits/issues/{number}/comments", body=text)

    def wait(self, number, words):
        """Until a comment says so."""
        deadline, said = time.monotonic() + PATIENCE_S, []
        while time.monotonic() < deadline:
            said = self.api("techno", "GET", f"/repos/dnum/produits/issues/{number}/comments?per_page=100")
            if any(words in comment["body"] for comment in said):
                return
            time.sleep(0.1)
        heard = "\n\n".join(comment["body"].partition("<!--")[0] for comment in said[-2:])
        raise AssertionError(f"nobody said « {words} », but in the end:\n\n{heard}")

    def open_gate(self, title):
        """A product whose passage to the next phase is put to the vote."""
        number = self.file(title)
        self.say("cheffe-produit", number, "/coche 2 3 4 5 7 11 13\n/demande")
        self.wait(number, "## Passage 1")
        return number


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """`jalon demo` itself, on free ports, stopped by the signal a person's Ctrl-C sends."""
    app, hub = free_ports(2)
    folder = tmp_path_factory.mktemp("demo")
    log = (folder / "log").open("w+")
    command = [sys.executable, "-m", "app", "demo", "--port", str(app), "--github-port", str(hub)]
    running = subprocess.Popen([*command, "--data", str(folder / "data")], cwd=ROOT, stdout=log, stderr=log)
    try:
        started = Demonstration(f"http://127.0.0.1:{hub}", f"http://127.0.0.1:{app}", folder / "data")
        _ready(running, started, folder / "log")
        yield started
    finally:
        running.terminate()
        running.wait(PATIENCE_S)
        log.close()


def _ready(running, started, log):
    deadline = time.monotonic() + 2 * PATIENCE_S
    while time.monotonic() < deadline and running.poll() is None:
        try:
            if requests.get(f"{started.hub}/_sandbox/version", timeout=2).ok:
                requests.get(f"{started.app}/readyz", timeout=2)
                if started.knows_the_catalogue():
                    return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser():
    driver = pytest.importorskip("playwright.sync_api")
    driver.expect.set_options(timeout=PATIENCE_S * 1000)
    with driver.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["scripts", "sans-scripts"])
def scripts(request):
    return request.param


class Person:
    """Somebody in front of a browser; every mistake the page makes is kept.

    `mark` goes with the name of their product: two of nearly the same name would be asked about one another.
    """

    def __init__(self, page, stage, name):
        self.page, self.stage, self.name, self.mark = page, stage, name, f"{zlib.crc32(name.encode()):08x}"
        self.problems, self._shots = [], 0
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message):
        expected = "Failed to load resource" in message.text and re.search(r"status of 4\d\d", message.text)
        if message.type in {"error", "warning"} and not expected:
            self.problems.append(message.text)

    def goes(self, path):
        self.page.goto(self.stage.hub + path)

    def becomes(self, login):
        self.page.get_by_label("Vous êtes").select_option(login)
        self.page.get_by_role("button", name="Changer", exact=True).click()
        self.page.wait_for_function("login => document.getElementById('identite')?.value === login", arg=login)

    def says(self, text):
        self.page.get_by_label("Votre commentaire").fill(text)
        self.page.get_by_role("button", name="Commenter", exact=True).click()

    def picture(self):
        self._shots += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{self._shots:02}.png", full_page=True)


@pytest.fixture
def people(browser, stage, request):
    """people(size, **options) -> a person with a browser of their own."""
    opened = []

    def person(size="bureau", **options):
        width, height = SIZES[size]
        known = {"locale": "fr-FR", "timezone_id": "Europe/Paris", **options}
        context = browser.new_context(viewport={"width": width, "height": height}, **known)
        name = re.sub(r"[^a-z0-9]+", "-", f"{request.node.name}-{size}".removeprefix("test_")).strip("-")
        somebody = Person(context.new_page(), stage, name)
        opened.append((somebody, context))
        return somebody

    yield person
    problems = [problem for somebody, _ in opened for problem in somebody.problems]
    for _, context in opened:
        context.close()
    assert problems == []


@pytest.fixture
def person(people, size):
    return people(size)
