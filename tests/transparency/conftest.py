"""Judges that nobody here wrote: openssl, and the libraries of Go's checksum database."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.transparency import notes

HERE = Path(__file__).parent
PATIENCE_S = 60
LIBRARIES = Path("/usr/share/gocode")
"""Where Debian's `golang-golang-x-mod-dev` lays them."""


def _tool(name: str, missing: str, *, found: bool = True) -> str:
    path = shutil.which(name)
    if path and found:
        return path
    if os.environ.get("CONTRACT_REQUIRED") == "1":
        pytest.fail(missing)
    return pytest.skip(missing)


def _ran(command: Iterable[str], **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(command), capture_output=True, text=True, timeout=PATIENCE_S, check=False, **more)


@pytest.fixture(scope="session")
def second(tmp_path_factory) -> Callable[[Mapping[str, Any]], subprocess.CompletedProcess[str]]:
    """A second implementation, from packages: Go's `note` and `tlog`."""
    has_libraries = (LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir()
    go = _tool("go", "Go absent: apt-get install golang-go golang-golang-x-mod-dev", found=has_libraries)
    folder = tmp_path_factory.mktemp("go")
    settings = {"GO111MODULE": "off", "GOPATH": str(LIBRARIES), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    built = _ran([go, "build", "-o", folder / "judge", HERE / "go" / "judge.go"], env=os.environ | settings)
    assert built.returncode == 0, built.stderr
    return lambda about: _ran([str(folder / "judge")], input=json.dumps(about))


@pytest.fixture(scope="session")
def openssl(tmp_path_factory) -> Callable[[str, str], str]:
    """What openssl says of the first signature of a note by this key; only the published key and text are given."""
    program = _tool("openssl", "openssl absent")
    folder = tmp_path_factory.mktemp("openssl")

    def judge(note: str, vkey: str) -> str:
        name, _, packed = vkey.split("+", 2)
        text, _, lines = note.rpartition("\n\n")
        line = next(line for line in lines.splitlines() if line.startswith(f"— {name} "))
        public = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(packed)[1:]
        pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(public).decode()}\n-----END PUBLIC KEY-----\n"
        (folder / "key.pem").write_text(pem)
        (folder / "text").write_text(f"{text}\n")
        (folder / "signature").write_bytes(base64.b64decode(line.split(" ")[2])[notes.ID_BYTES :])
        given = ["-inkey", "key.pem", "-in", "text", "-sigfile", "signature"]
        done = _ran([program, "pkeyutl", "-verify", "-pubin", "-rawin", *given], cwd=folder)
        return done.stdout + done.stderr

    return judge


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory) -> Callable[[str, str, str], subprocess.CompletedProcess[str]]:
    """A proof, an entry and a published key, checked by a script of `openssl` and `sha256sum`."""
    for name in ("openssl", "sha256sum", "awk"):
        _tool(name, f"{name} absent")
    folder = tmp_path_factory.mktemp("hand")

    def judge(proof: str, entry: str, vkey: str) -> subprocess.CompletedProcess[str]:
        (folder / "proof").write_text(proof, encoding="utf-8")
        (folder / "entry").write_text(entry, encoding="utf-8")
        return _ran(["sh", str(HERE / "by_hand.sh"), "proof", "entry", vkey], cwd=folder)

    return judge
