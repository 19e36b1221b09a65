"""The policy's settings on second thoughts and stopped clocks, every one optional: former files keep their meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.policy.account_names import read_logins
from app.domain.policy.document import DocumentReader, Node, ProblemKind, Scalar

DAYS = {"rectify_days": (0, 366), "contest_days": (0, 120)}
"""Each number's least and greatest values."""
LONGEST_FREEZE = 366
MOST_FREEZES = 100
Day = Callable[[DocumentReader, Node | None, str], date | None]


@dataclass(frozen=True)
class Freeze:
    """Days on which no clock runs, both included: « réserve électorale »."""

    since: date
    until: date
    reason: str = ""

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class SecondThoughts:
    """How long a decision may be thought again; `direction` are those who may override, nobody unless named."""

    rectify_days: int = 15
    """Days after which the secretariat's slip of the pen stays; with 0, nothing is rectified."""
    contest_days: int = 10
    """Working days within which the product's people may contest; with 0, nothing is contested."""
    direction: tuple[str, ...] = ()


def read_second_thoughts(reader: DocumentReader, node: Node | None) -> SecondThoughts:
    """The section, or the defaults where it is silent."""
    if node is None:
        return SecondThoughts()
    entry = reader.table(node, "second_thoughts", (), (*DAYS, "direction"))
    given = {
        name: reader.number(entry[name], f"second_thoughts.{name}", *bounds)
        for name, bounds in DAYS.items()
        if name in entry
    }
    return SecondThoughts(direction=read_logins(reader, entry.get("direction"), "second_thoughts.direction"), **given)


def read_freezes(reader: DocumentReader, node: Node | None, day: Day) -> tuple[Freeze, ...]:
    """Each with its first and last days, and why."""
    found = []
    for path, item in reader.items(node, "committee.freezes", MOST_FREEZES):
        entry = reader.table(item, path, ("from", "until"), ("reason",))
        since, until = (day(reader, entry.get(name), f"{path}.{name}") for name in ("from", "until"))
        reason = reader.text(entry.get("reason"), f"{path}.reason")
        if since is None or until is None:
            continue
        if until < since or (until - since).days >= LONGEST_FREEZE:
            shown = entry["until"]
            value = str(shown.value) if isinstance(shown, Scalar) else until.isoformat()
            reader.note(shown.mark, f"{path}.until", ProblemKind.BAD_DATE, value=value)
        found.append(Freeze(since, until, reason))
    return tuple(found)
