"""The decision of the session, entered by the secretariat from a page: what is typed, and the command that says it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from app.domain.policy.calendar import day_of
from app.domain.product.facts import SeatAtGate
from app.domain.reading.commands import TakenInSession
from app.domain.reading.compose_session import put_off
from app.web.act_kinds import Act, FieldError, Typed, typed_conditions, typed_text
from app.web.situation import Situation

NAME = "decision"
SEAT = "siege_"
"""Before the id of a seat, in the names of the boxes that say who sat."""
LISTS = re.compile(r"[,;/&()]|\bet\b|\band\b", re.IGNORECASE)
"""What parts the names of a list: a seat whose name holds one is meant by its id."""


def decision_refused(here: Situation, _: int) -> str:
    """Why the decision is not entered from here; nothing when it is."""
    if here.gate is None:
        return "act_no_gate"
    if here.is_own:
        return "act_own_product"
    return "" if here.is_secretariat or here.is_secretariat_unknown else "act_not_secretariat"


def session_command(here: Situation, _: int, typed: Typed) -> TakenInSession:
    """What the form says; raises FieldError."""
    choice, held = typed.get("choix", ""), _held(here, typed)
    present = () if choice == "report" else tuple(_present(here, typed))
    if choice in {"go", "reserve"}:
        lines = typed_conditions(here, typed) if choice == "reserve" else ()
        return TakenInSession("go", present, lines, typed_text(typed, "raison"), held=held)
    if choice == "nogo":
        return TakenInSession("nogo", present, (), typed_text(typed, "raison", required=True), held=held)
    if choice == "report":
        until = _day(typed, "jusqu_au")
        reason = put_off(until, typed_text(typed, "raison"), here.policy.language)
        return TakenInSession("later", (), (), reason, held=held, until=until)
    raise FieldError("choix", "act_choice_missing")


def _held(here: Situation, typed: Typed) -> str:
    """The day of the session: one that is over, or today's."""
    day = _day(typed, "seance")
    if not day:
        raise FieldError("seance", "act_session_missing")
    if date.fromisoformat(day) > day_of(here.now, here.policy.timezone):
        raise FieldError("seance", "act_session_ahead")
    return day


def _day(typed: Typed, field: str) -> str:
    text = typed.get(field, "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise FieldError(field, "act_wrong_day", text) from None


def _present(here: Situation, typed: Typed) -> Iterable[str]:
    """The seats ticked; none where the session's own attendance is to be used."""
    seats: tuple[SeatAtGate, ...] = here.gate.request.seats if here.gate else ()
    for seat in seats:
        if typed.get(f"{SEAT}{seat.id}"):
            yield seat.id if LISTS.search(seat.name) else seat.name


def stamp(here: Situation) -> str:
    """A decision is about one gate: a form made for it is not sent to the next."""
    return f"gate {here.gate.request.gate if here.gate else 0}"


ACT = Act(NAME, decision_refused, session_command, stamp)
