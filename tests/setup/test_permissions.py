"""Without the rights: each missing permission is named, with where to grant it; what can be done is done."""

import re

import pytest
from click.testing import CliRunner

from app.cli import main
from app.github.administrator import Administrator
from app.github.client import NotFoundError
from app.github.errors import RefusalError
from app.github.hosts import web_base
from app.settings import SettingsError, read_administration
from app.setup.install import CannotStartError
from tests.setup.conftest import ADMIN


def silent(_line):
    """Progress nobody looks at."""


def reasons(made):
    with pytest.raises(CannotStartError) as caught:
        made.plan()
    return caught.value.reasons


def test_scopes_that_a_classic_token_lacks_are_all_named(installation):
    told = reasons(installation(f"sandbox-{ADMIN}:repo,admin:org"))
    assert ["« project »" in told[0], "« workflow »" in told[1], len(told)] == [True, True, 2]
    assert all("/settings/tokens" in line for line in told)
    assert installation(f"sandbox-{ADMIN}:repo,project,workflow,write:org").plan()[0].changes


def test_a_token_that_is_no_longer_good(installation):
    (told,) = reasons(installation("sandbox-personne"))
    assert "GitHub refuse ce jeton" in told


def test_a_repository_that_is_not_there(installation):
    (told,) = reasons(installation(repository="autre"))
    assert "Le dépôt dnum/autre n’existe pas" in told


def test_what_a_role_does_not_allow_is_told_and_the_rest_is_done(hub, installation):
    report = installation("sandbox-cheffe-produit").run(silent)
    assert {change.where for change in report.done} == {"tableau", "champ", "vue"}
    why = {refusal.why for refusal in report.refused.values()}
    assert any("« Issues » en lecture et écriture" in line for line in why)
    assert any("« Contents »" in line and "« Workflows »" in line for line in why)
    assert installation().run(silent).refused == {}


def test_without_the_right_to_create_a_board_nothing_is_tried_on_it(hub, installation, monkeypatch):
    whole = Administrator.graphql

    def refused(self, operation, **variables):
        if operation == "setup_create_board":
            raise RefusalError(403, {"message": "no"})
        return whole(self, operation, **variables)

    monkeypatch.setattr(Administrator, "graphql", refused)
    report = installation().run(silent)
    (refusal,) = report.refused.values()
    assert refusal.what == "tableau « Produits »"
    assert "créer un tableau" in refusal.why
    assert {change.where for change in report.done} == {"étiquette", "fichier"}


def test_a_server_without_the_route_of_views_gets_the_clicks(hub, installation, monkeypatch):
    whole = Administrator.rest

    def absent(self, verb, path, *rest):
        if path.endswith("/views"):
            raise NotFoundError(path)
        return whole(self, verb, path, *rest)

    monkeypatch.setattr(Administrator, "rest", absent)
    report = installation().run(silent)
    assert len(report.refused) == 3
    assert "« Column by » : Phase" in next(iter(report.refused.values())).why


def test_a_server_that_ignores_the_ids_of_options_is_found_out(hub, installation, monkeypatch):
    installation().run(silent)
    field = next(iter(hub.world.boards.values())).field_named("Phase")
    field.options.reverse()
    whole = Administrator.graphql

    def forgetful(self, operation, **variables):
        for option in variables.get("input", {}).get("singleSelectOptions", ()):
            option.pop("id", None)
        return whole(self, operation, **variables)

    monkeypatch.setattr(Administrator, "graphql", forgetful)
    report = installation().run(silent)
    (refusal,) = report.refused.values()
    assert "ont perdu la leur" in refusal.why


def test_the_command_shows_its_plan_then_its_work_then_that_all_is_well(hub, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", hub.url)
    monkeypatch.setenv("JALON_ADMIN_TOKEN", f"sandbox-{ADMIN}")
    asked = ["setup", "--org", "dnum", "--repo", "produits"]
    planned = CliRunner().invoke(main, [*asked, "--dry-run"])
    assert planned.stdout.startswith("Où         Quoi")
    assert "Rien n’a été changé (--dry-run)." in planned.output
    assert hub.world.boards == {}
    done = CliRunner().invoke(main, asked)
    assert (done.exit_code, "Fait : " in done.output) == (0, True)
    assert "sandbox-directrice" not in planned.output + done.output
    again = CliRunner().invoke(main, asked)
    assert again.stdout.startswith("Tout est en place : rien à changer.")


def test_the_command_says_what_is_missing_and_fails(hub, monkeypatch):
    monkeypatch.setenv("GITHUB_API_URL", hub.url)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("JALON_ADMIN_TOKEN", raising=False)
    asked = ["setup", "--org", "dnum", "--repo", "produits"]
    assert "JALON_ADMIN_TOKEN" in CliRunner().invoke(main, asked).output
    monkeypatch.setenv("GITHUB_TOKEN", "sandbox-cheffe-produit")
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 1
    assert re.search(r"et \d+ autres : GitHub refuse", result.output)


def test_the_token_is_not_shown():
    access = read_administration({"JALON_ADMIN_TOKEN": "ghp_secret"})
    assert "ghp_secret" not in repr(access)
    with pytest.raises(SettingsError, match="JALON_ADMIN_TOKEN"):
        read_administration({})
    with pytest.raises(SettingsError, match="https"):
        read_administration({"GITHUB_TOKEN": "x", "GITHUB_API_URL": "http://ailleurs"})


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://git.exemple.fr/api/v3", "https://git.exemple.fr"),
        ("https://api.dnum.ghe.com", "https://dnum.ghe.com"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
    ],
)
def test_where_people_go_on_each_kind_of_github(api, web):
    assert web_base(api) == web
