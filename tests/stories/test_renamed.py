"""Names that change while a gate is open: a repository's, an organisation's, the App's. Nothing is lost, or doubled."""

from __future__ import annotations

import pytest

from app.domain.product.facts import GateDecided
from app.reports.portfolio_cache import PortfolioCache
from app.reports.sources import from_register
from app.store.places import Places
from app.turns.wakeup import ProductWakeUp
from tests.engine.stage import until
from tests.stage import ALL, SEATS, form_body

pytestmark = pytest.mark.slow

HALF = SEATS[:3]
RENAMES = {
    "repository": (lambda world: world.rename_repository("administratrice", "projets"), "dnum/projets"),
    "organisation": (lambda world: world.rename_organisation("administratrice", "numerique"), "numerique/produits"),
}


def opened(stage):
    number = stage.filed(ready=True)
    stage.says("cheffe-produit", number, "/demande")
    for login in HALF:
        stage.says(login, number, "/go")
    return number


def subscribed(stage):
    stage.world.app.events += ["repository", "organization"]


def titles(stage, repository):
    return [product.title for product in from_register(stage.register, repository)]


def finished(stage, number, name):
    """The rest of the committee votes; the decision shows, once, and every report is under the new name."""
    for login in SEATS[3:]:
        stage.says(login, number, "/go")
    assert "phase: poc" in stage.labels(number)
    assert stage.column(number) == "POC"
    assert sum("## Décision" in body for body in stage.said(number)) == 1
    assert len([one for one in stage.register.entries() if isinstance(one.fact, GateDecided)]) == 1
    assert stage.nothing_left_to_do(number)
    assert stage.register.repositories() == (name,)
    assert titles(stage, name) == ["SILAV"]
    assert {title for other in {"dnum/produits"} - {name} for title in titles(stage, other)} == set()
    assert stage.register.verify() == []


@pytest.mark.parametrize(("rename", "name"), RENAMES.values(), ids=RENAMES)
@pytest.mark.parametrize("is_told", [True, False], ids=["told", "event lost"])
def test_a_gate_goes_on_under_another_name(stage, rename, name, is_told):
    if is_told:
        subscribed(stage)
    number = opened(stage)
    shelf = PortfolioCache(stage.register, clock=lambda: stage.now.timestamp())  # noqa: PLW0108 - the moment changes
    assert shelf.repositories() == ("dnum/produits",)
    rename(stage.world)
    if not is_told:
        stage.hub.take_held()
    stage.settle()
    finished(stage, number, name)
    stage.passes(5)
    assert shelf.repositories() == (name,)
    assert next(stage.register.entries()).recorded == "dnum/produits"
    assert len(stage.world.boards) == 1


@pytest.mark.parametrize(("rename", "name"), RENAMES.values(), ids=RENAMES)
def test_what_is_kept_by_name_follows(stage, rename, name):
    subscribed(stage)
    number = opened(stage)
    stage.notes.set("reminders began in dnum/produits", "2026-11-02")
    stage.notes.set("sweep asked", "dnum/autre dnum/produits")
    stage.troubles.note("board", "dnum/produits", "refused")
    said = len(stage.said(number))
    rename(stage.world)
    stage.settle()
    assert len(stage.said(number)) == said
    assert stage.notes.get(f"reminders began in {name}") == "2026-11-02"
    assert name in stage.notes.get("sweep asked").split()
    assert stage.policy_store.good(name) is not None
    assert stage.policy_store.good("dnum/produits") is None
    assert [(one.kind, one.subject) for one in stage.troubles.told()] == [("board", name)]
    finished(stage, number, name)


def test_a_turn_asked_for_under_the_former_name(stage):
    """As those that waited while the name changed."""
    number = opened(stage)
    product = stage.world.issues[number].node_id
    stage.world.rename_repository("administratrice", "projets")
    stage.hub.take_held()
    stage.take(ProductWakeUp(product, "dnum/produits", number), "sweep")
    assert stage.register.repositories() == ("dnum/projets",)
    finished(stage, number, "dnum/projets")


def test_a_name_that_another_repository_took(stage):
    """The event was lost, and the former name is another's: the numbers tell which is which."""
    number = opened(stage)
    places = Places(stage.database)
    places.listed({1: "dnum/produits"})
    stage.world.rename_repository("administratrice", "projets")
    stage.hub.take_held()
    places.listed({1: "dnum/projets", 2: "dnum/produits"})
    assert stage.register.repositories() == ("dnum/projets",)
    assert not places.renamed("dnum/produits", "dnum/projets", 1), "told late, of a name that is another's"
    assert not places.renamed("dnum/produits", "dnum/produits", 2)
    finished(stage, number, "dnum/projets")


