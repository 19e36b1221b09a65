"""The register lost, then rebuilt from what GitHub shows; and a product that cannot be is left alone."""

import json
from datetime import UTC, datetime

import pytest

from app.cli.register import explain_loss
from app.domain.product.facts import to_json
from app.engine import open_database
from app.github.client import Client
from app.github.policies import Policies
from app.github.read import every_issue
from app.settings import read_settings
from app.shipped_files import default_policy
from app.store.register import Register
from app.turns.outcome import LostHistoryError
from app.turns.product_turn import ProductTurn
from app.turns.wakeup import wake_up

pytestmark = pytest.mark.slow

ALL = " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


@pytest.fixture
def jalon(hub, tmp_path):
    """Makes a Jalon with a register of its own, empty at first."""
    opened = []

    def make(name):
        client = Client(read_settings(hub.environment()))
        opened.append(open_database(f"sqlite:///{tmp_path}/{name}.db"))
        register = Register(opened[-1])
        return client, register, ProductTurn(client, Policies(client), register, lambda: datetime.now(UTC), lambda _: 1)

    yield make
    for database in opened:
        database.dispose()


def settle(hub, turns):
    for headers, body in hub.take_held():
        wake = wake_up(headers["X-GitHub-Event"], json.loads(body))
        if wake:
            turns.take(wake, headers["X-GitHub-Delivery"])


def exported(register):
    return [
        (entry.repository, entry.number, entry.seq, entry.digest, to_json(entry.fact)) for entry in register.entries()
    ]


@pytest.fixture
def lived(hub, jalon):
    """Two products with a history, one of them closed, and the register that holds it."""
    _, register, turns = jalon("first")
    world = hub.world
    body = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)
    for title in ("SISAC", "VRB"):
        number = world.open_issue("cheffe-produit", title, body, ["produit"]).number
        world.comment("visiteur", number, "/go\n\n/aide")
        world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
        settle(hub, turns)
        for login in SEATS:
            world.comment(login, number, "/go sous réserve\n- relire" if login == "secu" else "/go")
        settle(hub, turns)
        world.comment("secretariat", number, "/levée 1 fait")
        settle(hub, turns)
    world.edit_issue("secretariat", 2, state="closed")
    hub.take_held()
    return register


def test_a_lost_register_is_rebuilt_identical(hub, jalon, lived):
    client, register, turns = jalon("second")
    for _, number in every_issue(client, "dnum/produits"):
        assert turns.rebuild("dnum/produits", number) > 10
        assert turns.rebuild("dnum/produits", number) == 0
    assert exported(register) == exported(lived)
    assert register.verify() == []
    assert turns.plan("dnum/produits", 1)[1] == ()


def test_the_next_turn_of_a_product_takes_its_history_back(hub, jalon, lived):
    _, register, turns = jalon("second")
    hub.world.comment("cheffe-produit", 1, "/aide")
    settle(hub, turns)
    before = [fact for fact in exported(lived) if fact[1] == 1]
    assert exported(register)[: len(before)] == before
    assert "phase: poc" in hub.world.issues[1].labels


def test_a_register_restored_from_an_older_copy_takes_back_what_came_after(hub, jalon, lived):
    """Each length of its history could be the last thing a back-up had seen."""
    before = [entry for entry in lived.entries() if entry.number == 1]
    hub.world.comment("cheffe-produit", 1, "/aide")
    [(headers, body)] = hub.take_held()[:1]
    written = len(hub.world.issues[1].comments)
    for kept in (1, 2, len(before) // 2, len(before) - 1):
        _, register, turns = jalon(f"copy-{kept}")
        facts = tuple(entry.fact for entry in before[:kept])
        register.append(before[0].product, ("dnum/produits", 1), 0, facts, "copy")
        turns.take(wake_up(headers["X-GitHub-Event"], json.loads(body)), "late")
        assert exported(register)[: len(before)] == [fact for fact in exported(lived) if fact[1] == 1]
        assert register.verify() == []
        assert "phase: poc" in hub.world.issues[1].labels
        assert len(hub.world.issues[1].comments) == written + 1
        hub.take_held()


def test_a_history_with_a_hole_is_never_begun_again(hub, jalon, lived):
    _, register, turns = jalon("second")
    world = hub.world
    welcome = next(c for c in world.issues[1].comments if c.author == world.bot and "Bonjour" in c.body)
    world.delete_comment("secretariat", welcome.id)
    with pytest.raises(LostHistoryError) as error:
        turns.rebuild("dnum/produits", 1)
    assert exported(register) == []
    assert "il manque le fait n° 1" in explain_loss("dnum/produits", 1, error.value.flaws)
    with pytest.raises(LostHistoryError):
        settle(hub, turns)
    assert "phase: poc" in world.issues[1].labels


def test_the_app_knows_its_repositories(jalon):
    assert jalon("any")[0].repositories() == ("dnum/produits",)
