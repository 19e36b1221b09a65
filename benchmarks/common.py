"""What the benchmarks share: servers as processes, medians, tables in Markdown."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.demo.seed import seed
from local_github.server import Sandbox

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "benchmarks/peers"
EXAMPLE = PEERS / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
SECRET = "banc-d-essai"
BOOT_S = 60


def has_node() -> bool:
    """Installs the peers from their lock the first time; says why when it cannot."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("Without Node: Probot and the load generator are SKIPPED.")
        return False
    if not (PEERS / "node_modules/probot").exists():
        done = subprocess.run(["npm", "ci", "--silent"], cwd=PEERS, check=False)
        if done.returncode:
            print("npm could not install the peers: Probot and the load generator are SKIPPED.")
            return False
    return True


def payload() -> bytes:
    """GitHub's own example of a comment just written."""
    examples = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    found = next(item for item in examples if item["name"] == "issue_comment")
    comment = next(item for item in found["examples"] if item["action"] == "created")
    return json.dumps(comment).encode()


def signed(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def settings_of_an_app() -> dict[str, str]:
    """Settings that are good for an App which never calls GitHub."""
    return Sandbox(seed()).environment() | {"JALON_WEBHOOK_SECRET": SECRET, "JALON_LOG_FORMAT": "json"}


@contextlib.contextmanager
def started(command: Sequence[str], environment: dict[str, str], said: str) -> Iterator[tuple[int, int]]:
    """A process and the port it says; ended at the end. `said` is the pattern of the line that tells the port."""
    full = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | environment
    with subprocess.Popen(command, env=full, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            for line in process.stdout or ():
                if found := re.search(said, line):
                    yield int(found[1]), process.pid
                    break
            else:
                raise RuntimeError(f"{command} did not start")
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def jalon(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-u", "-m", "app", *arguments]


def memory_of(pid: int) -> float:
    """Resident memory in MB."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def processor_of(pid: int) -> float:
    """Seconds of processor used since the start, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(condition, seconds: float = 60, step: float = 0.01) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(step)


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()
