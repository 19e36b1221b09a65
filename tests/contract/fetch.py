"""Brings GitHub's published schemas, as npm packages whose contents are known, into the ignored folder `.contract`."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / ".contract"
LOCK = json.loads((HERE / "packages.lock.json").read_text(encoding="utf-8"))


def target(name: str) -> Path:
    """Where a file we need of a package is kept, version in its name."""
    return FOLDER / f"{LOCK[name]['version']}-{LOCK[name].get('kept') or Path(LOCK[name]['file']).name}"


def fetch(name: str) -> None:
    """Raises SystemExit when the package is not the one that was locked."""
    known = LOCK[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            f"{known.get('package', name)}@{known['version']}",
            "--silent",
            "--pack-destination",
            folder,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        [package] = Path(folder).iterdir()
        found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if known["integrity"] != f"sha512-{found}":
            sys.exit(f"{name} {known['version']} is not the package that was locked: sha512-{found}")
        with tarfile.open(package) as archive:
            file = archive.extractfile(f"package/{known['file']}")
            assert file
            target(name).write_bytes(file.read())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in LOCK:
        if not target(name).exists():
            fetch(name)
