"""Stands for systemd, which needs a whole machine: starts and stops what the installed unit says, as it says it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

MACHINE = Path(os.environ["MACHINE"])
PORT = os.environ["MACHINE_PORT"]
UNIT, PID, LOG = MACHINE / "etc/systemd/system/jalon.service", MACHINE / "pid", MACHINE / "journal"


def here(text: str) -> str:
    """A path of the unit, on the machine of the test."""
    return re.sub(r"(?<![\w.])/(?=(?:opt|etc|var)/)", f"{MACHINE}/", text)


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def environment(said: dict[str, list[str]]) -> dict[str, str]:
    credentials = MACHINE / "credentials"
    credentials.mkdir(exist_ok=True)
    for loaded in said["LoadCredential"]:
        name, path = loaded.split(":")
        (credentials / name).write_bytes(Path(here(path)).read_bytes())
    given = [value.replace("%d", str(credentials)) for value in said["Environment"]]
    for file in said["EnvironmentFile"]:
        lines = Path(here(file)).read_text(encoding="utf-8").splitlines()
        given += [line for line in lines if line.strip() and not line.startswith("#")]
    (MACHINE / "var/lib/jalon").mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        **{name: here(value) for name, _, value in (one.partition("=") for one in given)},
    }


def start() -> None:
    said = unit()
    command = shlex.split(here(said["ExecStart"][0]).replace("8080", PORT))
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            command,
            env=environment(said),
            cwd=here(said["WorkingDirectory"][0]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    PID.write_text(str(process.pid))
    end = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
            return
        time.sleep(0.1)
    sys.exit(f"jalon did not start:\n{LOG.read_text(encoding='utf-8')}")


def stop() -> None:
    if not PID.exists():
        return
    pid = int(PID.read_text())
    PID.unlink()
    end = time.monotonic() + 90
    os.kill(pid, signal.SIGTERM)
    while is_running(pid):
        if time.monotonic() > end:
            sys.exit("jalon did not stop")
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Nobody here collects the exit code of what ended: it may stay listed, as a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


ACTS = {"start": [start], "stop": [stop], "restart": [stop, start], "enable": [start], "daemon-reload": []}

if __name__ == "__main__":
    for act in ACTS[sys.argv[1]]:
        act()
