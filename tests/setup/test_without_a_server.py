"""An organisation without a server, from set-up to a decision: only the workflow's own command, each time from nothing."""

import os
import re
import subprocess
import sys

import pytest

from app.setup.desired import POLICY
from app.shipped_files import ROOTS, asset, default_policy
from app.yaml_documents import read_plain
from local_github.server import Sandbox
from tests.setup.conftest import ADMIN, administered, empty

WORKFLOW = read_plain(asset("workflows/jalon-sans-serveur.yml").read_text(encoding="utf-8"))
(JOB,) = WORKFLOW["jobs"].values()
COMMAND = JOB["steps"][-1]["run"]
HOLDERS = [seat.holder for seat in default_policy().committee.seats]


@pytest.fixture
def hub():
    people = [*empty()["people"], *({"login": login, "role": "read"} for login in HOLDERS)]
    team = [{"slug": "comite-produit", "members": HOLDERS}]
    hub = Sandbox(empty(people=people, teams=team))
    hub.start()
    administered(hub).run(lambda line: None)
    hub.world.app.permissions["single_file"] = "read"
    hub.world.app.single_files.append(POLICY)
    hub.world.install_app(ADMIN)
    yield hub
    hub.stop()


@pytest.fixture
def runner(hub, tmp_path):
    """What GitHub Actions does: a new machine, the job's own environment, the last step's command."""
    tools = tmp_path / "bin"
    tools.mkdir()
    script = (
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOTS[1])!r})\nfrom app.cli import main\nmain()\n"
    )
    (tools / "jalon").write_text(script, encoding="utf-8")
    (tools / "jalon").chmod(0o755)
    said = hub.environment()

    def run(number=None):
        place = tmp_path / f"machine-{len(list(tmp_path.iterdir()))}"
        place.mkdir()
        values = {
            "${{ github.api_url }}": hub.url,
            "${{ vars.JALON_APP_ID }}": said["JALON_APP_ID"],
            "${{ secrets.JALON_PRIVATE_KEY }}": said["JALON_PRIVATE_KEY"].replace("\n", "\\n"),
            "${{ github.event.issue.number }}": str(number or ""),
        }
        given = {**JOB["env"], **JOB["steps"][-1]["env"]}
        env = {name: values.get(value, value) for name, value in given.items()}
        assert not [value for value in env.values() if "${{" in value]
        kept = {name: value for name, value in os.environ.items() if not re.match("JALON_|GITHUB_", name)}
        path = f"{tools}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-e", "-c", COMMAND],
            cwd=place,
            env={**kept, **env, "PATH": path},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def filed():
    return "\n\n".join(f"### {question.labels[0]}\n\nUne réponse" for question in default_policy().questions)


@pytest.mark.slow
def test_a_product_is_filed_asked_for_and_decided(hub, runner):
    world = hub.world
    number = world.open_issue("cheffe-produit", "Agréments", filed(), ["produit"]).number
    assert runner(number).returncode == 0
    shown = world.issue(number)
    assert "phase: idée" in shown.labels
    assert world.card_of(number).option
    world.comment("cheffe-produit", number, "/coche " + " ".join(map(str, range(1, 15))) + "\n/demande")
    world.comment("techno", number, "/go")
    assert runner(number).returncode == 0
    assert "passage: demandé" in shown.labels
    for login in HOLDERS[1:]:
        world.comment(login, number, "/go")
    night = runner()
    assert night.returncode == 0, night.stderr
    assert "phase: poc" in shown.labels
    said = len(shown.comments)
    assert sum("## Décision" in comment.body for comment in shown.comments) == 1
    assert runner(number).returncode == 0
    assert len(shown.comments) == said


def test_the_workflow_starts_on_what_people_do_and_at_night():
    starts = WORKFLOW[True]  # YAML reads « on » as true
    assert set(starts) == {"issues", "issue_comment", "schedule", "workflow_dispatch"}
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is False
    assert "JALON_SANS_SERVEUR" in JOB["if"]
