"""Every command, with every mistake of whoever sets it up: one sentence in French, code 1, and never a traceback."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.errors import KNOWN, cause
from app.demo.seed import seed
from app.github.errors import LimitError, NotFoundError, OverloadedError, RefusalError
from local_github.keys import another_key
from local_github.server import Sandbox
from tests.ports import free_port

FILE = "tests/data/portefeuille-exemple.csv"
ANY = (
    "sweep",
    "sweep --dry-run",
    "sweep --issue 999",
    "digest",
    "digest --publish",
    "digest --from-github",
    "agenda",
    "agenda --publish",
    "register rebuild",
    "register rebuild --repo dnum/produits",
    f"import {FILE} --dry-run",
    f"import {FILE} --repo dnum/produits",
)
OF_THE_BASE = (
    *ANY,
    "serve --port 0",
    "worker",
    "explain 1",
    "register export",
    "register verify",
    "replay",
    "replay x",
)
WAITING = ("serve --port 0", "worker")
"""What runs for ever waits for a database that is away: tests/cli/test_starting.py."""
WRONG = {
    "another App's key": (ANY, {"JALON_PRIVATE_KEY": another_key()}, "GitHub ne reconnaît pas l’App"),
    "another App": (ANY, {"JALON_APP_ID": "42"}, "GitHub ne reconnaît pas l’App"),
    "GitHub out of reach": (ANY, {"GITHUB_API_URL": f"http://127.0.0.1:{free_port()}"}, "GitHub est injoignable"),
    "another address": (ANY, {"GITHUB_API_URL": "{url}/api/v3"}, "GitHub ne montre rien à cette adresse"),
    "half a key": (
        OF_THE_BASE,
        {"JALON_PRIVATE_KEY": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"},
        "JALON_PRIVATE_KEY ne contient pas de clé privée PEM entière",
    ),
    "no key file": (
        OF_THE_BASE,
        {"JALON_PRIVATE_KEY": "", "JALON_PRIVATE_KEY_FILE": "/nulle/part"},
        "n’est pas lisible",
    ),
    "another database": (
        OF_THE_BASE,
        {"JALON_DATABASE_URL": "mysql://a:motdepasse@b/c"},
        "JALON_DATABASE_URL : donnez",
    ),
    "no address at all": (OF_THE_BASE, {"JALON_DATABASE_URL": "n'importe quoi"}, "JALON_DATABASE_URL : donnez"),
    "no folder": (OF_THE_BASE, {"JALON_DATABASE_URL": "sqlite:////nulle/part/x.db"}, "la base ne répond pas"),
    "no server": (
        tuple(words for words in OF_THE_BASE if words not in WAITING),
        {"JALON_DATABASE_URL": f"postgresql://a:motdepasse@127.0.0.1:{free_port()}/x"},
        "la base ne répond pas",
    ),
    "nothing": (OF_THE_BASE, {"JALON_APP_ID": "", "JALON_WEBHOOK_SECRET": ""}, "JALON_WEBHOOK_SECRET manque"),
}
CASES = [(mistake, words) for mistake, (commands, _, _) in WRONG.items() for words in commands]


@pytest.fixture(scope="module")
def hub():
    running = Sandbox(seed(), port=0)
    running.hold = True
    running.start()
    yield running
    running.stop()


@pytest.fixture
def run(hub, tmp_path):
    def one(words, **wrong):
        wrong = {name: value.replace("{url}", hub.url) for name, value in wrong.items()}
        environment = {**hub.environment(), "JALON_DATABASE_URL": f"sqlite:///{tmp_path}/a.db", **wrong}
        return CliRunner().invoke(main, words.split(), env=environment)

    return one


@pytest.mark.slow
@pytest.mark.parametrize(("mistake", "words"), CASES)
def test_a_mistake_is_told_in_one_sentence(run, mistake, words):
    _, wrong, told = WRONG[mistake]
    done = run(words, **wrong)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.output
    assert told in done.stderr
    assert done.stderr.startswith("Error: ")
    assert "motdepasse" not in done.output


def test_an_app_that_is_not_installed(run, hub):
    hub.world.app.installed = False
    try:
        for words in ("register rebuild --repo dnum/produits", f"import {FILE} --repo dnum/produits"):
            done = run(words)
            assert (done.exit_code, type(done.exception)) == (1, SystemExit)
            assert "que l’App y est installée" in done.stderr
        for words in ("digest", "agenda"):
            assert "(connus : aucun)" in run(words).stderr
    finally:
        hub.world.app.installed = True


@pytest.mark.parametrize("words", ["register rebuild", f"import {FILE}", "explain 1", "digest", "agenda"])
@pytest.mark.parametrize("name", ["produits", "dnum/", "/produits", "a/b/c"])
def test_a_repository_is_an_owner_and_a_name(run, words, name):
    done = run(f"{words} --repo {name}")
    assert done.exit_code == 2
    assert "écrivez propriétaire/nom" in done.stderr


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LimitError("x", 600), "GitHub limite les appels : recommencez dans 10 min"),
        (OverloadedError("x", 1), "GitHub est en difficulté"),
        (NotFoundError("404 {}"), "GitHub ne montre rien à cette adresse"),
        (RefusalError(403, {"message": "Resource not accessible by integration"}), "GitHub refuse (403)"),
    ],
)
def test_what_github_says_is_told_in_french(error, told):
    assert cause(error).startswith(told)
    assert isinstance(error, KNOWN)


def test_a_bug_is_not_dressed_up(run, monkeypatch):
    monkeypatch.setattr("app.cli.register.every_issue", lambda *_: 1 / 0)
    assert isinstance(run("register rebuild").exception, ZeroDivisionError)
