"""Files: installed once, renewed while untouched, kept when people changed them, mended when nothing can read them."""

from dataclasses import replace

import pytest

from app.domain.reuse.catalogue_file import PATHS
from app.setup.desired import POLICY, SOURCE, desired_state
from app.setup.files import fingerprinted, is_untouched, plan_files
from app.setup.forms import broken
from app.setup.model import CurrentState, File
from app.shipped_files import default_policy

RULES = default_policy()
FORM = ".github/ISSUE_TEMPLATE/nouveau-produit.yml"
WORKFLOW = ".github/workflows/jalon-policy.yml"
WANTED = desired_state(None, "git+https://example.org/jalon@abc")
OWN = (WANTED.policy, *WANTED.catalogue)
"""The committee's from the moment they are there."""


def check(path, text, ours):
    return broken(path, text, ours, RULES)


def installed():
    files = {file.path: File(file.path, fingerprinted(file.text), f"sha of {file.path}") for file in WANTED.files}
    return files | {own.path: own for own in OWN}


def plan(files, **options):
    there = CurrentState("dnum/produits", "R", "O", private=True, board=None, files=files)
    return plan_files(WANTED, there, check, **options)


def text_of(path):
    return installed()[path].text


def test_everything_is_installed_where_there_is_nothing():
    changes = plan({}).changes
    assert [change.act.file.path for change in changes] == [file.path for file in (*WANTED.files, *OWN)]
    assert all(is_untouched(change.act.file.text) for change in changes[: -len(OWN)])
    assert [change.act.file.text for change in changes[-len(OWN) :]] == [own.text for own in OWN]


def test_a_second_run_has_nothing_to_do():
    assert plan(installed()).changes == ()
    assert plan(
        {path: replace(file, text=file.text.replace("\n", "\r\n")) for path, file in installed().items()}
    ) == plan(installed())


def test_a_file_nobody_touched_is_renewed():
    older = File(FORM, fingerprinted("name: Ancien\n"), "abc")
    (change,) = plan(installed() | {FORM: older}).changes
    assert change.how == "mise à jour"
    assert change.act.file.sha == "abc"


@pytest.mark.parametrize("path", [FORM, WORKFLOW])
def test_what_people_changed_is_kept_and_told(path):
    theirs = File(path, text_of(path) + "# une note de notre équipe\n", "abc")
    found = plan(installed() | {path: theirs})
    assert found.changes == ()
    assert path in found.remarks[0].what
    (change,) = plan(installed() | {path: theirs}, force=True).changes
    assert "--force" in change.how


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: "name: [", "YAML illisible"),
        (lambda text: "", "fichier vide"),
        (lambda text: "name: Un\ndescription: Deux\n", "pas de questions"),
        (lambda text: text.replace(RULES.questions[0].labels[0], "Et alors ?"), "a disparu"),
        (lambda text: text.replace("id: utilisateurs", "id: probleme"), "identifiant en double : probleme"),
    ],
)
def test_a_form_that_jalon_could_not_use_is_replaced_and_told(damage, told):
    (change,) = plan(installed() | {FORM: File(FORM, damage(text_of(FORM)), "abc")}).changes
    assert told in change.how
    assert change.act.file.text == text_of(FORM)


def test_a_question_renamed_in_the_rules_too_is_a_choice():
    title = RULES.questions[0].labels[0]
    question = replace(RULES.questions[0], labels=("Votre problème ?", title))
    rules = replace(RULES, questions=(question, *RULES.questions[1:]))
    ours = next(file.text for file in WANTED.files if file.path == FORM)
    theirs = ours.replace(title, "Votre problème ?")
    assert broken(FORM, theirs, ours, rules) == ""
    assert "a disparu" in broken(FORM, theirs, ours, RULES)


@pytest.mark.parametrize("path", [POLICY, *PATHS])
def test_what_is_the_committee_s_own_is_never_overwritten(path):
    assert plan(installed() | {path: File(path, "n’importe quoi", "abc")}, force=True).changes == ()


def test_workflows_install_the_copy_of_jalon_they_are_told():
    texts = [file.text for file in WANTED.files if "/workflows/" in file.path]
    assert texts
    assert not [text for text in texts if SOURCE in text]
    assert all("git+https://example.org/jalon@abc" in text for text in texts if "pip install" in text)
