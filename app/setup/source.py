"""Which copy of Jalon the workflows install: the running one, at its exact commit when pip knows it."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from urllib.parse import urlsplit

from app.setup.changes import SetupRemark

COMMIT = re.compile(r"@([0-9a-f]{40}|[0-9a-f]{64})$")


def running_copy() -> str:
    """`git+https://…@commit` when pip installed this Jalon from git, otherwise empty (PEP 610)."""
    try:
        text = distribution("jalon").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    return from_record(json.loads(text)) if text else ""


def from_record(record: object) -> str:
    """Read pip's record of where a package came from, without any credentials in the address."""
    match record:
        case {"url": str(url), "vcs_info": {"vcs": "git", "commit_id": str(commit)}}:
            parts = urlsplit(url)
            clean = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
            return f"git+{clean}@{commit}"
        case _:
            return ""


def moving(source: str) -> tuple[SetupRemark, ...]:
    """What to do when the copy has no commit: workflows never run what a branch or a tag names."""
    if COMMIT.search(source):
        return ()
    address = source.removeprefix("git+").rpartition("@")[0] or source.removeprefix("git+")
    return (
        SetupRemark(
            f"Les automatismes installeraient « {source} », qui peut changer sans vous : ils refuseront de s’exécuter.",
            "Relancez la commande avec la variable JALON_SOURCE, qui nomme un commit entier : "
            f"« JALON_SOURCE=git+{address}@ » suivi des 40 caractères que donne "
            f"« git ls-remote {address} HEAD ».",
        ),
    )
