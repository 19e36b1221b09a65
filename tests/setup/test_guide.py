"""The installation guide, followed word for word on the local GitHub: its commands run, its pages exist."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from app.setup.desired import POLICY, VIEWS
from app.setup.permissions import SCOPES
from app.shipped_files import ROOTS
from local_github.registration import read_manifest
from tests.setup.conftest import ADMIN
from tests.web.test_setup import points_of, wish

pytestmark = pytest.mark.slow
GUIDE = (Path(__file__).parent.parent.parent / "docs" / "installation.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```bash\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
SERVER = re.findall(r"^```bash serveur\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(http://127\.0\.0\.1:(\d+))/setup\?code=(\S+)")
KEPT = re.compile(r"Installation\s: .* est dans le fichier (\S+),")


@pytest.fixture
def shell(hub, tmp_path):
    """A terminal where the command is installed, and the administrator's token given."""
    tools = tmp_path / "bin"
    tools.mkdir()
    script = (
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOTS[1])!r})\nfrom app.cli import main\nmain()\n"
    )
    (tools / "jalon").write_text(script, encoding="utf-8")
    (tools / "jalon").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JALON_", "GITHUB_"))}
    given = {"GITHUB_API_URL": hub.url, "JALON_ADMIN_TOKEN": f"sandbox-{ADMIN}"}
    return {"cwd": tmp_path, "env": {**kept, **given, "PATH": f"{tools}:{os.environ['PATH']}"}, "text": True}


def test_its_commands_do_what_it_says(hub, shell):
    assert len(COMMANDS) == 6
    hub.world.create_team(ADMIN, "comite produit", (ADMIN,))
    script = "set -eu\n" + "echo ==\n".join(COMMANDS)
    done = subprocess.run(["bash", "-c", script], **shell, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    _, usage, planned, made, again, last = done.stdout.split("==\n")
    assert "setup" in usage
    assert "Rien n’a été changé (--dry-run)." in planned
    assert "Fait : " in made
    assert again.startswith("Tout est en place : rien à changer.")
    assert "titulaire" in last
    assert hub.world.files[POLICY]


def test_the_app_is_created_as_it_says(hub, shell, tmp_path):
    first, then = SERVER
    process = subprocess.Popen(
        ["bash", "-c", f"exec {first.strip()} --port 0"], **shell, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        address, code = _link(process)
        with requests.Session() as browser:
            browser.trust_env = False
            _follow(hub, browser, address, code)
            assert points_of(browser.get(f"{address}/setup", timeout=10).text)["Identité de l’App"] == "Bon"
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert (tmp_path / "jalon.env").stat().st_mode & 0o777 == 0o600
    loaded = then.replace("jalon serve", "python3 -c 'import os; print(os.environ[\"JALON_APP_ID\"])'")
    shown = subprocess.run(["bash", "-c", loaded], **shell, capture_output=True, timeout=30, check=True)
    assert shown.stdout.strip() == str(hub.world.app.id)
    again = subprocess.run(["bash", "-c", first], **shell, capture_output=True, timeout=30, check=False)
    assert "existe déjà" in again.stderr


def _link(process):
    """No person reads this terminal: the link is in a file."""
    for line in process.stdout:
        assert not LINK.search(line)
        if kept := KEPT.search(line):
            assert Path(kept[1]).stat().st_mode & 0o777 == 0o600
            found = LINK.search(Path(kept[1]).read_text(encoding="utf-8"))
            return found[1], found[3]
    raise AssertionError("no link was shown")


def _follow(hub, browser, address, code):
    page = browser.get(f"{address}/setup", params={"code": code}, timeout=10)
    assert "Créer l’App GitHub" in page.text
    given = {"organisation": "dnum", "mode": "serveur", "address": address}
    where, text = wish(browser.post(f"{address}/setup/app", data=given, timeout=10).text)
    agreed = hub.doorman.registrations.accept(ADMIN, read_manifest(text))
    back = {"code": agreed, "state": where.partition("state=")[2]}
    done = browser.get(f"{address}/setup/callback", params=back, timeout=30)
    assert "Single file" in done.text


def test_what_it_names_exists():
    for scope in SCOPES:
        assert f"**{scope}**" in GUIDE
    for view in VIEWS:
        assert view.name in GUIDE
    workflow = (ROOTS[1] / "workflows" / "jalon-sans-serveur.yml").read_text(encoding="utf-8")
    for name in ("JALON_SANS_SERVEUR", "JALON_APP_ID", "JALON_PRIVATE_KEY"):
        assert f"`{name}`" in GUIDE
        assert name in workflow
