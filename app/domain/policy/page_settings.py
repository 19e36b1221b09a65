"""The policy's section on what the pages say of themselves: whose they are, how accessible, who answers for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.policy.document import DocumentReader, Node, ProblemKind

STATUSES = ("none", "partial", "full")
"""What an audit of accessibility found, as the law names it; `none` without an audit."""
LINK = r"https://[^\s<>\"]{1,500}"
ADDRESS = rf"[^\s@<>\"]{{1,64}}@[A-Za-z0-9.-]{{1,253}}|{LINK}"
LEGAL = ("publisher", "director", "host", "contact")


@dataclass(frozen=True)
class Accessibility:
    status: str = STATUSES[0]
    contact: str = ""
    """Where somebody who is stopped by a barrier writes: an e-mail address or a web address."""
    report: str = ""
    """The web address of the audit."""


@dataclass(frozen=True)
class Legal:
    publisher: str = ""
    director: str = ""
    host: str = ""
    contact: str = ""


@dataclass(frozen=True)
class PageSettings:
    institution: str = ""
    accessibility: Accessibility = field(default_factory=Accessibility)
    legal: Legal = field(default_factory=Legal)


def read_pages(reader: DocumentReader, node: Node | None) -> PageSettings:
    """The section, or silence: the pages then say plainly what has not been told."""
    if node is None:
        return PageSettings()
    entry = reader.table(node, "pages", (), ("institution", "accessibility", "legal"))
    return PageSettings(
        reader.text(entry.get("institution"), "pages.institution"),
        _accessibility(reader, entry.get("accessibility")),
        _legal(reader, entry.get("legal")),
    )


def _accessibility(reader: DocumentReader, node: Node | None) -> Accessibility:
    path = "pages.accessibility"
    if node is None:
        return Accessibility()
    entry = reader.table(node, path, (), ("status", "contact", "report"))
    status = reader.text(entry["status"], f"{path}.status") if "status" in entry else STATUSES[0]
    if status and status not in STATUSES:
        mark = entry["status"].mark
        reader.note(mark, f"{path}.status", ProblemKind.NOT_ONE_OF, value=status, allowed=", ".join(STATUSES))
    return Accessibility(
        status,
        reader.text(entry.get("contact"), f"{path}.contact", ADDRESS),
        reader.text(entry.get("report"), f"{path}.report", LINK),
    )


def _legal(reader: DocumentReader, node: Node | None) -> Legal:
    path = "pages.legal"
    entry = reader.table(node, path, (), LEGAL) if node is not None else {}
    patterns = {"contact": ADDRESS}
    return Legal(*(reader.text(entry.get(name), f"{path}.{name}", patterns.get(name)) for name in LEGAL))
