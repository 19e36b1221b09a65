"""The minutes of a session: who sat, what was decided, by whom and on which conditions, and what was left for later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.policy.calendar import cut_off, day_of, midnight
from app.domain.policy.model import Policy
from app.domain.product import gates
from app.domain.product.facts import GateDecided, GatePostponed, History, Point
from app.domain.product.gate_record import GateRecord
from app.domain.product.second_thought_facts import (
    DecisionContested,
    DecisionOverridden,
    DecisionRectified,
    LiftRectified,
)
from app.domain.product.state import ProductState, standing
from app.domain.reading.condition_wording import after_day, beyond
from app.domain.report.agenda import previous_session
from app.domain.report.digest import thought_again
from app.domain.report.portfolio import ProductRow
from app.domain.report.report_lines import DecisionLine, Ref, ref
from app.domain.session.model import Session

CHOICES = ("go", "conditions", "nogo", "abstain", "recuse", "")
"""What a seat said in writing; the last one is nothing."""
SessionOf = Callable[[date], date | None]
"""The last session held, on a given day, that day included."""


@dataclass(frozen=True)
class Attendance:
    """Who sat, each by name; `is_recorded` when the secretariat entered it once, and else gathered from decisions.

    `begun` and `ended` are hours of the committee's place, empty while nobody told them.
    """

    present: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    """A seat, and who stood in for its people."""
    excused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    place: str = ""
    begun: str = ""
    ended: str = ""
    is_recorded: bool = False


@dataclass(frozen=True)
class Voices:
    """The seats that said one thing in writing."""

    choice: str
    seats: tuple[str, ...]


@dataclass(frozen=True)
class SetCondition:
    """A condition of a go: who set it, who lifts it off, and by when; `seat` is empty for the session itself."""

    number: int
    seat: str
    text: str
    owner: str
    due: str


@dataclass(frozen=True)
class SecondThoughtLine:
    """What was thought again of a decision: rectified, contested, overridden, or the lift of a condition taken back.

    `was` is empty where nothing was decided before, `outcome` where nothing is decided anew; `held` is the session to
    which it goes back.
    """

    product: Ref
    gate: int
    origin: str
    target: str
    kind: str
    at: datetime
    by: str
    why: str
    was: str = ""
    outcome: str = ""
    condition: int = 0
    held: str = ""


@dataclass(frozen=True)
class MinutesLine:
    """A decision, or its postponement `until` a day; `by` recorded it."""

    product: Ref
    gate: int
    at: datetime
    origin: str
    target: str
    outcome: str
    by: str
    present: tuple[str, ...]
    excused: tuple[str, ...]
    voices: tuple[Voices, ...]
    points: tuple[Point, ...]
    """The points of a no-go, or the reason of a postponement."""
    conditions: tuple[SetCondition, ...]
    until: date | None = None
    is_closed: bool = False
    """Whether the secretariat closed the gate, and the ballots did not end it by themselves."""
    again: tuple[SecondThoughtLine, ...] = ()


@dataclass(frozen=True)
class Untreated:
    """A gate that the session was to take, and did not."""

    product: Ref
    origin: str
    target: str
    since: datetime


@dataclass(frozen=True)
class Minutes:
    """What a session decided, what it left, and what was decided in writing since the one before."""

    session: date
    before: date | None
    attendance: Attendance
    in_session: tuple[MinutesLine, ...]
    untreated: tuple[Untreated, ...]
    in_writing: tuple[MinutesLine, ...]
    thoughts: tuple[DecisionLine, ...] = ()
    """What was thought again since the session before: rectified, contested, overridden."""


def minutes(
    found: Iterable[ProductRow],
    policy: Policy,
    session: date,
    attendance: Attendance | None = None,
    session_at: SessionOf | None = None,
) -> Minutes:
    """The minutes as the register tells them now; `attendance` is what the secretariat entered once, if it did."""
    span = _Span.of(policy, session, session_at)
    together, written, left = [], [], []
    thoughts = list[DecisionLine]()
    for row in found:
        thoughts += thought_again(row, policy, span.start, span.end)
        if not span.may_tell(row):
            continue
        history = row.history()
        state = standing(history)
        for record in state.gates.values():
            lines = list(_lines(row, state, record, policy))
            second_thoughts = tuple(_second_thoughts(row, history, record, policy))
            held = [replace(line, again=second_thoughts) for line in lines if span.was_held(line, record)]
            together += held
            written += [replace(line, again=second_thoughts) for line in lines if span.was_written(line)]
            if not held and span.was_expected(record):
                left.append(Untreated(ref(row), *_moves(record, policy), record.request.at))
    order = {seat.name: rank for rank, seat in enumerate(policy.committee.seats)}
    return Minutes(
        session,
        span.before,
        _attended(attendance, _gathered(together, order)),
        tuple(sorted(together, key=_order)),
        tuple(sorted(left, key=lambda one: (one.since, one.product.repository, one.product.number))),
        tuple(sorted(written, key=_order)),
        tuple(sorted(thoughts, key=lambda one: (one.at, one.product.repository, one.product.number, one.gate))),
    )


def _order(line: MinutesLine) -> tuple[datetime, str, int, int]:
    return line.at, line.product.repository, line.product.number, line.gate


@dataclass(frozen=True)
class _Span:
    """The days of which these minutes tell, and which session a decision belongs to."""

    session: date
    before: date | None
    place: str
    limit: datetime
    session_at: SessionOf

    @classmethod
    def of(cls, policy: Policy, session: date, session_at: SessionOf | None) -> _Span:
        def usual(day: date) -> date | None:
            return previous_session(policy.committee, day + timedelta(days=1))

        known = session_at or usual
        return cls(session, known(session - timedelta(days=1)), policy.timezone, cut_off(session, policy), known)

    @property
    def start(self) -> datetime:
        """The first instant after the session before, or a week before where there was none."""
        return midnight((self.before or self.session - timedelta(weeks=1)) + timedelta(days=1), self.place)

    @property
    def end(self) -> datetime:
        return midnight(self.session + timedelta(days=1), self.place)

    def may_tell(self, row: ProductRow) -> bool:
        """Whether a product's history is worth reading for these minutes."""
        told = row.standing
        if told.last is not None and told.last < self.start and all(gate.ended for gate in told.gates):
            return False
        return any(gate.asked < self.end for gate in told.gates)

    def was_held(self, line: MinutesLine, record: GateRecord) -> bool:
        """Whether the committee took it at this session: at the one told, else at the last one held by then."""
        if not (line.present or line.until):
            return False
        told = record.decision.held if record.decision and line.until is None else ""
        day = day_of(line.at, self.place)
        held = date.fromisoformat(told) if told else self.session_at(day)
        return held == self.session

    def was_written(self, line: MinutesLine) -> bool:
        return not line.present and line.until is None and self.start <= line.at < self.end

    def was_expected(self, record: GateRecord) -> bool:
        """Whether it was on the agenda, and still waited when the day of the session began."""
        ending = record.ending
        return record.request.at < self.limit and (ending is None or ending.at >= self.end)


