"""The commands of a second terminal speak of the demonstration that runs, without a variable to type."""

from __future__ import annotations

import re
import socket
import stat
import subprocess
import sys

import pytest
import requests

from app.demo import running
from app.settings import SettingsError
from tests.stage import form_body

VALUES = {"JALON_APP_ID": "1", "JALON_DATABASE_URL": "sqlite:////x/jalon.db"}


@pytest.fixture
def hub_url():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield f"http://127.0.0.1:{one.getsockname()[1]}"


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in running.REAL:
        monkeypatch.delenv(name, raising=False)


def left(folder, url):
    folder.mkdir(exist_ok=True)
    running.leave_settings(folder, VALUES | {"GITHUB_API_URL": url})
    return folder / running.NAME


def test_settings_are_found_while_the_demonstration_runs_and_gone_afterwards(tmp_path, hub_url):
    assert "JALON_APP_ID" not in running.demo_environment()
    file = left(tmp_path / "demo", hub_url)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert running.demo_environment().items() >= VALUES.items()
    running.take_back(tmp_path / "demo")
    assert "JALON_APP_ID" not in running.demo_environment()
    assert not file.exists()


@pytest.mark.parametrize("name", running.REAL)
def test_a_real_environment_wins(tmp_path, hub_url, monkeypatch, name):
    left(tmp_path / "demo", hub_url)
    monkeypatch.setenv(name, "le mien")
    found = running.demo_environment()
    assert [found.get(one) for one in (name, "JALON_APP_ID")] == ["le mien", found.get("JALON_APP_ID")]
    assert found.get("JALON_DATABASE_URL") in {None, "le mien"}


def test_a_demonstration_that_died_is_told_plainly(tmp_path, hub_url):
    left(tmp_path / "demo", hub_url.rpartition(":")[0] + ":9")
    with pytest.raises(SettingsError, match="est terminée : relancez « make demo »"):
        running.demo_environment()


def test_the_end_of_one_leaves_the_settings_of_the_next(tmp_path, hub_url):
    left(tmp_path / "un", hub_url)
    left(tmp_path / "deux", hub_url)
    running.take_back(tmp_path / "un")
    assert "JALON_APP_ID" in running.demo_environment()


def test_settings_that_somebody_else_could_have_written_are_not_taken(tmp_path, hub_url):
    file = left(tmp_path / "demo", hub_url)
    file.chmod(0o644)
    assert "JALON_APP_ID" not in running.demo_environment()
    file.chmod(0o600)
    moved = file.rename(tmp_path / "ailleurs")
    file.symlink_to(moved)
    assert "JALON_APP_ID" not in running.demo_environment()


def jalon(*words):
    return [sys.executable, "-m", "app", *words]


TITLE = "Un produit de démonstration"


def _until_ready(lines):
    """What the demonstration says until a person may begin."""
    told = []
    for line in lines:
        told.append(line)
        if "Ctrl-C" in line:
            return "".join(told)
    raise AssertionError("the demonstration ended")


def _filed(hub):
    """The number of a product that somebody files meanwhile."""
    given = {"title": TITLE, "body": form_body(), "labels": ["produit"]}
    with requests.Session() as browser:
        browser.trust_env = False
        token = {"Authorization": "token sandbox-cheffe-produit"}
        made = browser.post(f"{hub}/repos/dnum/produits/issues", json=given, headers=token, timeout=60)
    assert made.status_code == 201, made.text
    return str(made.json()["number"])


@pytest.mark.slow
def test_a_second_terminal_reads_the_demonstration_itself(tmp_path):
    """The two programs, as people start them; nothing is typed but the command."""
    ports = ("--port", "0", "--github-port", "0")
    with subprocess.Popen(jalon("demo", *ports), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as demo:
        try:
            told = _until_ready(demo.stdout)
            number = _filed(re.search(r"GitHub local : (\S+)", told)[1])
            for words in (
                ("register", "verify"),
                ("digest",),
                ("agenda",),
                ("sweep", "--dry-run"),
                ("seal", "status"),
                ("doctor", "--read-only", "--output", str(tmp_path / "compte-rendu.json")),
                ("explain", number),
            ):
                done = subprocess.run(jalon(*words), capture_output=True, text=True, timeout=120, check=False)
                assert done.returncode == 0, (words, done.stdout, done.stderr)
            assert TITLE in done.stdout
        finally:
            demo.terminate()
    done = subprocess.run(jalon("register", "verify"), capture_output=True, text=True, timeout=120, check=False)
    assert "JALON_APP_ID manque" in done.stderr