def test_renamed_twice_and_told_in_the_other_order(stage):
    subscribed(stage)
    number = opened(stage)
    stage.world.rename_repository("administratrice", "projets")
    first = stage.hub.take_held()
    stage.world.rename_repository("administratrice", "portefeuille")
    second = stage.hub.take_held()
    for headers, body in (*second, *first):
        stage.hear(headers, body)
    finished(stage, number, "dnum/portefeuille")


def test_the_app_has_another_name(stage):
    """Its own acts stay its own, by the number of its account; another that takes its former name is nobody."""
    number = opened(stage)
    former = stage.world.bot
    stage.world.rename_app("administratrice", "comite-produit-dnum")
    stage.world.comment("visiteur", number, "/aide")
    taken = stage.settle()
    assert [outcome.ignored for outcome in taken[1:]] == ["our own act"] * (len(taken) - 1)
    assert not stage.client.is_own(former, 4_242)
    assert stage.client.bot == "comite-produit-dnum[bot]"
    finished(stage, number, "dnum/produits")


def test_a_repository_goes_to_another_organisation_while_a_gate_is_open(stage):
    """Its team and its board stay behind: the electorate was frozen, and the votes that lack are counted there."""
    subscribed(stage)
    number = opened(stage)
    said = len(stage.said(number))
    stage.world.transfer_repository("administratrice", "numerique")
    stage.settle()
    assert stage.register.repositories() == ("numerique/produits",)
    assert len(stage.said(number)) == said
    for login in SEATS[3:]:
        stage.says(login, number, "/go")
    assert "phase: poc" in stage.labels(number)
    assert sum("## Décision" in body for body in stage.said(number)) == 1
    assert titles(stage, "numerique/produits") == ["SILAV"]
    assert titles(stage, "dnum/produits") == []
    assert stage.register.verify() == []
    # No other gate opens as long as nobody there is known to sit.
    stage.says("cheffe-produit", number, f"/coche {ALL}\n/demande mvp")
    assert "passage: demandé" not in stage.labels(number)


def wait_for(stage, number, label):
    stage.settle()
    assert label in stage.hub.world.issues[number].labels


@pytest.mark.parametrize(("rename", "name"), RENAMES.values(), ids=RENAMES)
def test_what_people_see_follows_a_rename_told_by_webhook(own_process, rename, name):
    """The App as a process of its own: GitHub tells it the new name as it tells everything else."""
    stage, world = own_process, own_process.hub.world
    world.app.events += ["repository", "organization"]
    number = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"]).number
    wait_for(stage, number, "phase: idée")
    world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
    wait_for(stage, number, "passage: demandé")
    for login in HALF:
        world.comment(login, number, "/go")
    stage.settle()
    rename(world)
    stage.settle()
    for login in SEATS[3:]:
        world.comment(login, number, "/go")
    wait_for(stage, number, "phase: poc")
    said = [comment.body for comment in world.issues[number].comments if comment.author == world.bot]
    assert sum("## Décision" in body for body in said) == 1
    assert len(world.boards) == 1
    until(lambda: f"{name}/{number}" in stage.page())  # a page may be some seconds old
    page = stage.page()
    assert "SILAV" in page
    assert "dnum/produits/" not in page
    assert "SILAV" in stage.jalon("digest")
    assert "SILAV" in stage.jalon("explain", str(number))
    assert "[]" not in stage.jalon("register", "verify")
    exported = stage.jalon("register", "export")
    assert name in exported


def test_an_app_renamed_while_it_runs_goes_on(own_process):
    """GitHub tells an App nothing of its own name: its events come from another login, whose number is the same."""
    stage, world = own_process, own_process.hub.world
    number = world.open_issue("cheffe-produit", "SILAV", form_body(), ["produit"]).number
    wait_for(stage, number, "phase: idée")
    world.comment("cheffe-produit", number, f"/coche {ALL}\n/demande")
    wait_for(stage, number, "passage: demandé")
    for login in HALF:
        world.comment(login, number, "/go")
    stage.settle()
    former = world.bot
    world.rename_app("administratrice", "comite-produit-dnum")
    assert world.bot != former
    for login in SEATS[3:]:
        world.comment(login, number, "/go")
    wait_for(stage, number, "phase: poc")
    said = [comment.body for comment in world.issues[number].comments if comment.author == world.bot]
    assert sum("## Décision" in body for body in said) == 1
    assert sum(body.startswith("## Passage") for body in said) == 1
    assert not [comment for comment in world.issues[number].comments if comment.author == former]
    assert "SILAV" in stage.jalon("digest", "--from-github")
