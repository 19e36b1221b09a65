"""Forms and workflows that GitHub would take and yet get wrong."""

import re

import pytest

from app.setup.desired import SOURCE
from app.setup.forms import breaches, repeated_names
from app.setup.source import from_record, running_copy
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_plain

FORMS = {path.name: path.read_text(encoding="utf-8") for path in asset("issue_templates").glob("*.yml")}
WORKFLOWS = {path.name: path.read_text(encoding="utf-8") for path in asset("workflows").glob("*.yml")}
GOOD = """\
name: Essai
description: Une demande
body:
  - type: input
    id: nom
    attributes: {label: "Quel nom ?"}
  - type: dropdown
    id: phase
    attributes:
      label: "Quelle phase ?"
      options: ["Idée", "POC"]
"""


@pytest.mark.parametrize("name", [name for name in FORMS if name != "config.yml"])
def test_our_forms_are_right(name):
    assert breaches(FORMS[name]) == []


def test_our_forms_have_names_of_their_own():
    assert repeated_names({name: text for name, text in FORMS.items() if name != "config.yml"}) == []
    assert repeated_names({"a": GOOD, "b": GOOD.replace("Essai", "ESSAI")}) == ["essai"]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (("id: phase", "id: nom"), "identifiant en double : nom"),
        (("Quelle phase ?", "Quel nom ?"), "question en double : quel nom ?"),
        (('"POC"', '"None"'), "l’option « None » est réservée par GitHub"),
        (('"POC"', "yes"), "option à mettre entre guillemets : True"),
        (('"POC"', '"Idée"'), "option en double : Idée"),
        (
            ("Quel nom ?", "Votre mot de passe ?"),
            "une question ne peut pas demander un mot de passe : Votre mot de passe ?",
        ),
        (("name: Essai", "name: yes"), "« yes » sans guillemets, ligne 1"),
        (("description: Une demande\n", ""), "« description » manque"),
        (("Quel nom ?", ""), "question sans titre"),
        ((GOOD[GOOD.index("body") :], "body: [{type: markdown, attributes: {value: Bonjour}}]"), "aucune question"),
        ((GOOD[GOOD.index("body") :], "body: rien"), "pas de questions (body)"),
    ],
)
def test_what_the_schema_lets_through_is_seen(damage, told):
    assert breaches(GOOD) == []
    assert told in breaches(GOOD.replace(*damage))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_have_the_least_rights_and_pinned_actions(name):
    text, found = WORKFLOWS[name], read_plain(WORKFLOWS[name])
    assert found["permissions"] == {}
    assert "concurrency" in found
    for job in found["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", "")
    assert "pip install" not in text or SOURCE in text


def test_workflows_have_names_of_their_own():
    names = [read_plain(text)["name"] for text in WORKFLOWS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("record", "source"),
    [
        (
            {"url": "https://github.com/dnum/jalon", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "git+https://github.com/dnum/jalon@abc",
        ),
        (
            {"url": "https://moi:secret@host/j.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "git+https://host/j.git@abc",
        ),
        ({"url": "file:///ici", "dir_info": {}}, ""),
        (None, ""),
    ],
)
def test_the_copy_that_runs_is_the_copy_that_workflows_install(record, source):
    assert from_record(record) == source


def test_a_checkout_does_not_know_where_it_comes_from():
    assert isinstance(running_copy(), str)
    assert default_policy().version
