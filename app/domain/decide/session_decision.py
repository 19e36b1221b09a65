"""A decision taken by the committee in session, as the secretariat enters it: who was there, what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.decide.ballots import decision, not_secretariat
from app.domain.decide.reasons import Reason
from app.domain.decide.request import Request
from app.domain.decide.session_attendance import SeatsPresent, excused, excused_from, named_seats, recorded_at
from app.domain.policy.calendar import day_of, end_of, term
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import CommandRefused, Fact, GatePostponed
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import Product
from app.domain.reading import conditions, dates
from app.domain.reading.commands import TakenInSession
from app.domain.session import held
from app.domain.session.model import Session

MOST_REPORTS = 20
"""Times that one gate may be put off: whoever has no decision after so many closes it, and asks again later."""
LONGEST = timedelta(days=366)
"""A decision is not put off further than a year: a day that far is a slip."""


def decide_session(
    asked: Request, command: TakenInSession, product: Product, policy: Policy, now: datetime
) -> list[Fact]:
    """The decision, bound by the rule frozen at opening: quorum and mandatory seats present, no standing veto."""
    gate = product.standing.open_gate
    if not product.is_secretariat(asked.who, policy):
        return [not_secretariat(asked, product, policy, now)]
    if product.is_concerned(asked.who):
        return [asked.refused(now, Reason.CONCERNED)]
    if gate is None:
        return [asked.refused(now, Reason.NO_OPEN_GATE)]
    if asked.is_older_than(gate.request):
        return [asked.refused(now, Reason.OLDER_COMMENT)]
    if command.outcome == "later":
        return [_put_off(asked, command, gate, policy, now)]
    told = judged_decision(asked, command, gate, product, policy, now)
    if isinstance(told, CommandRefused):
        return [told]
    return list(decision(asked, product, gate, command.outcome, now, **told))


def judged_decision(
    asked: Request, command: TakenInSession, gate: GateRecord, product: Product, policy: Policy, now: datetime
) -> CommandRefused | dict[str, Any]:
    """What the session said, once the rule of the gate bears it out; else why it does not."""
    today = day_of(now, policy.timezone)
    day = _day(command, gate, product, policy, today)
    session = held.session_on(product.around.sessions, date.fromisoformat(day)) if day else None
    recorded = session if session and session.has_attendance and not command.present else None
    present = recorded_at(recorded, gate, product) if recorded else named_seats(command.present, gate, product)
    refusal = _no_such_session(asked, day, session, today, now)
    refusal = refusal or _unfit(asked, command, gate, present, now, str(session.number) if session else "")
    if refusal:
        return refusal
    return {
        "present": present.seats,
        "reason": command.reason,
        "conditions": tuple(conditions.read_condition(line, policy.aspects, today) for line in command.conditions),
        "excused": excused(command.excused, gate) or (excused_from(recorded, gate, policy) if recorded else ()),
        "held": day,
    }


def _day(command: TakenInSession, gate: GateRecord, product: Product, policy: Policy, today: date) -> str:
    """The day of the session: as it was told, else that of the last one held; nothing when it came before the request.

    What is entered on a Saturday was decided on the Tuesday before, not at the session to come.
    """
    if command.held:
        return dates.latest(command.held, today)
    last = held.last_held(product.around.sessions, policy.committee, today)
    asked_on = day_of(gate.request.at, gate.request.timezone)
    return last.isoformat() if last and last >= asked_on else ""


def _no_such_session(
    asked: Request, day: str, session: Session | None, today: date, now: datetime
) -> CommandRefused | None:
    """Why nothing can have been decided in the session that is told, if it was not held."""
    if day > today.isoformat():
        return asked.refused(now, Reason.SESSION_AHEAD, day=day)
    if session and session.cancelled:
        return asked.refused(now, Reason.SESSION_CANCELLED, day=day, issue=session.number)
    return None


def _put_off(asked: Request, command: TakenInSession, gate: GateRecord, policy: Policy, now: datetime) -> Fact:
    """The report, or why there is none."""
    deadline = put_off_to(command, gate, policy, now)
    if deadline is None:
        return asked.refused(now, Reason.UNREAD_DAY, name="session", words=command.reason, written="", near="")
    if _is_noted(command, deadline, gate, policy, now):
        return asked.refused(now, Reason.SAME_REPORT, deadline=gate.last_day.isoformat())
    if len(gate.postponements) >= MOST_REPORTS:
        return asked.refused(now, Reason.REPORTS_ENOUGH, times=MOST_REPORTS)
    note, number = asked.note(now), gate.request.gate
    return GatePostponed(
        **note, gate=number, deadline=deadline, reason=command.reason, timezone=policy.timezone, told=True
    )


def _is_noted(command: TakenInSession, deadline: datetime, gate: GateRecord, policy: Policy, now: datetime) -> bool:
    """Whether the decision was put off to that very day already, or that very day for the same reason."""
    last = gate.postponed
    if last is None or last.reason != command.reason:
        return False
    is_today = day_of(last.at, policy.timezone) == day_of(now, policy.timezone)
    return deadline == last.deadline if command.until else is_today


def put_off_to(command: TakenInSession, gate: GateRecord, policy: Policy, now: datetime) -> datetime | None:
    """The end of the day that was named, the term of the rules where none was; None when that day is no such day."""
    today = day_of(now, policy.timezone)
    if not command.until:
        last = term(max(today, gate.last_day), gate.request.rule.deadline_days, policy.committee)
        return end_of(last, policy.timezone)
    named = dates.resolved_day(command.until, today)
    end = end_of(date.fromisoformat(named), policy.timezone) if named else now
    return end if now < end < now + LONGEST else None


def _unfit(
    asked: Request,
    command: TakenInSession,
    gate: GateRecord,
    present: SeatsPresent,
    now: datetime,
    session: str,
) -> CommandRefused | None:
    """The reason why the committee could not decide this way in session, if there is one; `session` is its issue."""
    rule, count = gate.request.rule, gates.tally(gate)
    if not command.outcome:
        return asked.refused(now, Reason.OUTCOME_MISSING)
    if not command.present and not present.seats:
        return asked.refused(now, Reason.ATTENDANCE_MISSING, issue=session)
    if present.unknown:
        return asked.refused(now, Reason.PRESENT_UNKNOWN, names=", ".join(present.unknown))
    if present.recused:
        return asked.refused(now, Reason.PRESENT_RECUSED, names=", ".join(present.recused))
    if len(present.seats) < rule.quorum:
        return asked.refused(now, Reason.ATTENDANCE_SHORT, present=len(present.seats), quorum=rule.quorum)
    if present.people < rule.people:
        return asked.refused(now, Reason.ATTENDANCE_FEW, present=present.people, people=rule.people)
    if command.outcome == "nogo":
        return None if command.reason else asked.refused(now, Reason.REASON_MISSING)
    return _unfit_go(asked, gate, count, present, now)


def _unfit_go(
    asked: Request, gate: GateRecord, count: gates.Tally, present: SeatsPresent, now: datetime
) -> CommandRefused | None:
    missing = [seat for seat in count.rule.mandatory if seat not in present.seats]
    recused = [seat for seat in missing if seat in count.recused]
    if recused:
        return asked.refused(now, Reason.MANDATORY_RECUSED, seats=_named(recused, gate))
    if missing:
        return asked.refused(now, Reason.MANDATORY_ABSENT, seats=_named(missing, gate))
    if count.vetoed_by:
        return asked.refused(now, Reason.VETOED, seats=_named(count.vetoed_by, gate))
    return None


def _named(seats: Iterable[str], gate: GateRecord) -> str:
    return ", ".join(gates.seat_name(gate, seat) for seat in seats)
