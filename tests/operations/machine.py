"""A machine for the operations guide: its commands run as they are written, under a folder instead of at the root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import requests

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash([^\n]*)\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"(?<![\w.:])/(?=(?:opt/jalon|etc|var)/?\b)|(?<=sqlite:///)/(?=var/)")


def blocks(kind: str) -> list[str]:
    """The commands of the page for one kind of installation, in order."""
    return [commands for kinds, commands in BLOCKS if kind in kinds.split()]


class Machine:
    """`before`: what a terminal there has been told already."""

    def __init__(self, folder: Path, hub, *, database: str = "", extra: dict[str, str] | None = None) -> None:
        self.folder, self.hub, self.port = folder / "machine", hub, free_port()
        self.before = ""
        for name in ("etc/systemd/system", "var/backups", "tools"):
            (self.folder / name).mkdir(parents=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JALON_", "GITHUB_", "PG"))}
        told = {"MACHINE": str(self.folder), "MACHINE_PORT": str(self.port), "MACHINE_DATABASE": database}
        path = f"{self.folder}/tools:{os.environ['PATH']}"
        self.environment = {**kept, **told, "no_proxy": "127.0.0.1", "PYTHONPATH": "", "PATH": path, **(extra or {})}
        self.tool("systemctl", "import runpy; runpy.run_module('tests.operations.systemctl', run_name='__main__')")
        self.tool("docker", "import runpy; runpy.run_module('tests.operations.docker', run_name='__main__')")

    def tool(self, name: str, code: str) -> None:
        path = self.folder / "tools" / name
        path.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n{code}\n", encoding="utf-8"
        )
        path.chmod(0o755)

    def here(self, text: str) -> str:
        return PLACES.sub(f"{self.folder}/", text).replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")

    def run(self, commands: str, *, fails: bool = False) -> str:
        """What they print; they must all succeed, or the last one fail."""
        script = f"set -eu\numask 077\n{self.here(self.before)}\n{self.here(commands)}"
        done = subprocess.run(
            ["bash", "-c", script],
            env=self.environment,
            cwd=self.cwd,
            capture_output=True,
            text=True,
            timeout=540,
            check=False,
        )
        assert bool(done.returncode) is fails, f"{script}\n{done.stdout}{done.stderr}{self.journal}"
        return done.stdout + done.stderr

    @property
    def cwd(self) -> Path:
        """Where a copy of Jalon was put: what the page says to write there must not land in the repository."""
        copy = self.folder / "jalon"
        if not copy.exists():
            copy.mkdir()
            for name in ("app", "catalogue", "deploy", "issue_templates", "verifier", "workflows"):
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".env"))
            for name in ("LICENSE", "README.md", "labels.yml", "policy.yml", "pyproject.toml"):
                shutil.copy(ROOT / name, copy / name)
        return copy

    @property
    def journal(self) -> str:
        path = self.folder / "journal"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def fill(self, file: Path, **values: str) -> None:
        """What the administrator types in a file of settings."""
        text = file.read_text(encoding="utf-8")
        for name, value in values.items():
            text, count = re.subn(rf"^(?:# )?{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
            assert count == 1, name
        file.write_text(text, encoding="utf-8")

    def get(self, path: str) -> requests.Response:
        with requests.Session() as visitor:
            visitor.trust_env = False
            return visitor.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def send(self, headers: dict[str, str], body: bytes) -> int:
        """GitHub's own delivery."""
        with requests.Session() as github:
            github.trust_env = False
            address = f"http://127.0.0.1:{self.port}/webhooks/github"
            return github.post(address, data=body, headers=headers, timeout=30).status_code