def _lines(row: ProductRow, state: ProductState, record: GateRecord, policy: Policy) -> Iterator[MinutesLine]:
    for put_off in record.postponements:
        yield _postponed(row, record, put_off, policy)
    if record.decision is not None:
        yield _decided(row, state, record, record.decision, policy)


def _moves(record: GateRecord, policy: Policy) -> tuple[str, str]:
    request = record.request
    return policy.phase(request.origin).name, policy.phase(request.target).name


def _postponed(row: ProductRow, record: GateRecord, fact: GatePostponed, policy: Policy) -> MinutesLine:
    until = day_of(fact.deadline - timedelta(microseconds=1), fact.timezone)
    why = after_day(fact.reason, until.isoformat())
    return MinutesLine(
        ref(row),
        record.request.gate,
        fact.at,
        *_moves(record, policy),
        outcome="postponed",
        by=fact.by,
        present=(),
        excused=(),
        voices=_voices(record),
        points=(Point("", why),) if why else (),
        conditions=(),
        until=until,
    )


def _decided(
    row: ProductRow, state: ProductState, record: GateRecord, fact: GateDecided, policy: Policy
) -> MinutesLine:
    conditions = tuple(_conditions(state, record, fact))
    points = gates.objections(replace(record, second_thoughts=())) if fact.outcome == "nogo" else ()
    return MinutesLine(
        ref(row),
        record.request.gate,
        fact.at,
        *_moves(record, policy),
        outcome="conditional" if fact.outcome == "go" and conditions else fact.outcome,
        by=fact.by,
        present=tuple(gates.seat_name(record, seat) for seat in fact.present),
        excused=fact.excused,
        voices=_voices(record),
        points=tuple(Point(one.seat, beyond(one.text, one.seat)) for one in points)
        or ((Point("", fact.reason),) if fact.reason else ()),
        conditions=conditions,
        is_closed=not fact.present and record.decided_by_hand,
    )


