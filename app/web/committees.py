"""Pages across the committees that a visitor may read: how many products each follows, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response

from app.domain.policy.model import Seat
from app.domain.report.indicators import duties
from app.domain.report.portfolio import ProductRow
from app.domain.session.held import next_held
from app.reports import sheets
from app.web.context import PAGE, ListPage, PageContext, committee_context, page, taken_away, visit

routes = Blueprint("committees", __name__)
STATES = ("gate", "conditions", "refused", "stalled", "steady")


@dataclass(frozen=True)
class CommitteeLine:
    """One committee: its repository, what it is called, how many products in each situation, its next session."""

    repository: str
    name: str
    active: int
    states: Counter[str]
    session: date | None


@dataclass(frozen=True)
class CommitteeDuties:
    """How many opinions the seats of a person owe in a committee."""

    repository: str
    name: str
    waiting: int


def every() -> Iterator[tuple[str, PageContext]]:
    """Each committee that the visitor may read, by what it is called, under its own rules."""
    here = visit()
    for repository, name in here.committees:
        yield (
            name,
            here
            if repository == here.repository
            else replace(
                committee_context(repository, here.repositories, here.who),
                number=here.number,
                may_sign_in=here.may_sign_in,
            ),
        )


@routes.get("/comites")
def across() -> str:
    """The figures of each committee, and the products in progress of all, by committee then number."""
    found = [(name, one, [row for row in one.rows if row.active]) for name, one in every()]
    lines = [_line(name, one, rows) for name, one, rows in found]
    shown = [(name, one.policy, row) for name, one, rows in found for row in rows]
    part = ListPage.asked(len(shown))
    return page(
        "committees.html",
        lines=lines,
        states=STATES,
        rows=shown[part.start : part.start + PAGE],
        total=len(shown),
        number=part.number,
        pages=part.pages,
    )


@routes.get("/comites.<any(csv, json):shape>")
def across_sheet(shape: str) -> Response:
    """Every product of every committee that the visitor may read, ended ones too."""
    return taken_away(sheets.across([(name, one.rows, one.policy) for name, one in every()]), shape, "comites")


def _line(name: str, one: PageContext, rows: list[ProductRow]) -> CommitteeLine:
    session = next_held(one.sessions, one.policy.committee, one.today)
    return CommitteeLine(one.repository, name, len(rows), Counter(row.state for row in rows), session)


def elsewhere(here: PageContext) -> tuple[CommitteeDuties, ...]:
    """What the seats of the person signed in owe in the other committees that they may read."""
    if here.who is None or len(here.repositories) < 2:
        return ()
    found = []
    for name, one in every():
        seats: tuple[Seat, ...] = one.policy.seats_of(here.who, one.today) if one is not here else ()
        if waiting := sum(len(duties(one.rows, seat.id)) for seat in seats):
            found.append(CommitteeDuties(one.repository, name, waiting))
    return tuple(found)
