"""The policy's section on what the reports watch, every key optional, each problem with its line and column."""

from __future__ import annotations

from app.domain.policy.account_names import read_logins
from app.domain.policy.document import DocumentReader, Node, ProblemKind
from app.domain.policy.model import FollowUp, Reminding

NUMBERS = {"unseen_months": (1, 120), "cut_off_days": (0, 366), "minutes_per_gate": (1, 1_440)}
"""Each number's least and greatest values."""
LONGEST_WEEKS, LONGEST_NOTICE = 520, 366
HOURS = range(7, 19)
"""Those at which people may begin to be reminded."""


def read_follow_up(reader: DocumentReader, node: Node | None, phases: list[str]) -> FollowUp:
    """The section, or the defaults where it is silent."""
    default = FollowUp()
    if node is None:
        return default
    entry = reader.table(node, "follow_up", (), ("stalled_weeks", *NUMBERS, "public_pages", "reminders"))
    weeks = (
        reader.table(entry["stalled_weeks"], "follow_up.stalled_weeks", (), phases) if "stalled_weeks" in entry else {}
    )
    numbers = {
        name: reader.number(entry[name], f"follow_up.{name}", *bounds)
        for name, bounds in NUMBERS.items()
        if name in entry
    }
    return FollowUp(
        stalled_weeks={
            phase: reader.number(value, f"follow_up.stalled_weeks.{phase}", 0, LONGEST_WEEKS)
            for phase, value in weeks.items()
        },
        public_pages=reader.flag(entry.get("public_pages"), "follow_up.public_pages", default.public_pages),
        reminders=_reminders(reader, entry.get("reminders")),
        **numbers,
    )


def _reminders(reader: DocumentReader, node: Node | None) -> Reminding:
    default, path = Reminding(), "follow_up.reminders"
    if node is None:
        return default
    entry = reader.table(node, path, (), ("enabled", "hour", "days_before", "never"))
    return Reminding(
        enabled=reader.flag(entry.get("enabled"), f"{path}.enabled", default.enabled),
        hour=_hour(reader, entry["hour"], f"{path}.hour") if "hour" in entry else default.hour,
        days_before=reader.number(entry["days_before"], f"{path}.days_before", 0, LONGEST_NOTICE)
        if "days_before" in entry
        else default.days_before,
        never=read_logins(reader, entry.get("never"), f"{path}.never"),
    )


def _hour(reader: DocumentReader, node: Node, path: str) -> int:
    hour = reader.number(node, path, HOURS[0])
    if hour not in HOURS:
        reader.note(node.mark, path, ProblemKind.NOT_ONE_OF, value=hour, allowed=f"{HOURS[0]}–{HOURS[-1]}")
    return hour
