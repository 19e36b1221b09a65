"""Which copy of Jalon the workflows install: the one running now, at its exact commit when pip knows it."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from urllib.parse import urlsplit


def running_copy() -> str:
    """`git+https://…@commit` when this Jalon was installed by pip from git, else an empty text (PEP 610)."""
    try:
        text = distribution("jalon").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    return from_record(json.loads(text)) if text else ""


def from_record(record: object) -> str:
    """Reads pip's record of where a package came from; credentials that were in the address are left out."""
    match record:
        case {"url": str(url), "vcs_info": {"vcs": "git", "commit_id": str(commit)}}:
            parts = urlsplit(url)
            clean = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
            return f"git+{clean}@{commit}"
        case _:
            return ""
