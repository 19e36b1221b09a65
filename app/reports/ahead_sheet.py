"""What lies ahead of the committee as a table: one thing to a line, with its day, its product, and whoever must act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.report.ahead import Ahead
from app.reports.sheets import Sheet

COLUMNS = ("kind", "day", "repository", "number", "title", "what", "who", "overdue")


def sheet(found: Ahead) -> Sheet:
    """By kind, then by day."""
    return Sheet(COLUMNS, tuple(_lines(found)))


def _lines(found: Ahead) -> Iterator[tuple[Any, ...]]:
    for session in found.sessions:
        day = session.day.isoformat()
        for row in session.gates:
            target = row.gate.target if row.gate else ""
            late = row.gate is not None and row.gate.overdue
            yield "gate", day, row.repository, row.number, row.title, target, "", late
        for row, condition in session.due:
            who = condition.seat, condition.overdue
            yield "condition", condition.due, row.repository, row.number, row.title, condition.text, *who
    for line in found.expiries:
        row = line.row
        yield "expiry", line.day.isoformat(), row.repository, row.number, row.title, line.item.text, "", line.past
    for lifter in found.lifters:
        yield "overdue_conditions", lifter.since, "", None, "", lifter.overdue, lifter.seat, True
    for seat in found.silent:
        yield "silent", seat.since.isoformat(), "", None, "", seat.sessions, seat.name, False
