"""`jalon policy check`: sentences for a person, annotations for GitHub Actions."""

from __future__ import annotations

import os
import subprocess

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.product.gates import Tally
from app.shipped_files import asset
from app.yaml_documents import read_plain, read_policy
from tests.builders import SMALL

BROKEN = "version: 1\nlanguage: « 100 % »\n"


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(text, *options, name="jalon.yml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        result = CliRunner().invoke(main, ["policy", "check", *options, name])
        return result.exit_code, result.output.splitlines()

    return run


def test_each_problem_is_a_sentence(check):
    code, lines = check(BROKEN)
    assert code == 1
    assert lines[0].startswith("ligne 1, colonne 1 : la clé « ")
    assert any("ligne 2, colonne 11 (language) : « « 100 % » » n’est pas possible" in line for line in lines)


def test_each_problem_is_an_annotation_on_its_line(check):
    code, lines = check(BROKEN, "--annotations", name="règles,a:b.yml")
    assert code == 1
    start = "::error file=règles%2Ca%3Ab.yml,line=2,col=11,title=Règles du comité::ligne 2, colonne 11 (language)"
    assert any(line.startswith(start) and "« 100 %25 »" in line for line in lines)
    assert all(line.startswith("::error file=") for line in lines)


def test_good_rules_are_said_good(check):
    assert check(asset("policy.yml").read_text(encoding="utf-8"), "--annotations") == (0, ["Les règles sont valables."])


def test_the_installed_workflow_checks_what_is_proposed_and_what_is_there():
    workflow = read_plain(asset("workflows/jalon-policy.yml").read_text(encoding="utf-8"))
    events = workflow[True]  # YAML takes « on » for a yes
    assert {name: event["paths"] for name, event in events.items()} == {
        "pull_request": [".github/jalon.yml", ".github/jalon/*.yml"],
        "push": [".github/jalon.yml", ".github/jalon/*.yml"],
    }
    assert "jalon policy check --annotations .github/jalon.yml" in workflow["jobs"]["policy"]["steps"][-1]["run"]


def test_what_is_proposed_is_proved_once_it_is_right(tmp_path):
    """The proof goes to the summary of the run; rules that do not hold have none."""
    workflow = read_plain(asset("workflows/jalon-policy.yml").read_text(encoding="utf-8"))
    run = workflow["jobs"]["policy"]["steps"][-1]["run"]
    tools, summary, rules = tmp_path / "bin", tmp_path / "résumé", tmp_path / ".github" / "jalon.yml"
    tools.mkdir()
    (tools / "jalon").write_text("#!/bin/sh\ncase $3 in --annotations) exit $FLAWED;; *) echo $3;; esac\n")
    (tools / "jalon").chmod(0o755)

    def runs(flawed="0"):
        env = {"PATH": f"{tools}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(summary), "FLAWED": flawed}
        return subprocess.run(["bash", "-e", "-c", run], cwd=tmp_path, env=env, check=False).returncode

    assert (runs(), summary.exists()) == (0, False)
    rules.parent.mkdir()
    rules.write_text("version: 1\n")
    assert (runs("1"), summary.exists()) == (1, False)
    assert (runs(), summary.read_text()) == (0, "--prove\n")


def test_rules_are_proved_and_their_paradoxes_named(check):
    code, lines = check(SMALL, "--prove")
    assert code == 0
    assert lines.index("Les règles sont valables.") < lines.index("# Ce que ces règles décident")
    assert any(line.startswith("**Prouvé.** 2 règles") for line in lines)
    assert any("mandatory: {consent: [securite]}" in line for line in lines)
    english = check(SMALL.replace("language: fr", "language: en"), "--prove")[1]
    assert "# What these rules decide" in english
    assert check(BROKEN, "--prove") == check(BROKEN)


def test_rules_counted_otherwise_than_they_are_written_are_refused(check, monkeypatch):
    monkeypatch.setattr(Tally, "vetoed_by", ())
    code, lines = check(SMALL, "--prove")
    assert code == 1
    assert "**Jalon ne compte pas comme il le devrait.**" in " ".join(lines)


def test_what_is_right_but_weak_is_said(check):
    text = asset("policy.yml").read_text(encoding="utf-8")
    code, lines = check(text)
    assert code == 0
    assert len(lines) == 2
    place = text[: text.index("secretariat: [secretariat]")].count("\n") + 1
    assert lines[0].startswith(
        f"attention, ligne {place}, colonne 16 (committee.secretariat) : le secrétariat est une liste"
    )
    assert lines[1] == "Les règles sont valables."
    team = text.replace("secretariat: [secretariat]", "secretariat: '@dnum/secretariat'")
    assert check(team) == (0, ["Les règles sont valables."])


@pytest.mark.slow
def test_a_rule_that_asks_for_more_people_than_there_are_is_said(check):
    text = (
        asset("policy.yml").read_text(encoding="utf-8").replace("    quorum: 5\n", "    quorum: 5\n    people: 11\n", 1)
    )
    code, lines = check(text, "--annotations")
    assert code == 0
    assert lines[0].startswith("::warning file=jalon.yml,line=")
    assert "demande 11 personnes différentes" in lines[0]


@pytest.fixture
def parts():
    """A committee's own people, and what a ministry keeps for all."""
    own, mark, rest = asset("policy.yml").read_text(encoding="utf-8").partition("\naspects:")
    return f"extends: dnum/regles/.github/jalon-commun.yml\n{own}\n", mark + rest


def test_a_common_part_given_or_beside_is_read_with_the_rules(check, parts, tmp_path):
    own, common = parts
    code, lines = check(own)
    assert code == 1
    assert any("jalon-commun.yml" in line and "n’existe pas" in line for line in lines)
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "ailleurs" / "jalon-commun.yml").write_text(common, encoding="utf-8")
    assert check(own, "--common", "ailleurs/jalon-commun.yml", "--annotations") == (0, ["Les règles sont valables."])
    (tmp_path / "jalon-commun.yml").write_text(common.replace('card: "MVP"', "card: [MVP]"), encoding="utf-8")
    code, (line,) = check(own, "--annotations")
    assert code == 1
    assert line.startswith("::error file=jalon.yml,line=1,col=1,title=Règles du comité::ligne ")
    assert "de dnum/regles/.github/jalon-commun.yml (phases[3].card)" in line


def test_the_rules_once_joined_tell_where_each_line_comes_from(parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own, common = parts
    (tmp_path / "jalon.yml").write_text(own, encoding="utf-8")
    (tmp_path / "jalon-commun.yml").write_text(common, encoding="utf-8")
    result = CliRunner().invoke(main, ["policy", "resolve", "jalon.yml"])
    assert result.exit_code == 0, result.output
    told = {text.strip(): origin for text, _, origin in (line.rpartition(" # ") for line in result.output.splitlines())}
    assert told["team: comite-produit"].startswith("jalon.yml:")
    assert told["card: MVP"].startswith("dnum/regles/.github/jalon-commun.yml:")
    assert "extends" not in result.output
    head, *lines = result.output.splitlines()
    found = read_policy("".join(f"{line.rpartition(' # ')[0].rstrip()}\n" for line in lines))
    assert found.version in head


def test_rules_that_do_not_hold_are_not_joined(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jalon.yml").write_text(BROKEN, encoding="utf-8")
    result = CliRunner().invoke(main, ["policy", "resolve", "jalon.yml"])
    assert result.exit_code == 1
    assert "ligne 2, colonne 11 (language)" in result.output
    assert CliRunner().invoke(main, ["policy", "resolve", "dnum/produits"]).exit_code == 1


def test_the_installed_workflow_tells_what_changes_once_the_rules_are_right():
    """Its right to write is that of one job, on a pull request, which runs nothing of what is proposed."""
    workflow = read_plain(asset("workflows/jalon-policy.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["policy"]["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["changements"]
    assert job["permissions"] == {"contents": "read", "issues": "read", "pull-requests": "write"}
    assert (job["needs"], job["if"]) == ("policy", "github.event_name == 'pull_request'")
    *before, last = job["steps"]
    assert before == workflow["jobs"]["policy"]["steps"][:-1]
    assert "${{" not in last["run"]
    assert last["env"]["DEMANDE"] == "${{ github.event.pull_request.number }}"


@pytest.mark.parametrize(
    ("origin", "asked"),
    [
        ("dnum/produits", ["policy diff --simulate --publish --pull 7 .github/jalon.yml"]),
        ("copie/produits", ["policy diff --simulate .github/jalon.yml"]),
    ],
)
def test_a_copy_s_request_is_told_in_the_summary_of_the_run(tmp_path, origin, asked):
    workflow = read_plain(asset("workflows/jalon-policy.yml").read_text(encoding="utf-8"))
    run = workflow["jobs"]["changements"]["steps"][-1]["run"]
    tools, notes, summary = tmp_path / "bin", tmp_path / "notes", tmp_path / "résumé"
    tools.mkdir()
    (tools / "jalon").write_text(f'#!/bin/sh\necho "$@" >> {notes}\necho "ce qui change"\n', encoding="utf-8")
    (tools / "jalon").chmod(0o755)
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(summary)}
    env |= {"DEMANDE": "7", "ORIGINE": origin, "GITHUB_REPOSITORY": "dnum/produits"}

    def runs():
        subprocess.run(["bash", "-e", "-c", run], cwd=tmp_path, env=env, check=True, capture_output=True)

    runs()
    assert not notes.exists()  # no rules are proposed
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "jalon.yml").touch()
    runs()
    assert notes.read_text(encoding="utf-8").splitlines() == asked
    assert summary.exists() == (origin != "dnum/produits")
