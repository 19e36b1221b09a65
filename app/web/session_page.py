"""The page of one session, made to be projected: who sits, then the files one by one, each with its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, request

from app.domain.product import gates
from app.domain.product.gate_record import GateRecord
from app.domain.reading.text import clipped
from app.domain.report.agenda import AgendaItem
from app.domain.report.minutes import Attendance, MinutesLine, attendance_of
from app.domain.report.portfolio import ProductRow
from app.domain.report.report_lines import Ref
from app.domain.session.model import Session
from app.web import acts
from app.web.attendance_act import keeps_secretariat
from app.web.context import PageContext, page, product_row, visit
from app.web.papers import papers, session_day
from app.web.services import scripted

routes = Blueprint("sessions", __name__)
SAID = 90
"""Characters of a reason on a screen that shows the whole file."""


@dataclass(frozen=True)
class SessionFile:
    """A file of the session: waiting, or with what was decided of it."""

    product: Ref
    origin: str
    target: str
    waiting: AgendaItem | None = None
    done: MinutesLine | None = None


@dataclass(frozen=True)
class WrittenOpinion:
    """What one seat said in writing; `said` is cut to a line."""

    seat: str
    choice: str
    said: str
    is_mandatory: bool


@dataclass(frozen=True)
class SessionView:
    """A session with its files: those decided in the order they were, then those that wait in that of the agenda."""

    day: date
    session: Session | None
    attendance: Attendance
    items: tuple[SessionFile, ...]
    minutes_each: int

    @classmethod
    def on(cls, day: date) -> SessionView:
        known, here = papers(), visit()
        told = known.minutes(day)
        done = [SessionFile(one.product, one.origin, one.target, done=one) for one in told.in_session]
        decided = {item.product for item in done}
        waiting = [
            SessionFile(one.product, one.origin, one.target, waiting=one)
            for one in known.agenda(day).items
            if one.product not in decided
        ]
        session = known.on(day)
        attended = attendance_of(session, here.policy) if session else told.attendance
        return cls(day, session, attended, (*done, *waiting), here.policy.follow_up.minutes_per_gate)

    def place(self, number: int) -> int:
        """The rank of a product's file, from nought; ends the request with 404 when it is none of this session's."""
        ranks = (rank for rank, item in enumerate(self.items) if item.product.number == number)
        rank = next(ranks, None)
        return abort(404) if rank is None else rank


@routes.get("/seances/<text>")
def session(text: str) -> str | Response:
    """Who sits, and the list of the files."""
    here, day = visit(), session_day(text)
    posted = request.args.get("publie", 0, type=int)
    return scripted(page("session.html", told=SessionView.on(day), keeps=keeps_secretariat(here), posted=posted))


@routes.get("/seances/<text>/dossier/<int:number>")
def item(text: str, number: int) -> str | Response:
    """One file on one screen: what it is, what was said, what is owed, and the four decisions."""
    here, day = visit(), session_day(text)
    told = SessionView.on(day)
    rank = told.place(number)
    owner, _, name = here.repository.partition("/")
    row = product_row(owner, name, number)
    record = row.standing.open_gate
    return scripted(
        page(
            "session_item.html",
            told=told,
            item=told.items[rank],
            rank=rank,
            before=told.items[rank - 1] if rank else None,
            after=told.items[rank + 1] if rank + 1 < len(told.items) else None,
            row=row,
            gate=record,
            opinions=_opinions(record) if record else (),
            entry=_entry(here, row),
            is_held=day <= here.today,
        )
    )


def _entry(here: PageContext, row: ProductRow) -> acts.ActTarget | None:
    """The way into the decision, for who may enter it."""
    if not keeps_secretariat(here) or row.gate is None:
        return None
    owner, _, name = row.repository.partition("/")
    found = acts.act_target("decide", acts.situation(owner, name, row.number)[1])
    return None if found.refused else found


def _opinions(record: GateRecord) -> tuple[WrittenOpinion, ...]:
    counting, mandatory = record.counting, set(record.request.rule.mandatory)
    found = []
    for seat in record.request.seats:
        ballot = counting.get(seat.id)
        choice = ballot.choice if ballot else ""
        texts = [ballot.reason, *(one.text for one in ballot.conditions)] if ballot else []
        said = clipped(" ; ".join(filter(None, texts)), SAID)
        told = "conditions" if ballot and choice == "go" and ballot.conditions else choice
        found.append(WrittenOpinion(gates.seat_name(record, seat.id), told, said, seat.id in mandatory))
    return tuple(found)
