"""The files that must agree with one another: rules, form, labels, commands and sentences."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.domain.decide import late_entry
from app.domain.policy.label_names import NEEDS, PRODUCT_LABEL, STATE_LABELS
from app.domain.policy.model import LANGUAGES
from app.domain.product.labels import needs_of_answers, of_needs
from app.domain.publish import support_requests
from app.domain.publish.notices import NOTICES, Help
from app.domain.reading.commands import COMMANDS, WORDS
from app.domain.reading.session_table import EVERY_WORD, SESSION_COMMANDS
from app.domain.reading.text import normalised
from app.messages import FOLDER, environment, render, template_of
from app.messages.reports import REPORTS
from app.setup.forms import breaches
from app.shipped_files import asset, default_policy
from app.yaml_documents import read_plain
from tests.builders import APP, HOLDERS, a_policy


def labels() -> dict[str, dict[str, str]]:
    found = read_plain(asset("labels.yml").read_text(encoding="utf-8"))
    assert len({label["name"].casefold() for label in found}) == len(found)
    return {label["name"]: label for label in found}


PRODUCT_FORMS = ("nouveau-produit", "refonte", "evolution-majeure")
FORMS = (*PRODUCT_FORMS, "accompagnement")


def form(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_plain(asset(f"issue_templates/{name}.yml").read_text(encoding="utf-8"))
    return found


def asked(name: str) -> dict[str, tuple[str, bool, Any]]:
    """Each question of a form by id: its title, whether GitHub is told it is required, and its options."""
    return {
        part["id"]: (
            part["attributes"]["label"],
            part.get("validations", {}).get("required", False),
            part["attributes"].get("options"),
        )
        for part in form(name)["body"]
        if part["type"] != "markdown"
    }


def test_every_label_jalon_sets_is_in_the_file() -> None:
    wanted = {phase.label for phase in default_policy().phases} | {
        *STATE_LABELS,
        *(PRODUCT_LABEL, support_requests.LABEL),
    }
    assert wanted <= set(labels())


def test_labels_are_what_github_accepts() -> None:
    for name, label in labels().items():
        assert len(name) <= 50
        assert len(label["description"]) <= 100, name
        assert re.fullmatch(r"[0-9a-f]{6}", label["color"]), name


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sets_labels_that_exist_and_that_jalon_knows_it_by(name: str) -> None:
    assert set(form(name)["labels"]) <= set(labels())
    assert (PRODUCT_LABEL if name in PRODUCT_FORMS else support_requests.LABEL) in form(name)["labels"]


@pytest.mark.parametrize("name", FORMS)
def test_the_rules_know_the_questions_of_each_form(name: str) -> None:
    policy = default_policy()
    rules = {question.id: question for question in (policy.questions if name in PRODUCT_FORMS else policy.support)}
    for question, (title, required, options) in asked(name).items():
        assert title == rules[question].labels[0]
        # GitHub cannot require a box to be ticked: Jalon alone asks for it.
        is_boxes = bool(options) and isinstance(options[0], dict)
        assert required == (rules[question].required and not is_boxes)
    compulsory = {question.id for question in rules.values() if question.required and not question.only_if_asked}
    assert compulsory <= set(asked(name))


def test_every_question_of_the_rules_is_asked_somewhere() -> None:
    policy = default_policy()
    assert {question.id for question in policy.questions} == {one for name in PRODUCT_FORMS for one in asked(name)}
    assert [question.id for question in policy.support] == [*asked("accompagnement")]
    common = [question.id for question in policy.questions if not question.only_if_asked]
    assert common == [*asked("nouveau-produit")]


@pytest.mark.parametrize("name", FORMS)
def test_the_boxes_of_support_are_the_labels_that_ask_for_it(name: str) -> None:
    _, _, options = asked(name)["besoins"]
    boxes = "\n".join(f"- [X] {option['label']}" for option in options)
    assert needs_of_answers({"besoins": boxes}) == NEEDS
    assert set(of_needs({"besoins": boxes})) <= set(labels())


@pytest.mark.parametrize("name", ["refonte", "evolution-majeure"])
def test_the_phases_one_may_ask_to_enter_exist(name: str) -> None:
    _, _, options = asked(name)[late_entry.PHASE_QUESTION]
    policy = default_policy()
    assert [policy.phase_called(option) for option in options] == [*policy.phases[:-1]]
    assert late_entry.REASON_QUESTION in asked(name)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_breaks_none_of_githubs_rules(name: str) -> None:
    assert breaches(asset(f"issue_templates/{name}.yml").read_text(encoding="utf-8")) == []


def test_questions_are_told_apart_once_compared() -> None:
    headings = [normalised(label) for question in default_policy().questions for label in question.labels]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_are_right_in_each_language(language: str) -> None:
    policy = a_policy(language)
    assert policy.language == language
    assert len(policy.phases) == 6
    assert len(policy.aspects) == 7
    assert tuple(seat.holder for seat in policy.committee.seats) == HOLDERS


def test_both_languages_hold_the_same_rules() -> None:
    fr, en = a_policy("fr"), a_policy("en")
    assert fr.gates == en.gates
    assert [[item.id for item in phase.items] for phase in fr.phases] == [
        [item.id for item in phase.items] for phase in en.phases
    ]
    assert [phase.label for phase in fr.phases] == [phase.label for phase in en.phases]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phase_is_called_by_the_word_shown_for_it(language: str) -> None:
    policy = a_policy(language)
    assert all(policy.phase_called(normalised(phase.name)) is phase for phase in policy.phases)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_every_command_with_a_word_it_knows(language: str) -> None:
    text = render(Help(to="techno", phase="MVP"), language)
    shown = [normalised(word) for word in re.findall(r"^- `/([\w-]+)", text, flags=re.MULTILINE)]
    assert [WORDS[word].name for word in shown] == [
        row.name
        for who in ("team", "committee", "secretariat", "direction", "anyone")
        for row in COMMANDS
        if row.who == who
    ]


def test_a_word_means_one_command() -> None:
    words = [word for row in (*COMMANDS, *SESSION_COMMANDS) for word in row.words]
    assert len(set(words)) == len(words)
    assert all(normalised(word) == word for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_template_is_used_and_none_is_missing(language: str) -> None:
    present = {path.name for path in (FOLDER / language).iterdir()}
    wanted = {template_of(notice) for notice in NOTICES} | {"problem.txt.j2", "explain.txt.j2", "suspension.txt.j2"}
    wanted |= {"news.txt.j2", "calendar.txt.j2"}
    wanted |= {f"{name}.md.j2" for name in REPORTS}
    partials = {name for name in present if name.startswith("_")}
    assert present - partials == wanted
    sources = [path.read_text(encoding="utf-8") for path in (FOLDER / language).iterdir()]
    assert all(any(f'"{name}"' in source for source in sources) for name in partials)
    for name in present:
        environment(language).get_template(name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_named_in_sentences_exist(language: str) -> None:
    for path in [*(FOLDER / language).iterdir()]:
        for word in re.findall(r"`/([^\W\d_][\w-]*)", path.read_text(encoding="utf-8")):
            assert normalised(word) in EVERY_WORD, (path.name, word)


def test_french_sentences_use_french_typography() -> None:
    for path in (FOLDER / "fr").iterdir():
        text = re.sub(r"{%.*?%}|{{.*?}}|`[^`]*`|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r"[a-zàâéèêëîïôùûüç]'[a-zàâéèê]", text), path.name


def test_the_package_names_the_files_it_ships() -> None:
    project = (APP.parent / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("policy.yml", "labels.yml", "issue_templates", "workflows", "verifier"):
        assert f'"{name}" = "app/assets/{name}"' in project
        assert asset(name).exists()
    with pytest.raises(FileNotFoundError, match="nulle-part"):
        asset("nulle-part.yml")


def test_the_documentation_holds_the_table_of_commands() -> None:
    text = (APP.parent / "docs" / "commandes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`/.*$", text, flags=re.MULTILINE)
    shown = [frozenset(normalised(word) for word in re.findall(r"`/([^`]+)`", row)) for row in rows]
    every = (*COMMANDS, *SESSION_COMMANDS)
    assert shown == [frozenset(row.words) for row in every]
    assert [normalised(title) for title in re.findall(r"^### /(\S+)$", text, flags=re.MULTILINE)] == [
        row.words[0] for row in every
    ]


PRIVATE_PATCH = re.compile(r"setattr\([^\n]*?, \"_[a-z]|^ *[\w.\[\]]+(?<!self)\._[a-z]\w* = ", re.MULTILINE)


AT_NIGHT = {"faults", "proofs-nightly", "late"}
"""What `.ci/run` leaves out, for its length."""


def test_tests_that_are_asked_for_are_asked_for_by_ci():
    """A browser was asked for by nobody for days: its tests had gone red, and nothing said so."""
    options = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    markers, left_out = options["markers"], re.findall(r"not (\w+)", options["addopts"])
    assert all("`make " in marker for marker in markers if marker.partition(":")[0] in left_out)
    commands = {command for marker in markers for command in re.findall(r"`make ([\w-]+)`", marker)}
    called = set(re.findall(r"^make ([\w-]+)", Path(".ci/run").read_text("utf-8"), re.MULTILINE))
    assert {"browser", "long", "proofs"} <= commands
    assert "late-part" in called
    assert commands - called - {"guide"} == AT_NIGHT  # `make long` plays the guides too


def test_no_test_replaces_what_is_private():
    """A private name says that it may change: a test that puts its own in its place would break, or prove nothing."""
    found = {str(path): PRIVATE_PATCH.findall(path.read_text()) for path in sorted(Path("tests").rglob("*.py"))}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("path", sorted(Path("app/web/words").glob("*.yml")), ids=lambda path: path.name)
def test_no_word_of_the_pages_is_told_twice(path):
    """The second would take the place of the first, on every page."""
    keys = re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key in set(keys) if keys.count(key) > 1] == []
