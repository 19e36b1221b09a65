"""`jalon demo --story`: it holds, it is able to fail, and it says where."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import main, trials
from app.demo.client import AS_READ
from app.demo.run import tell_story
from app.demo.scenario import ScenarioStep
from app.demo.script import FILING, STEPS
from app.demo.seed import seed
from app.demo.stage import COMMAND, Stage
from app.demo.steps import comment_says, labelled, says
from local_github.server import Sandbox
from tests.ports import free_port

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`

MUST_SHOW = (
    "« Le formulaire est complet »",
    "« Il manque quelques réponses »",
    "voici ce que vous pouvez écrire",
    "ne peut pas encore être ouvert. Il reste :",
    "**2 sur 14** points traités",
    "## Passage 1 : Idée → POC",
    "il ne compte pas comme un avis",
    "coût de ce « /go » : 1 lecture, 1 écriture",
    "## Décision : 🟡 go sous réserve – Idée → POC",
    "[réserve 1]",
    "_levée par secu_",
    "## Décision : ⛔ no-go – Idée → MVP",
    "Scellée n°",
    "la même preuve ne tient plus",
    "La carte a été remise dans la colonne de sa phase",
    "l’App est tuée",
    "l’App est redémarrée",
    "Pour : 7 ; contre : 0",
    "aucun commentaire de Jalon en double",
    "Passage ouvert : Idée → POC, demandé le",
    "Le registre est entier.",
    f"Les {len(STEPS)} étapes ont tenu",
)


@pytest.fixture
def stage(tmp_path):
    """A stage on free ports; `made(command…)` chooses what plays the App."""
    hubs = []

    def made(*command, boot=60.0):
        port = free_port()
        hubs.append(Sandbox(seed(), app_url=f"http://127.0.0.1:{port}"))
        hubs[-1].start()
        return Stage(hubs[-1], port, tmp_path, command or COMMAND, boot)

    yield made
    for hub in hubs:
        hub.stop()


def test_the_whole_story_holds_and_prints_every_step():
    command = [sys.executable, "-m", "app", "demo", "--story", "--port", "0", "--github-port", "0"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=280, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = [line.partition(". ")[2] for line in done.stdout.splitlines() if line[:2].strip().isdigit()]
    assert told == [step.told for step in STEPS]
    assert [words for words in MUST_SHOW if words not in done.stdout.translate(AS_READ)] == []


def test_a_step_that_does_not_hold_is_named(stage):
    said = []
    product = FILING[0].product
    broken = ScenarioStep(
        "Le visiteur fait passer SILAV en MVP.", product, says("visiteur", product, "/go"), (labelled("phase: mvp"),)
    )
    assert tell_story(stage(), said.append, (FILING[0], broken), patience=4) == 1
    assert "l’étape 2 n’a pas tenu, « Le visiteur fait passer SILAV en MVP. »" in said[-1].translate(AS_READ)
    assert (
        "étiquette « phase: mvp ». GitHub montre : phase: idée, produit, type: nouveau produit ; carte : Idée."
        in said[-1].translate(AS_READ)
    )


def test_an_act_that_github_refuses_is_told(stage):
    said = []
    bad = ScenarioStep(
        "Une inconnue lit les issues.", "SILAV", lambda scene: scene.hub.rest("inconnue", "GET", "/issues"), ()
    )
    assert tell_story(stage(), said.append, (bad,), patience=1) == 1
    assert "l’étape 1 n’a pas tenu" in said[-1]
    assert "GitHub répond 401 à inconnue" in said[-1]


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "raise SystemExit(3)"], ids=["silent", "stops"])
def test_an_app_that_does_not_answer_is_told(stage, code):
    said = []
    assert tell_story(stage(sys.executable, "-c", code, boot=1.0), said.append) == 1
    assert "l’App ne répond pas" in said[-1]


def test_a_wish_is_never_taken_for_a_sight(stage):
    """The sights themselves can be false."""
    said = []
    wrong = ScenarioStep(
        FILING[0].told, FILING[0].product, FILING[0].act, (comment_says("ce que Jalon ne dit jamais"),)
    )
    assert tell_story(stage(), said.append, (wrong,), patience=2) == 1


@pytest.mark.parametrize("outcome", [0, 1])
def test_the_command_leaves_with_what_the_story_says(monkeypatch, outcome):
    monkeypatch.setattr(trials, "tell_story", lambda stage, say: outcome)
    assert CliRunner().invoke(main, ["demo", "--story", "--port", "0", "--github-port", "0"]).exit_code == outcome


@pytest.mark.parametrize("option", ["--port", "--github-port"])
def test_a_port_taken_is_told_in_one_sentence(option):
    other = {"--port": "--github-port", "--github-port": "--port"}[option]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["demo", "--story", option, port, other, "0"])
    assert done.exit_code == 1
    assert done.output == f"Error: le port {port} est déjà pris ou réservé : donnez-en un autre avec {option}\n"
