"""Stands for docker compose, which needs a daemon: runs the services of the compose file as it says, without containers.

The services of Jalon run as processes; `db` is the PostgreSQL server of the tests.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import yaml

from tests.operations.systemctl import is_running

MACHINE = Path(os.environ["MACHINE"])
PORT, DATABASE = os.environ["MACHINE_PORT"], os.environ["MACHINE_DATABASE"]
LOG = MACHINE / "journal"


def settings(folder: Path) -> dict[str, str]:
    """The .env file beside the compose file, as docker reads it."""
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))


def filled(value: str, given: dict[str, str]) -> str:
    def one(found: re.Match[str]) -> str:
        name, kind, rest = found[1], found[2], found[3]
        if given.get(name):
            return given[name]
        if kind == ":?":
            sys.exit(f"required variable {name} is missing a value: {rest}")
        return rest

    return re.sub(r"\$\{(\w+)(:-|:\?)([^}]*)\}", one, value)


class Compose:
    def __init__(self, file: Path) -> None:
        self.file, self.given = yaml.safe_load(file.read_text(encoding="utf-8")), settings(file.parent)
        key = filled(self.file["secrets"]["cle"]["file"], self.given)
        self.replaced = {"/run/secrets/cle": key, "@db:5432": f"@{DATABASE}"}

    def environment(self, service: str) -> dict[str, str]:
        found = {
            name: filled(str(value), self.given)
            for name, value in self.file["services"][service]["environment"].items()
        }
        for here, there in self.replaced.items():
            found = {name: value.replace(here, there) for name, value in found.items()}
        return {"PATH": os.environ["PATH"], **found}

    def command(self, words: list[str]) -> list[str]:
        return ["jalon", *(word.replace("0.0.0.0", "127.0.0.1").replace("8080", PORT) for word in words)]

    def services(self, names: list[str]) -> list[tuple[str, Path]]:
        wanted = names or [name for name in self.file["services"] if name != "db"]
        counts = {name: self.file["services"][name].get("deploy", {}).get("replicas", 1) for name in wanted}
        return [(name, MACHINE / f"{name}-{number}.pid") for name in wanted for number in range(counts[name])]

    def up(self, names: list[str], *, anew: bool) -> None:
        if anew:
            self.stop(names)
        for name, pid in self.services(names):
            if not pid.exists():
                with LOG.open("ab") as log:
                    process = subprocess.Popen(
                        self.command(self.file["services"][name]["command"]),
                        env=self.environment(name),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                pid.write_text(str(process.pid))
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + 240
        started = [int(pid.read_text()) for _, pid in self.services([])]
        while time.monotonic() < end and all(map(is_running, started)):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2):
                return
            time.sleep(0.1)
        sys.exit(f"jalon did not start:\n{LOG.read_text(encoding='utf-8')}")

    def stop(self, names: list[str]) -> None:
        running = [(int(pid.read_text()), pid) for _, pid in self.services(names) if pid.exists()]
        for number, pid in running:
            pid.unlink()
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
        end = time.monotonic() + 90
        while any(is_running(number) for number, _ in running):
            if time.monotonic() > end:
                sys.exit("jalon did not stop")
            time.sleep(0.05)

    def execute(self, words: list[str]) -> int:
        """Inside the container of the database."""
        host, _, port = DATABASE.partition(":")
        inside = {**os.environ, "PGHOST": host, "PGPORT": port}
        return subprocess.run(words, env=inside, check=False).returncode

    def run(self, service: str, words: list[str]) -> int:
        return subprocess.run(self.command(words), env=self.environment(service), check=False).returncode


def main() -> int:
    compose, option, file, act, *words = sys.argv[1:]
    assert (compose, option) == ("compose", "--file")
    here = Compose(Path(file))
    options = {word for word in words if word in {"--detach", "--build", "--force-recreate", "-T", "--rm"}}
    words = words[len(options) :] if act in {"exec", "run"} else [word for word in words if word not in options]
    match act:
        case "up":
            here.up(words, anew="--force-recreate" in options)
        case "stop":
            here.stop(words)
        case "exec":
            assert words[0] == "db"
            return here.execute(words[1:])
        case "run":
            return here.run(words[0], words[1:])
        case _:
            sys.exit(f"docker compose {act} is not stood for")
    return 0


if __name__ == "__main__":
    sys.exit(main())
