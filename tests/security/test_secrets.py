"""No secret comes out: not in the journal, not in answers, figures, pages or error messages, and none is in the repository."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from app.demo.seed import seed
from app.settings import Administration, Settings
from local_github.server import Sandbox
from tests.security.doors import delivery, signed

ROOT = Path(__file__).parents[2]
PASSWORD = "mot-de-passe-d-essai"


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


class Watched:
    """`jalon` as a process, everything it says kept."""

    def __init__(self, folder, environment) -> None:
        self.journal = folder / "journal"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("JALON", "GITHUB"))}
        self.environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | environment
        self.process = None
        self.url = ""

    def serve(self) -> None:
        with self.journal.open("ab") as journal:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app", "serve", "--port", "0"],
                env=self.environment,
                stdout=journal,
                stderr=journal,
            )
        until(lambda: self._address() or self.process.poll() is not None)
        self.url = self._address()

    def _address(self):
        found = re.search(r"Jalon : (http://127.0.0.1:\d+)", self.journal.read_text(encoding="utf-8"))
        return found[1] if found else ""

    def run(self, *arguments, **environment) -> None:
        with self.journal.open("ab") as journal:
            subprocess.run(
                [sys.executable, "-P", "-m", "app", *arguments],
                env=self.environment | environment,
                stdout=journal,
                stderr=journal,
                check=False,
                timeout=120,
            )

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


def leaks(text, secrets):
    return [name for name, secret in secrets.items() if secret in text]


@pytest.fixture
def hub():
    hub = Sandbox(seed(), port=0)
    hub.start()
    yield hub
    hub.stop()


def secrets_of(hub):
    """The webhook's secret, the key by its lines and as one, every token handed out, the database's password."""
    app = hub.world.app
    lines = app.private_key.strip().splitlines()
    tokens = {f"token {rank}": token for rank, token in enumerate(hub.doorman._tokens)}
    return {
        "webhook": app.webhook_secret,
        "client": app.client_secret,
        "key": lines[1],
        "key end": lines[-2],
        "password": PASSWORD,
        **tokens,
    }


@pytest.mark.slow
def test_nothing_that_goes_wrong_tells_a_secret(hub, tmp_path):
    environment = hub.environment() | {
        "JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db",
        "JALON_LOG_FORMAT": "json",
    }
    jalon = Watched(tmp_path, environment)
    heard = []
    jalon.serve()
    try:
        hook, secret = f"{jalon.url}/webhooks/github", environment["JALON_WEBHOOK_SECRET"]

        def send(body, guid, header=None, event="issue_comment"):
            headers = {"X-GitHub-Event": event, "X-GitHub-Delivery": guid}
            headers["X-Hub-Signature-256"] = signed(body, secret) if header is None else header
            heard.append(requests.post(hook, data=body, headers=headers, timeout=30))

        raw, _ = delivery()
        send(raw, "faux", signed(raw, "faux"))
        send(raw, "secret-en-clair", secret)
        send(b"{" + secret.encode(), "pas-du-json")
        send(raw, "issue-inconnue")
        hub.world.write_file("secretariat", ".github/jalon.yml", "version: [")
        issue = hub.world.open_issue("cheffe-produit", "SILAV", "### Question\n\nRéponse", ["produit"])
        body = raw.replace(b'"I_1"', f'"{issue.node_id}"'.encode())
        send(body, "regles-cassees")
        hub.doorman.expire_all()
        send(body, "jetons-perimes")
        until(lambda: 'jalon_inbox{state="waiting"} 0.0' in requests.get(f"{jalon.url}/metrics", timeout=30).text)
        kept = secrets_of(hub)
        hub.stop()
        send(body, "github-eteint")
        until(lambda: "github-eteint" in jalon.journal.read_text(encoding="utf-8") or jalon_waits(jalon))
        paths = (
            "/",
            "/metrics",
            "/readyz",
            "/healthz",
            "/nulle-part",
            f"/?{secret}",
            "/connexion/retour?code=a&state=b",
        )
        heard += [requests.get(jalon.url + path, timeout=30, allow_redirects=False) for path in paths]
    finally:
        jalon.stop()
    assert [answer.status_code for answer in heard[:4]] == [401, 401, 400, 202]
    told = jalon.journal.read_text(encoding="utf-8")
    shown = "".join(f"{answer.headers}{answer.text}" for answer in heard if secret not in answer.url)
    assert len(kept) > 4
    assert leaks(told, kept) == []
    assert leaks(shown, kept) == []
    assert "eyJ" not in told  # a JSON web token of ours
    assert "Bearer" not in told


def jalon_waits(jalon):
    return 'jalon_inbox{state="waiting"} 1.0' in requests.get(f"{jalon.url}/metrics", timeout=30).text


@pytest.mark.slow
def test_settings_that_are_wrong_are_named_and_never_shown(hub, tmp_path):
    environment = hub.environment()
    jalon = Watched(tmp_path, environment)
    key = environment["JALON_PRIVATE_KEY"]
    jalon.run("register", "verify", JALON_APP_ID="douze", JALON_DATABASE_URL=f"sqlite:///{tmp_path}/a.db")
    jalon.run("register", "verify", JALON_DATABASE_URL=f"postgresql://jalon:{PASSWORD}@127.0.0.1:1/jalon")
    jalon.run(
        "register", "rebuild", JALON_DATABASE_URL=f"sqlite:///{tmp_path}/b.db", JALON_PRIVATE_KEY=key[:200] + key[300:]
    )
    told = jalon.journal.read_text(encoding="utf-8")
    assert "JALON_APP_ID" in told
    assert leaks(told, secrets_of(hub)) == []


def test_settings_hide_their_secrets_when_printed():
    printed = repr(Settings(1, "cle-privee", ("secret-un",), database_url=f"postgresql://x:{PASSWORD}@y/z"))
    printed += repr(Administration("jeton-admin"))
    assert not [secret for secret in ("cle-privee", "secret-un", PASSWORD, "jeton-admin") if secret in printed]


def test_the_repository_holds_no_key_and_no_token():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [
            (name, "key")
            for _ in re.findall(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\\?n?\s*([A-Za-z0-9+/=\s]{64,})", text)
        ]
        if not name.startswith("tests/"):  # which make some up
            found += [
                (name, "token") for _ in re.findall(r"\b(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_\w{50,})\b", text)
            ]
    assert found == []
