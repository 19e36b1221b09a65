"""Tables of the pages as CSV or JSON, harmless to whoever opens them in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.policy.calendar import day_of
from app.domain.policy.model import Policy
from app.domain.reading.visible import visible
from app.domain.report.indicators import AGES, Indicators, SeatDuty
from app.domain.report.portfolio import ProductRow
from app.domain.report.quarters import Quarterly
from app.domain.report.refusals import Refusals
from app.domain.report.reuse_figures import Quarter, ReuseFlow
from app.reports.csv_export import csv_lines


@dataclass(frozen=True)
class Sheet:
    """Columns named once and for all, in English, so that what reads them does not depend on the language."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def as_csv(sheet: Sheet, separator: str = ",") -> str:
    """RFC 4180, with a byte order mark."""
    return "".join(csv_lines(sheet.columns, sheet.rows, separator))


def as_json(sheet: Sheet) -> str:
    lines = [dict(zip(sheet.columns, map(_seen, row), strict=True)) for row in sheet.rows]
    return json.dumps(lines, ensure_ascii=False, indent=1) + "\n"


def _seen(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


COLUMNS = (
    "repository",
    "number",
    "title",
    "direction",
    "phase",
    "phase_name",
    "since",
    "days",
    "state",
    "actor",
    "gate_target",
    "gate_since",
    "seats_awaited",
    "open_conditions",
    "overdue_conditions",
    "items_done",
    "items",
    "required_left",
    "last_activity",
    "last_seen",
    "needs",
)


def portfolio(found: Sequence[ProductRow], policy: Policy) -> Sheet:
    return Sheet(COLUMNS, tuple(_product(row, policy) for row in found))


def across(found: Sequence[tuple[str, Sequence[ProductRow], Policy]]) -> Sheet:
    """The portfolios of several committees, each under its own rules: what it is called comes first."""
    rows = ((name, *_product(row, policy)) for name, products, policy in found for row in products)
    return Sheet(("committee", *COLUMNS), tuple(rows))


def _product(row: ProductRow, policy: Policy) -> tuple[Any, ...]:
    gate = row.gate
    return (
        row.repository,
        row.number,
        row.title,
        row.direction,
        row.phase,
        policy.phase(row.phase).name,
        day_of(row.since, policy.timezone).isoformat(),
        row.days,
        row.state,
        row.actor,
        gate.target if gate else None,
        day_of(gate.since, policy.timezone).isoformat() if gate else None,
        ", ".join(seat.name for seat in gate.awaited) if gate else None,
        len(row.conditions),
        sum(condition.overdue for condition in row.conditions),
        row.done,
        row.total,
        row.required_left,
        day_of(row.last_activity, policy.timezone).isoformat(),
        day_of(row.last_seen, policy.timezone).isoformat() if row.last_seen else None,
        ", ".join(row.needs),
    )


def waiting(duties: Sequence[SeatDuty], policy: Policy) -> Sheet:
    """What awaits one seat."""
    columns = ("repository", "number", "title", "phase", "target", "since", "days", "deadline", "overdue", "mandatory")
    rows = []
    for duty in duties:
        row, gate = duty.row, duty.row.gate
        if gate:
            origin, target = policy.phase(row.phase).name, policy.phase(gate.target).name
            days = day_of(gate.since, policy.timezone).isoformat(), gate.days, gate.last_day.isoformat()
            rows.append((row.repository, row.number, row.title, origin, target, *days, gate.overdue, duty.mandatory))
    return Sheet(columns, tuple(rows))


def figures(told: Indicators) -> Sheet:
    """Every figure of the indicators, one to a line: what it counts, of what, how many."""
    lines: list[tuple[str, str, str, Any]] = [("portfolio", "", "products", told.total)]
    bounds = [*(f"under_{bound}_days" for bound in AGES), f"from_{AGES[-1]}_days"]
    for phase in told.phases:
        for name, value in (("reached", phase.reached), ("now", phase.now), ("usual_days", phase.usual_days)):
            lines.append(("phase", phase.name, name, value))
        lines += [("phase", phase.name, name, value) for name, value in zip(bounds, phase.ages, strict=True)]
    for gate in told.gates:
        for name in (
            "asked",
            "go",
            "conditional",
            "nogo",
            "withdrawn",
            "waiting",
            "go_share",
            "wait_days",
            "longest_wait",
        ):
            lines.append(("gate", gate.name, name, getattr(gate, name)))
    for seat in told.seats:
        for name in ("asked", "spoke", "late", "recused", "share"):
            lines.append(("seat", seat.name, name, getattr(seat, name)))
    lines += _quarters(told.quarterly)
    lines += _objections(told.refusals)
    lines += _reuse(told.reuse)
    return Sheet(("kind", "of", "figure", "value"), tuple(lines))


def _quarters(told: Quarterly) -> Iterator[tuple[str, str, str, Any]]:
    """By quarter, then by the gate or the phase: « 2026-Q4 MVP »."""
    for one in told.quarters:
        of = _quarter(one.quarter)
        for name in ("go", "conditional", "nogo", "points", "wait_days"):
            yield "quarter", of, name, getattr(one, name)
        for (_, target), days in zip(told.targets, one.waits, strict=True):
            yield "quarter_gate", f"{of} {target}", "wait_days", days
        for (_, phase), entered in zip(told.phases, one.entered, strict=True):
            yield "quarter_phase", f"{of} {phase}", "entered", entered


def _objections(told: Refusals) -> Iterator[tuple[str, str, str, Any]]:
    for kind, lines in (("aspect", told.aspects), ("objector", told.seats)):
        for one in lines:
            yield kind, one.name, "points", one.refused
            yield kind, one.name, "conditions", one.conditions


def _reuse(flow: ReuseFlow) -> Iterator[tuple[str, str, str, Any]]:
    """By quarter, as « 2026-Q4 », and by door."""
    for door in flow.doors:
        of = f"{_quarter(door.quarter)} {door.door}"
        for name in ("answered", "accepted", "share"):
            yield "door", of, name, getattr(door, name)
    for one in flow.coverage:
        yield "needs", _quarter(one.quarter), "filed", one.filed
        yield "needs", _quarter(one.quarter), "covered", one.covered
    for reused in flow.top:
        yield "reused", reused.name, "products", reused.products


def _quarter(quarter: Quarter) -> str:
    return f"{quarter.year}-Q{quarter.number}"
