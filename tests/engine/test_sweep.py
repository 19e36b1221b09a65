"""The sweep: whatever was missed or moved by hand is found from afar and put right, and nothing else is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from app.bootstrap import Jalon
from app.cli import main
from app.domain.product.facts import ProductLeft
from app.engine.attempts import attempt
from app.github.client import Client
from app.settings import read_settings
from app.store import recent_writes
from app.turns import departure_turn
from app.turns.wakeup import wake_up
from local_github.state import OtherRepository
from tests.engine.stage import body

pytestmark = pytest.mark.slow  # whole lives and processes: `make long`


@pytest.fixture
def environment(hub, tmp_path):
    return hub.environment() | {"JALON_DATABASE_URL": f"sqlite:///{tmp_path}/jalon.db"}


@pytest.fixture
def jalon(environment):
    one = Jalon(read_settings(environment))
    yield one
    one.database.dispose()


@pytest.fixture
def run(environment, caplog):
    def sweep(*arguments):
        result = CliRunner().invoke(main, ["sweep", *arguments], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    return sweep


@pytest.fixture(autouse=True)
def second_look(monkeypatch):
    """The second look, minutes after the first, is tested where the clock is: here it comes at once."""
    monkeypatch.setattr(departure_turn, "APART", timedelta())
    monkeypatch.setattr(recent_writes, "BRIEF", timedelta())
    monkeypatch.setattr(recent_writes, "MEMORY", timedelta())


def queries(hub):
    found = [call for call in hub.calls if call["path"] == "/graphql" and not call["write"]]
    hub.calls.clear()
    return [call["operation"] for call in found]


def take_turns(jalon, hub):
    """What the worker would do of everything held back."""
    for headers, raw in hub.take_held():
        wake = wake_up(headers["X-GitHub-Event"], json.loads(raw))
        if wake:
            jalon.turns.take(wake, headers["X-GitHub-Delivery"])


def test_what_was_never_delivered_is_found_and_done(hub, run):
    issue = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.world.open_issue("visiteur", "Une question", "Bonjour")
    plan = run("--dry-run")
    assert "dnum/produits#1 SISAC | jamais traitée | 2 faits au registre" in plan
    assert "étiquettes +phase: idée" in plan
    assert "Une question" not in plan
    assert issue.labels == ["produit"]
    assert not issue.comments
    done = run()
    assert "dnum/produits#1 SISAC | jamais traitée | 2 faits au registre" in done
    assert "phase: idée" in issue.labels
    assert len(issue.comments) == 2
    assert "Tout est en ordre" in run()


@pytest.fixture
def filed(hub, jalon):
    issue = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    take_turns(jalon, hub)
    return issue


def departures(jalon):
    return [entry.fact for entry in jalon.register.entries() if isinstance(entry.fact, ProductLeft)]


def test_an_issue_deleted_without_a_word_from_github_is_found_missing(hub, run, jalon, filed):
    assert "Tout est en ordre" in run()
    hub.world.delete_issue("administratrice", filed.number)
    hub.take_held()  # GitHub's word is lost
    assert "dnum/produits#1 SISAC | n’est plus dans le dépôt | 1 fait au registre" in run("--dry-run")
    assert departures(jalon) == []
    assert "dnum/produits#1 SISAC | n’est plus dans le dépôt | 1 fait au registre" in run()
    (left,) = departures(jalon)
    assert (left.how, left.by, left.to) == ("deleted", "", "")
    queries(hub)
    assert "Tout est en ordre" in run()
    assert queries(hub).count("issue_of_node") == 0


@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        (None, [("deleted", "")]),
        (("dnum/archives", 9), [("transferred", "dnum/archives#9")]),
        (("dnum/produits", 1), []),
    ],
    ids=["nowhere", "elsewhere", "where it was"],
)
def test_an_issue_transferred_without_a_word_is_looked_for_by_its_former_id(
    hub, run, jalon, filed, monkeypatch, place, outcome
):
    """The local GitHub forgets that id; whether GitHub leads from it to the new place is not documented."""
    hub.world.others["archives"] = OtherRepository(7, "R_archives", "archives", private=True)
    hub.world.transfer_issue("secretariat", filed.number, "archives")
    hub.take_held()
    if place:
        monkeypatch.setattr(departure_turn, "locate", lambda *_: place)
    run()
    assert [(left.how, left.to) for left in departures(jalon)] == outcome


@pytest.mark.parametrize("lost", ["repository", "label"])
def test_what_jalon_no_longer_sees_has_not_left(hub, run, jalon, filed, lost, monkeypatch):
    """The App taken off the repository, or a label taken off the issue."""
    if lost == "label":
        hub.world.replace_labels("secretariat", filed.number, [])
        hub.take_held()
    else:
        hub.world.delete_issue("administratrice", filed.number)
        hub.take_held()
        monkeypatch.setattr(Client, "repositories", lambda _: ())
    run()
    assert departures(jalon) == []


def test_a_policy_file_broken_and_mended_is_told(hub, run, jalon):
    good = hub.world.files[".github/jalon.yml"]
    hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    take_turns(jalon, hub)
    assert "Règles" not in run()
    hub.world.write_file("secretariat", ".github/jalon.yml", "version: 1\nversion: 1\n")
    assert "Règles de dnum/produits : commentaire publié policy-flawed" in run()
    assert "Règles" not in run()
    assert "Règles" not in run("--issue", "1")
    hub.world.write_file("secretariat", ".github/jalon.yml", good)
    assert "Règles de dnum/produits : commentaire publié policy-mended" in run()
    assert hub.world.issues[2].state == "closed"


def test_a_policy_file_that_was_never_good_is_told_and_nothing_else_is_done(hub, run):
    issue = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    hub.world.files[".github/jalon.yml"] = "version: 1\nversion: 1\n"
    said = run()
    assert "Tout est en ordre" in said
    assert "Règles de dnum/produits : commentaire publié policy-flawed" in said
    assert (issue.labels, issue.comments) == (["produit"], [])
    assert "Aucune version valable" in hub.world.issues[2].body
    del hub.world.files[".github/jalon.yml"]
    assert "Règles" not in run()


def test_rules_withheld_stop_no_sweep(hub, run):
    del hub.world.app.permissions["single_file"]
    assert "Tout est en ordre" in run()


def test_what_a_hand_moved_is_put_back(hub, run, jalon):
    world = hub.world
    issue = world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    take_turns(jalon, hub)
    assert "Tout est en ordre" in run()
    world.remove_label("cheffe-produit", issue.number, "phase: idée")
    card = next(iter(world.cards.values()))
    world.move_card("secretariat", card.id, world.options[2].id)
    world.delete_comment("secretariat", issue.comments[1].id)
    hub.take_held()
    assert "étiquettes +phase: idée ; carte placée en" in run("--dry-run")
    assert "phase: idée" not in issue.labels
    assert "étiquettes +phase: idée ; carte placée en" in run()
    assert "phase: idée" in issue.labels
    assert world.option(card.option).name == world.options[0].name
    assert len(issue.comments) == 2
    assert "Tout est en ordre" in run()


def test_words_whose_event_was_lost_are_answered(hub, run, jalon):
    world = hub.world
    issue = world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    take_turns(jalon, hub)
    comment = world.comment("cheffe-produit", issue.number, "/aide")
    hub.take_held()
    assert "commentaire publié help:" in run()
    world.edit_comment("cheffe-produit", comment.id, "/demande")
    hub.take_held()
    assert "a changé depuis le dernier passage" in run()
    assert "ne peut pas encore être ouvert" in issue.comments[-1].body
    assert "Tout est en ordre" in run()


def test_one_issue_may_be_asked_for(hub, run, jalon):
    for title in ("SISAC", "SILAV"):
        hub.world.open_issue("cheffe-produit", title, body(), ["produit"])
    take_turns(jalon, hub)
    output = run("--issue", "2")
    assert "#2 SILAV | demandé | rien à corriger" in output
    assert "SISAC" not in output


@pytest.mark.slow
def test_a_steady_sweep_costs_a_query_for_fifty_products(hub, run, jalon):
    for number in range(60):
        hub.world.open_issue("cheffe-produit", f"Produit {number}", body(), ["produit"])
    take_turns(jalon, hub)
    queries(hub)
    assert "Tout est en ordre" in run()
    asked = queries(hub)
    assert (asked.count("Glances"), asked.count("Published")) == (2, 1)
    # The board, what was told of the rules, and who bears the logins they name: once.
    assert set(asked) <= {"Boards", "Glances", "Published", "Bearers"}
    assert asked.count("Bearers") <= 1
    hub.world.comment("cheffe-produit", 7, "/aide")
    hub.take_held()
    assert "#7 Produit 6" in run()
    assert sorted(set(queries(hub)) - {"Boards", "Published", "Bearers"}) == ["Glances", "Product"]


def test_a_gate_whose_deadline_has_passed_is_closed(hub, environment):
    now = [datetime.now(UTC)]
    jalon = Jalon(read_settings(environment), lambda: now[0])
    world = hub.world
    world.clock = lambda: now[0]
    issue = world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    world.comment("cheffe-produit", 1, "/coche " + " ".join(map(str, range(1, 15))) + "\n/demande")
    for seat in ("techno", "archi", "communs", "design", "data", "secu"):
        world.comment(seat, 1, "/go")
    take_turns(jalon, hub)
    assert "passage: demandé" in issue.labels
    due = jalon.memory.snapshots.next_due()
    assert due is not None
    assert list(jalon.sweep.stale("dnum/produits")) == []
    now[0] = due + timedelta(seconds=1)
    assert [stale.why for stale in jalon.sweep.stale("dnum/produits")] == ["due"]
    assert jalon.sweep.wake_due() == 1
    assert jalon.sweep.wake_due() == 0
    (name, _), *_ = jalon.inbox.unfinished()
    assert attempt(jalon.inbox, jalon.turns, name) == {"done": True}
    assert "phase: poc" in issue.labels
    assert jalon.memory.snapshots.next_due() is None
    jalon.database.dispose()


def test_a_sweep_gives_a_label_its_name_back_before_it_looks_at_products(hub, run, jalon):
    for number in range(3):
        hub.world.open_issue("cheffe-produit", f"Produit {number}", body(), ["produit"])
    take_turns(jalon, hub)
    hub.world.edit_label("secretariat", "phase: idée", new_name="étape 1")
    hub.take_held()
    assert "Tout est en ordre" in run()
    assert all("phase: idée" in issue.labels for issue in hub.world.issues.values())


def test_a_sweep_asked_for_by_a_turn_is_made_within_seconds(hub, jalon):
    issue = hub.world.open_issue("cheffe-produit", "SISAC", body(), ["produit"])
    take_turns(jalon, hub)
    hub.world.delete_label("secretariat", "phase: idée")
    take_turns(jalon, hub)
    assert "phase: idée" not in issue.labels
    jalon.worker._schedules.tick()
    names = [name for name, _ in jalon.inbox.unfinished() if name.startswith("sweep:")]
    assert [attempt(jalon.inbox, jalon.turns, name) for name in names] == [{"done": True}]
    assert "phase: idée" in issue.labels
    jalon.worker._schedules.tick()
    assert not [name for name, _ in jalon.inbox.unfinished() if name.startswith("sweep:")]
