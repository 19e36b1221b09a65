"""What the workflows run cannot change by itself: Jalon at one commit, its libraries by their hashes, actions by commit."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from app.shipped_files import ROOTS, asset
from app.yaml_documents import read_plain

FILES = sorted(asset("workflows").glob("*.yml"))
FLOWS = {path.name: read_plain(path.read_text(encoding="utf-8")) for path in FILES}
STEPS = [(name, step) for name, flow in FLOWS.items() for job in flow["jobs"].values() for step in job["steps"]]
INSTALLS = {name: step for name, step in STEPS if step.get("name") == "Installer Jalon"}
LOCK = ROOTS[1] / "deploy" / "requirements.lock"


def git(folder, *words):
    who = ("-c", "user.name=essai", "-c", "user.email=essai@exemple.fr", "-c", "commit.gpgsign=false")
    told = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return told.stdout.strip()


@pytest.fixture
def copy(tmp_path):
    """A copy of Jalon in an organisation: a branch, a tag and a commit."""
    folder = tmp_path / "copie"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy" / "requirements.lock").write_text("", encoding="utf-8")
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "__main__.py").write_text("import sys\nprint('jalon', *sys.argv[1:])\n", encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Jalon")
    git(folder, "tag", "v1")
    return folder


def run(step, copy, version, tmp_path):
    """The step as a runner does; pip only notes what it is asked, since nothing is reached from here."""
    tools = tmp_path / "outils"
    tools.mkdir(exist_ok=True)
    (tools / "python").write_text(
        f'#!/bin/sh\n[ "$2" = pip ] && echo "$@" >> {tmp_path}/pip && exit 0\nexec {sys.executable} "$@"\n',
        encoding="utf-8",
    )
    (tools / "python").chmod(0o755)
    added = tmp_path / "chemin"
    env = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_PATH": str(added),
        "JALON": f"git+file://{copy}@{version}",
    }
    (tmp_path / "temp").mkdir(exist_ok=True)
    done = subprocess.run(["bash", "-e", "-c", step["run"]], env=env, capture_output=True, text=True, check=False)
    return done, added.read_text(encoding="utf-8").strip() if added.exists() else "", env


@pytest.mark.parametrize("name", FLOWS)
def test_what_a_commit_names_is_installed_with_libraries_checked_by_hash(name, copy, tmp_path):
    done, folder, env = run(INSTALLS[name], copy, git(copy, "rev-parse", "HEAD"), tmp_path)
    assert done.returncode == 0, done.stderr
    pip = (tmp_path / "pip").read_text(encoding="utf-8")
    assert "--require-hashes" in pip
    assert "--no-deps" in pip
    (tmp_path / "app").mkdir()  # what the folder of the job holds, a proposed change among others, is not run
    (tmp_path / "app" / "__main__.py").write_text("raise SystemExit('not ours')", encoding="utf-8")
    said = subprocess.run(
        [f"{folder}/jalon", "sweep"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["jalon", "sweep"]


@pytest.mark.parametrize("version", ["main", "v1"])
def test_what_a_name_that_can_move_designates_is_not_run(version, copy, tmp_path):
    done, folder, _ = run(INSTALLS["jalon-sans-serveur.yml"], copy, version, tmp_path)
    assert done.returncode == 1
    assert "commit entier" in done.stdout
    assert not folder
    assert not (tmp_path / "pip").exists()


def test_every_library_of_the_lock_has_hashes_and_one_version():
    entries = re.split(r"\n(?=\S)", LOCK.read_text(encoding="utf-8").strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_actions_are_named_by_commit():
    used = [step["uses"] for _, step in STEPS if "uses" in step]
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", one)] == []


def test_only_the_protected_environment_gives_the_key():
    """A secret of the repository is read by whoever can push a branch; one of an environment, by its branch alone."""
    for name, flow in FLOWS.items():
        for job in flow["jobs"].values():
            if "secrets." in str(job):
                assert job["environment"] == "jalon", name
    guide = (ROOTS[1] / "docs" / "installation.md").read_text(encoding="utf-8")
    part = guide.split("## 7. Sans serveur")[1].split("\n## ")[0]
    assert "environment secret" in part
    assert "| `JALON_PRIVATE_KEY` | secret" not in part
    assert "ne peut pas promettre" in part
