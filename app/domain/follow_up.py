"""The policy's section on what the reports watch, every key optional, each problem with its line and column."""

from __future__ import annotations

from app.domain.document import Node, Reader
from app.domain.policy import FollowUp

NUMBERS = {"unseen_months": 1, "cut_off_days": 0, "minutes_per_gate": 1}
"""Each number's least value."""


def read_follow_up(reader: Reader, node: Node | None, phases: list[str]) -> FollowUp:
    """The section, or the defaults where it is silent."""
    default = FollowUp()
    if node is None:
        return default
    entry = reader.table(node, "follow_up", (), ("stalled_weeks", *NUMBERS, "public_pages"))
    weeks = (
        reader.table(entry["stalled_weeks"], "follow_up.stalled_weeks", (), phases) if "stalled_weeks" in entry else {}
    )
    numbers = {
        name: reader.number(entry[name], f"follow_up.{name}", least) for name, least in NUMBERS.items() if name in entry
    }
    return FollowUp(
        stalled_weeks={
            phase: reader.number(value, f"follow_up.stalled_weeks.{phase}") for phase, value in weeks.items()
        },
        public_pages=reader.flag(entry.get("public_pages"), "follow_up.public_pages", default.public_pages),
        **numbers,
    )
