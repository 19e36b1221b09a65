"""The main job through the local GitHub: filed, refused, checked, requested, voted, moved; entered by webhook."""

import json
from datetime import UTC, datetime

import pytest

from app.assets import default_policy
from app.deliveries import wake_up
from app.demo import seed
from app.engine import open_database
from app.github.client import Client
from app.github.policies import Policies
from app.register import Register
from app.sandbox.server import Sandbox
from app.settings import read_settings
from app.turn import Turns


@pytest.fixture
def stage(tmp_path):
    hub = Sandbox(seed(), port=0)
    hub.hold = True
    hub.start()
    settings = read_settings(hub.environment())
    client = Client(settings)
    database = open_database(f"sqlite:///{tmp_path}/jalon.db")
    register = Register(database)
    turns = Turns(client, Policies(client), register, lambda: datetime.now(UTC), 1)

    def settle():
        for headers, body in hub.take_held():
            wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
            if wake:
                turns.take(wake, headers["X-GitHub-Delivery"])

    yield hub, settle, register, turns
    hub.stop()
    database.dispose()


def form_body():
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)


def test_a_product_goes_from_idea_to_poc(stage):
    hub, settle, register, turns = stage
    world = hub.world
    issue = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"])
    settle()
    assert "phase: idée" in world.issues[issue.number].labels
    assert len(world.cards) == 1
    assert len(world.issues[issue.number].comments) == 2

    world.comment("cheffe-produit", issue.number, "/demande")
    settle()
    assert "ne peut pas encore être ouvert" in world.issues[issue.number].comments[-1].body

    world.comment("cheffe-produit", issue.number, "/coche " + " ".join(str(n) for n in range(1, 15)))
    world.comment("cheffe-produit", issue.number, "/demande")
    settle()
    assert "passage: demandé" in world.issues[issue.number].labels

    world.comment("visiteur", issue.number, "/go")
    settle()
    assert "ne compte pas comme un avis" in world.issues[issue.number].comments[-1].body

    for login in ("techno", "archi", "communs", "design", "data", "secu", "transfo"):
        world.comment(login, issue.number, "/go")
    settle()
    shown = world.issues[issue.number]
    assert "phase: poc" in shown.labels
    assert "phase: idée" not in shown.labels
    bodies = [comment.body for comment in shown.comments if comment.author == "jalon[bot]"]
    assert sum("## Décision" in body for body in bodies) == 1
    assert register.verify() == []
    _, effects = turns.plan("dnum/produits", issue.number)
    assert effects == ()


def test_one_go_costs_one_read(stage):
    hub, settle, _, _ = stage
    world = hub.world
    issue = world.open_issue("cheffe-produit", "VRB", form_body(), ["produit"])
    world.comment("cheffe-produit", issue.number, "/coche " + " ".join(str(n) for n in range(1, 15)) + "\n/demande")
    settle()
    hub.take_held()
    hub.calls.clear()
    world.comment("techno", issue.number, "/go")
    settle()
    reads = [call for call in hub.calls if not call["write"]]
    writes = [call for call in hub.calls if call["write"]]
    assert len(reads) == 1
    assert len(writes) == 2  # the gate's table, and the nod to the comment