def _second_thoughts(
    row: ProductRow, history: History, record: GateRecord, policy: Policy
) -> Iterator[SecondThoughtLine]:
    """What was thought again of one gate, in order."""
    about = ref(row), record.request.gate, *_moves(record, policy)
    for fact in history:
        if getattr(fact, "gate", None) != record.request.gate:
            continue
        note = fact.at, fact.by
        match fact:
            case DecisionRectified():
                yield SecondThoughtLine(*about, "rectified", *note, fact.why, fact.was, fact.outcome)
            case DecisionOverridden():
                yield SecondThoughtLine(*about, "overridden", *note, fact.reason, fact.was, fact.outcome)
            case DecisionContested():
                yield SecondThoughtLine(
                    *about, "contested", *note, fact.grounds, condition=fact.condition, held=fact.held
                )
            case LiftRectified():
                yield SecondThoughtLine(*about, "lift", *note, fact.reason, condition=fact.number)


def _voices(record: GateRecord) -> tuple[Voices, ...]:
    counting = record.counting
    said: dict[str, list[str]] = {choice: [] for choice in CHOICES}
    for seat in record.request.seats:
        ballot = counting.get(seat.id)
        choice = (
            "" if ballot is None else "conditions" if ballot.choice == "go" and ballot.conditions else ballot.choice
        )
        said[choice].append(seat.name)
    return tuple(Voices(choice, tuple(names)) for choice, names in said.items() if names)


def _conditions(state: ProductState, record: GateRecord, decided: GateDecided) -> Iterator[SetCondition]:
    """Those that came with the decision, whatever became of it since."""
    for one in state.conditions.values():
        fact, told = one.fact, one.fact.condition
        if fact.gate == record.request.gate and fact.cause == decided.cause:
            seat = gates.seat_name(record, fact.seat) if fact.seat else ""
            yield SetCondition(fact.number, seat, told.text, told.owner, told.due)


def _attended(told: Attendance | None, gathered: Attendance) -> Attendance:
    """What was entered, whole; where nobody entered who sat, the place and the hours alone."""
    if told is None or told.is_recorded:
        return told or gathered
    return replace(told, present=gathered.present, excused=told.excused or gathered.excused)


def _gathered(lines: Iterable[MinutesLine], order: dict[str, int]) -> Attendance:
    """Who sat, by the decisions taken: whoever was there for one of them was there."""
    lines = tuple(lines)
    present = dict.fromkeys(name for line in lines for name in line.present)
    excused = dict.fromkeys(name for line in lines for name in line.excused if name not in present)

    def in_order(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))

    return Attendance(in_order(present), excused=in_order(excused))


def attendance_of(session: Session, policy: Policy) -> Attendance:
    """What the secretariat entered once, in names."""
    names = {seat.id: seat.name for seat in policy.committee.seats}

    def named(seats: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(seat, seat) for seat in seats)

    accounted = {*session.seats, *session.excused}
    return Attendance(
        named(session.seats),
        tuple((names.get(one.seat, one.seat), one.login) for one in session.replaced),
        (*named(session.excused), *session.apologies),
        named(seat for seat in names if seat not in accounted) if session.has_attendance else (),
        session.guests,
        session.place,
        session.begun,
        session.ended,
        session.has_attendance,
    )
