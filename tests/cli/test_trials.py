"""What trials need is left out of an installation, which says so."""

from __future__ import annotations

import tomllib

from click.testing import CliRunner

from app.cli.errors import absent_command
from tests.house import ROOT


def test_a_command_for_trials_says_where_the_local_github_is():
    done = CliRunner().invoke(absent_command("demo"), ["--story", "--port", "0"])
    assert done.exit_code == 1
    assert "une copie du dépôt, et lancez-y « make demo »" in done.output


def test_an_installation_goes_without_the_local_github_and_its_libraries():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["app"]
    apart = {name.split(">")[0] for name in project["dependency-groups"]["local-github"]}
    lock = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
    assert apart == {"waitress", "graphql-core"}
    assert not [name for name in apart if f"{name}==" in lock]
