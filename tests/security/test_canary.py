"""People's words are nobody's else: whatever fails on them, they are in no journal, no figure, no error, no outcome."""

from __future__ import annotations

import json
import logging

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.decide import decide
from app.domain.product import imported
from app.engine.attempts import BUGS, attempt
from app.engine.pulse import Pulse
from app.github.client import Client
from app.github.errors import RefusalError
from app.logs import JsonLines, TextLines
from app.settings import read_settings
from app.web import create_app
from tests.engine.stage import body
from tests.engine.test_catchup import stage  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow

CANARY = "canari-8c1f-mot-de-passe"
"""What somebody may have pasted anywhere: no such word may come out."""
WORDS = f"Le code du coffre est {CANARY} "


@pytest.fixture
def journal(caplog):
    """All that the process would have written, in both shapes."""
    caplog.set_level(logging.INFO)

    def told():
        shapes = JsonLines(()), TextLines(())
        return "\n".join(shape.format(record) for record in caplog.records for shape in shapes)

    return told


@pytest.fixture
def filed(stage):  # noqa: F811
    """The canary in the title, in the form, in a comment, in a reason, under a command, in the policy."""
    hub, _, jalon = stage
    form = body().replace("Une réponse", WORDS, 1)
    hub.world.open_issue("cheffe-produit", WORDS, form, ["produit"])
    hub.wait_delivered()
    handle(jalon)
    hub.world.comment("visiteur", 1, f"/nogo {WORDS}\n/inconnu {WORDS}\n/aide")
    hub.world.comment("cheffe-produit", 1, f"/na 1 {WORDS}\n/coche {CANARY}\n/coché 3 {WORDS}")
    hub.world.comment("secretariat", 1, f"/décision peut-être\n{WORDS}\nprésents : {CANARY}")
    hub.wait_delivered()
    return hub, jalon


def handle(jalon, times=1):
    for delivery, _ in jalon.inbox.unfinished():
        for _ in range(times):
            attempt(jalon.inbox, jalon.turns, delivery)


def quoting(*_args, **_more):
    """As so many errors do, it quotes what it failed on."""
    return int(f"{WORDS}{CANARY}")


def refusing(*_args, **_more):
    data = {"message": "Validation Failed", "errors": [{"field": "body", "value": WORDS}]}
    raise RefusalError(422, data)


FAILURES = {
    "nothing": lambda _patch: None,
    "a bug in the rules": lambda patch: patch.setattr(decide, "answer_all", quoting),
    "a bug of the turn": lambda patch: patch.setattr("app.turns.product_turn.answer_all", quoting),
    "a bug of the reader": lambda patch: patch.setattr("app.domain.decide.comment_commands.parse", quoting),
    "a bug in the templates": lambda patch: patch.setattr("app.github.markers.marked_body", quoting),
    "a bug in what is shown": lambda patch: patch.setattr("app.turns.product_turn.reconcile", quoting),
    "a refusal of GitHub": lambda patch: patch.setattr(Client, "rest", refusing),
    "a refusal of a reading": lambda patch: patch.setattr(Client, "graphql", refusing),
}


@pytest.mark.parametrize("what", FAILURES)
def test_no_failure_tells_the_words_it_failed_on(filed, journal, monkeypatch, what):
    hub, jalon = filed
    with monkeypatch.context() as patch:
        FAILURES[what](patch)
        handle(jalon, BUGS + 1)
    kept = [jalon.inbox.read(one.delivery).outcome for one in jalon.inbox.parked()]
    if what.startswith("a bug of the turn"):
        assert kept
        assert all("ValueError (app/" in outcome for outcome in kept)
    app = create_app(read_settings(hub.environment()), jalon.inbox, jalon.register, jalon.worker, None, Pulse())
    client = app.test_client()
    figures = client.get("/metrics").text + client.get("/readyz").text
    told = [*kept, *(one.why for one in jalon.inbox.parked()), figures, journal()]
    told += [one.detail + one.subject for one in jalon.troubles.told()]
    assert not [text for text in told if CANARY in text]


def test_no_rules_file_is_told_in_the_journal(filed, journal):
    hub, jalon = filed
    hub.world.write_file("secretariat", ".github/jalon.yml", f"version: [{CANARY}")
    hub.wait_delivered()
    handle(jalon)
    hub.world.write_file("secretariat", ".github/jalon.yml", f"version: 1\n{CANARY}: {CANARY}\n")
    hub.wait_delivered()
    handle(jalon)
    jalon.sweep.read_rules(anew=True)
    handle(jalon)
    assert CANARY not in journal()


def test_no_record_of_an_import_is_told_in_the_journal(filed, journal):
    hub, jalon = filed
    mark = f"<!-- jalon:import v1 key={CANARY} record={CANARY} -->"
    hub.world.open_issue("visiteur", WORDS, mark, ["produit"])
    hub.world.open_issue(hub.world.bot, WORDS, mark, ["produit"])
    hub.wait_delivered()
    handle(jalon, BUGS + 1)
    assert imported.key_in(mark) is None
    assert CANARY not in journal()


@pytest.mark.parametrize("field", ["title", "body", "number", "node_id", "labels", "user", "state"])
def test_no_delivery_ill_made_is_told(filed, journal, field):
    """Signed, and of no shape that GitHub sends."""
    _, jalon = filed
    issue = {"number": 1, "node_id": "I_1", "title": "a", "body": "b", "labels": [], "state": "open", "user": {}}
    payload = {"action": "edited", "issue": issue | {field: CANARY}, "sender": {"login": "x", "id": 1, "type": "User"}}
    payload["repository"] = {"full_name": "dnum/produits", "id": 1, "node_id": "R", "owner": {"login": "dnum"}}
    jalon.inbox.store(f"mal-{field}", "issues", "I_x", json.dumps(payload).encode())
    attempt(jalon.inbox, jalon.turns, f"mal-{field}")
    stored = jalon.inbox.read(f"mal-{field}")
    assert CANARY not in stored.outcome
    assert CANARY not in journal()


def test_no_command_tells_it_when_it_fails(filed, journal, monkeypatch):
    hub, jalon = filed
    handle(jalon)
    for name, value in (hub.environment() | {"JALON_DATABASE_URL": str(jalon.database.url)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.turns.product_turn.reconcile", quoting)
    monkeypatch.setattr("app.domain.product.history_in_comments.completed", quoting)
    for words in (["sweep", "--dry-run", "--issue", "1"], ["register", "rebuild"], ["register", "verify", "--github"]):
        done = CliRunner().invoke(main, words)
        told = "".join(line for line in done.output.splitlines() if not line.startswith("| dnum/produits#1 "))
        assert CANARY not in told
    assert CANARY not in journal()


def test_a_bug_is_still_told_with_its_stacks(journal):
    def reader():
        quoting()

    try:
        try:
            reader()
        except ValueError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        logging.getLogger("app.test").exception("it failed")
    told = journal()
    assert "in reader" in told
    assert "ValueError" in told
    assert "which led to:" in told
    assert "RuntimeError" in told
    assert CANARY not in told
