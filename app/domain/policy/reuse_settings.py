"""The policy's section on reuse: where RADAR is answered, and from how near a need is worth a line."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.policy.document import DocumentReader, Node, ProblemKind
from app.domain.policy.model import Phase, ReuseSettings

NEARNESS = r"0[.,]\d{1,3}|1"


def read_reuse(
    reader: DocumentReader, node: Node | None, phases: Sequence[Phase], seats: list[str]
) -> ReuseSettings | None:
    """The section, or None: rules without it look for nothing, as those of former versions did."""
    if node is None:
        return None
    entry = reader.table(node, "reuse", (), ("radar", "radar_required", "least", "plain_words", "seat"))
    items = [item.id for phase in phases[:1] for item in phase.items]
    nearness = reader.text(entry.get("least"), "reuse.least", NEARNESS)
    return ReuseSettings(
        _among(reader, entry.get("radar"), "reuse.radar", items),
        reader.flag(entry.get("radar_required"), "reuse.radar_required", default=True),
        float(nearness.replace(",", ".")) if nearness else ReuseSettings.least,
        reader.texts(entry.get("plain_words"), "reuse.plain_words"),
        _among(reader, entry.get("seat"), "reuse.seat", seats),
    )


def _among(reader: DocumentReader, node: Node | None, path: str, known: list[str]) -> str:
    found = reader.text(node, path)
    if node is not None and found and found not in known:
        reader.note(node.mark, path, ProblemKind.UNKNOWN_ID, value=found, known=", ".join(known))
    return found
