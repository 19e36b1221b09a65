"""The list as printed, and the file that may be sent to the maintainers: only facts, no names or words of people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.doctor.findings import Finding, Verdict
from app.doctor.words import NAMES, SENTENCES, TOLD

MARKS = {Verdict.OK: "✓", Verdict.KO: "✗", Verdict.UNKNOWN: "?"}


def finding_lines(finding: Finding, language: str) -> list[str]:
    """One line for what was found, and a second one on what to do if it is not well."""
    rank = 0 if language == "fr" else 1
    values = {"said": finding.said, **finding.facts, **finding.shown}
    words = SENTENCES.get((finding.about, finding.how)) or TOLD[finding.how]
    found, mend = (pair[rank].format_map(values) for pair in words)
    colon = "\u00a0:" if language == "fr" else ":"
    said = [f"{MARKS[finding.state]} {NAMES[finding.about][rank]}{colon} {found}"]
    return [*said, f"  → {mend}"] if mend else said


def report_document(findings: Iterable[Finding], api_url: str, version: str, at: datetime) -> str:
    """As JSON; GitHub's own sentences stay out of it, since they may name an organisation."""
    kept: dict[str, Any] = {
        "jalon": version,
        "github": _kind(api_url),
        "at": at.isoformat(timespec="seconds"),
        "findings": [
            {"about": item.about, "state": item.state, "how": item.how, **({"facts": item.facts} if item.facts else {})}
            for item in findings
        ],
    }
    return json.dumps(kept, ensure_ascii=False, indent=2, default=dict) + "\n"


def _kind(api_url: str) -> str:
    """Which kind of GitHub it is, without its name."""
    host = urlsplit(api_url).hostname or ""
    if host == "api.github.com":
        return "github.com"
    if host.endswith(".ghe.com"):
        return "ghe.com"
    return "local" if host in {"127.0.0.1", "localhost"} else "server"
