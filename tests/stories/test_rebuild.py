"""The register lost, then rebuilt from what GitHub shows; and a product that cannot be is left alone."""

import pytest

from app.cli.register import explain_loss
from app.domain.product.fact_json import to_json
from app.github.read import every_issue
from app.shipped_files import default_policy
from app.turns.outcome import LostHistoryError
from tests.stage import Stage

pytestmark = pytest.mark.slow

ALL = " ".join(str(number) for number in range(1, 15))
SEATS = ("techno", "archi", "communs", "design", "data", "secu", "transfo")


@pytest.fixture
def jalon(hub, tmp_path):
    """Makes a Jalon with a register of its own, empty at first."""
    opened = []

    def make(name):
        opened.append(Stage(hub, f"sqlite:///{tmp_path}/{name}.db"))
        return opened[-1]

    yield make
    for one in opened:
        one.database.dispose()


def exported(register):
    return [
        (entry.repository, entry.number, entry.seq, entry.digest, to_json(entry.fact)) for entry in register.entries()
    ]


@pytest.fixture
def lived(hub, jalon):
    """Two products with a history, one of them closed, and the register that holds it."""
    first, world = jalon("first"), hub.world
    body = "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)
    for title in ("SISAC", "VRB"):
        number = world.open_issue("cheffe-produit", title, body, ["produit"]).number
        world.comment("visiteur", number, "/go\n\n/aide")
        world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
        first.settle()
        for login in SEATS:
            world.comment(login, number, "/go sous réserve\n- relire" if login == "secu" else "/go")
        first.settle()
        world.comment("secretariat", number, "/levée 1 fait")
        first.settle()
    world.edit_issue("secretariat", 2, state="closed")
    hub.take_held()
    return first.register


def test_a_lost_register_is_rebuilt_identical(hub, jalon, lived):
    second = jalon("second")
    register, turns = second.register, second.product_turn
    for _, number in every_issue(second.client, "dnum/produits"):
        assert turns.rebuild("dnum/produits", number) > 10
        assert turns.rebuild("dnum/produits", number) == 0
    assert exported(register) == exported(lived)
    assert register.verify() == []
    assert turns.plan("dnum/produits", 1).effects == ()


def test_the_next_turn_of_a_product_takes_its_history_back(hub, jalon, lived):
    second = jalon("second")
    hub.world.comment("cheffe-produit", 1, "/aide")
    second.settle()
    before = [fact for fact in exported(lived) if fact[1] == 1]
    assert exported(second.register)[: len(before)] == before
    assert "phase: poc" in hub.world.issues[1].labels


def test_a_register_restored_from_an_older_copy_takes_back_what_came_after(hub, jalon, lived):
    """Each length of its history could be the last thing a back-up had seen."""
    before = [entry for entry in lived.entries() if entry.number == 1]
    hub.world.comment("cheffe-produit", 1, "/aide")
    [(headers, body)] = hub.take_held()[:1]
    written = len(hub.world.issues[1].comments)
    for kept in (1, 2, len(before) // 2, len(before) - 1):
        copy = jalon(f"copy-{kept}")
        register = copy.register
        facts = tuple(entry.fact for entry in before[:kept])
        register.append(before[0].product, ("dnum/produits", 1), 0, facts, "copy")
        copy.hear(headers, body)
        assert exported(register)[: len(before)] == [fact for fact in exported(lived) if fact[1] == 1]
        assert register.verify() == []
        assert "phase: poc" in hub.world.issues[1].labels
        assert len(hub.world.issues[1].comments) == written + 1
        hub.take_held()


def test_a_history_with_a_hole_is_never_begun_again(hub, jalon, lived):
    second, world = jalon("second"), hub.world
    welcome = next(c for c in world.issues[1].comments if c.author == world.bot and "Bonjour" in c.body)
    world.delete_comment("secretariat", welcome.id)
    with pytest.raises(LostHistoryError) as error:
        second.product_turn.rebuild("dnum/produits", 1)
    assert exported(second.register) == []
    assert "il manque le fait n° 1" in explain_loss("dnum/produits", 1, error.value.flaws)
    with pytest.raises(LostHistoryError):
        second.settle()
    assert "phase: poc" in world.issues[1].labels


def test_the_app_knows_its_repositories(jalon):
    assert jalon("any").client.repositories() == ("dnum/produits",)
