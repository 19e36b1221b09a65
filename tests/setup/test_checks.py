"""The live test of an installation, on rights granted by choice and on a policy file that cannot be read."""

from __future__ import annotations

import pytest

from app.demo.seed import seed
from app.github.budget import Budget
from app.github.client import Client
from app.github.policies import PATH
from app.settings import read_settings
from app.setup.checks import Checks, met
from app.store.troubles import Trouble
from local_github import payloads
from local_github.server import Sandbox


@pytest.fixture
def hub():
    running = Sandbox(seed(), port=0)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def checked(hub):
    def run():
        settings = read_settings(hub.environment())
        checks = Checks(Client(settings, Budget(foresees=False)), settings.api_url).run()
        return {check.name: check for check in checks}

    return run


@pytest.mark.parametrize(
    ("more", "events", "told", "state"),
    [
        ({}, [], "accordées.", "ok"),
        ({"contents": "read"}, [], "par choix, pour les erreurs des règles : contents.", "attente"),
        ({"contents": "read", "pull_requests": "read"}, ["push"], "contents, pull_requests.", "ok"),
        ({"pull_requests": "write"}, [], "pull_requests.", "ok"),
        ({"contents": "write"}, ["push"], "En trop, à retirer si vous le pouvez : contents.", "ok"),
    ],
)
def test_rights_granted_by_choice(hub, checked, more, events, told, state):
    hub.world.app.permissions = hub.world.app.permissions | more
    hub.world.app.events = [*hub.world.app.events, *events]
    found = checked()
    assert found["Permissions de l’App"].state == "ok"
    assert found["Permissions de l’App"].found.endswith(told)
    assert found["Abonnements"].state == state
    assert ("push" in found["Abonnements"].found) == (state == "attente")


def test_rules_withheld(hub, checked):
    hub.world.app.permissions = {
        name: level for name, level in hub.world.app.permissions.items() if name != "single_file"
    }
    told = checked()["Règles"]
    assert (told.state, "n’a pas le droit de lire" in told.found, "Single file" in told.mend) == ("ko", True, True)


def test_rules_absent(hub, checked):
    hub.world.files.pop(PATH)
    assert checked()["Règles"].found == f"Aucun fichier {PATH} dans dnum/produits."


def test_rules_behind_an_outage(hub, checked):
    hub.faults.add({"kind": "error-before", "match": "contents", "status": 503})
    assert checked()["Règles"].found == f"GitHub n’a pas donné {PATH}."


def test_rules_with_an_error(hub, checked):
    hub.world.files[PATH] = "version: 1\nversion: 1\n"
    told = checked()["Règles de dnum/produits"]
    assert (told.state, "ligne 2, colonne 1" in told.found or "ligne 1, colonne 1" in told.found) == ("ko", True)


def test_what_is_met_is_told_with_githubs_sentence():
    (one, other) = met([Trouble("board", "dnum/produits", "The board is full", 0), Trouble("clock", "", "", 0)])
    assert (one.name, one.state) == ("Incident (dnum/produits)", "ko")
    assert "« The board is full »" in one.found
    assert "jalon setup" in one.mend
    assert "GitHub dit" not in other.found


def test_the_name_that_workflows_believe_is_shown(hub, checked):
    assert f"« {hub.world.app.slug} »" in checked()["Nom de l’App pour les automatismes"].found


@pytest.fixture
def on_an_enterprise(monkeypatch):
    real = payloads.installation
    account = {"id": 5, "slug": "ministere", "name": "Ministère"}
    monkeypatch.setattr(payloads, "installation", lambda world: {**real(world), "account": account})


@pytest.mark.usefixtures("on_an_enterprise")
def test_an_enterprise_has_no_login_and_no_product(hub, checked):
    found = checked()["Installation"]
    assert (found.state, "entreprise" in found.found, "organisation" in found.mend) == ("ko", True, True)
    assert Client(read_settings(hub.environment()), Budget(foresees=False)).repositories() == ()


@pytest.mark.slow
def test_the_board_that_the_rules_name_is_the_one_checked(hub, checked):
    rules = hub.world.files[PATH]
    hub.world.files[PATH] = f"{rules}\nboard: {hub.world.board_number}\n"
    usual = checked()["Tableau de dnum/produits"]
    assert usual.found.startswith(f"Tableau {hub.world.board_number}")
    hub.world.files[PATH] = f"{rules}\nboard: 99\n"
    assert checked()["Tableau de dnum/produits"].state == "ko"


def test_a_common_part_is_named_and_its_fault_told_in_its_file(hub, checked):
    own, mark, rest = hub.world.files[PATH].partition("\naspects:")
    hub.world.app.permissions = hub.world.app.permissions | {"contents": "read"}
    common = ".github/jalon-commun.yml"
    hub.world.write_file("secretariat", PATH, f"extends: {common}\n{own}\n")
    assert "n’existe pas" in checked()["Règles de dnum/produits"].found
    hub.world.write_file("secretariat", common, mark + rest)
    right = checked()["Règles de dnum/produits"]
    assert right.state == "ok"
    assert f"dnum/produits/{common}" in right.found
    hub.world.write_file("secretariat", common, (mark + rest).replace('card: "MVP"', "card: [MVP]"))
    wrong = checked()["Règles de dnum/produits"]
    assert wrong.state == "ko"
    assert f"de dnum/produits/{common} (phases[3].card)" in wrong.found
