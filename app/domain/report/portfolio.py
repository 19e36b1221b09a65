"""Every product of a portfolio as it stood at one moment: what the digest, the pages and the exports all show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from app.domain.policy.calendar import day_of, midnight
from app.domain.policy.model import Policy
from app.domain.product import checklist, gates
from app.domain.product.description import DIRECTION, NEEDS, direction, last_outcome
from app.domain.product.facts import (
    BallotCast,
    Fact,
    History,
    PhaseEntered,
    ProductDescribed,
    ProductFiled,
    ProductImported,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import OpenCondition, ProductState, standing

MONTH = timedelta(days=30.4375)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A product as a report reads it: where it is, its name and the support it asks for now, and its history."""

    repository: str
    number: int
    title: str
    history: History
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatAwaited:
    id: str
    name: str
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A gate that waits for the committee; `days` since it was requested, `awaited` the seats still silent."""

    gate: int
    target: str
    since: datetime
    days: int
    deadline: datetime
    last_day: date
    """The day shown of the deadline."""
    overdue: bool
    spoken: int
    quorum: int
    awaited: tuple[SeatAwaited, ...]
    recused: tuple[str, ...]
    concerned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """An open condition; `due` is a day, when its text gave one."""

    number: int
    text: str
    seat: str
    owner: str
    due: str
    overdue: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product at one moment. Times in phase are whole days, as they pass in the committee's place."""

    repository: str
    number: int
    title: str
    direction: str
    author: str
    phase: str
    since: datetime
    days: int
    entered: datetime
    active: bool
    """False in a phase that nothing leaves."""
    state: str
    """gate, conditions, refused, stalled, ended, or steady: the first that holds."""
    actor: str
    """Who acts next: committee, secretariat, team, or nobody."""
    gate: Waiting | None
    conditions: tuple[Condition, ...]
    last_activity: datetime
    last_seen: datetime | None
    """When the committee last opened or closed a gate of this product."""
    stalled: bool
    unseen: bool
    needs: tuple[str, ...]
    done: int
    total: int
    required_left: int
    standing: ProductState = field(repr=False, compare=False)


def light(fact: Fact) -> Fact:
    """What reports read of a fact. Forms are long and causes many: kept for thousands of products, they add up."""
    match fact:
        case ProductFiled() | ProductImported():
            kept = tuple(pair for pair in fact.answers if pair[0] in (DIRECTION, NEEDS))
            return replace(fact, cause="", answers=kept)
        case BallotCast():
            return replace(fact, cause="", digest="")
        case _:
            return replace(fact, cause="")


def _outline(state: ProductState) -> ProductState:
    """What reports read of a standing: what became of each box matters to the row alone."""
    return replace(state, answers={}, stays=[replace(stay, answers=None) for stay in state.stays])


def until(history: History, moment: datetime) -> History:
    """What was known just before a moment."""
    return tuple(takewhile(lambda fact: fact.at < moment, history))


def rows(products: Iterable[Tracked], policy: Policy, at: datetime) -> tuple[ProductRow, ...]:
    """The portfolio as known at a moment; a product that had not entered any phase yet is not in it."""
    found = (row(product, policy, at) for product in products)
    return tuple(one for one in found if one is not None)


def row(product: Tracked, policy: Policy, at: datetime) -> ProductRow | None:
    """One product, or None before it entered its first phase, and once it is followed no longer."""
    history = until(product.history, at)
    state = standing(history)
    stay, today = state.stay, day_of(at, policy.timezone)
    if stay is None or state.left:
        return None
    active = bool(policy.exits(stay.phase))
    lines = checklist.lines(policy, stay.phase, state.answers)
    waiting = _waiting(state.open_gate, policy.timezone, at) if state.open_gate else None
    conditions = tuple(_condition(one, state, today) for one in state.open_conditions)
    moments = (moment for fact in history for moment in _activity(fact, policy.timezone))
    last_activity = max(moments, default=stay.since)
    last_seen = _last_seen(state)
    stalled = active and not waiting and at - last_activity >= timedelta(weeks=policy.follow_up.weeks(stay.phase))
    unseen_since = last_seen or state.stays[0].since
    return ProductRow(
        repository=product.repository,
        number=product.number,
        title=product.title,
        direction=direction(state),
        author=state.filed.by if state.filed else "",
        phase=stay.phase,
        since=stay.since,
        days=(today - day_of(stay.since, policy.timezone)).days,
        entered=state.stays[0].since,
        active=active,
        state=_state(state, active, stalled),
        actor=_actor(waiting, active),
        gate=waiting,
        conditions=conditions,
        last_activity=last_activity,
        last_seen=last_seen,
        stalled=stalled,
        unseen=active and at - unseen_since >= policy.follow_up.unseen_months * MONTH,
        needs=product.needs,
        done=sum(line.settled for line in lines),
        total=len(lines),
        required_left=len(checklist.unsettled_required(lines)),
        standing=_outline(state),
    )


def _activity(fact: Fact, place: str) -> Iterator[datetime]:
    """When somebody did something; a product taken over has the last date that its former follow-up told."""
    match fact:
        case ProductDescribed() | PhaseEntered(imported=True):
            return
        case ProductImported():
            told = (day for past in fact.past for day in (past.began, past.ended))
            known = [day for day in told if day and day <= day_of(fact.at, place).isoformat()]
            yield midnight(date.fromisoformat(max(known)), place) if known else fact.at
        case _:
            yield fact.at


def _last_seen(state: ProductState) -> datetime | None:
    seen = [closing.at for gate in state.gates.values() for closing in (gate.request, gate.decision) if closing]
    return max(seen, default=None)


def _state(state: ProductState, active: bool, stalled: bool) -> str:
    if state.open_gate:
        return "gate"
    if state.open_conditions:
        return "conditions"
    if not active:
        return "ended"
    if last_outcome(state) == "nogo":
        return "refused"
    return "stalled" if stalled else "steady"


def _actor(waiting: Waiting | None, active: bool) -> str:
    """A gate past its deadline is the secretariat's to close; one still open is the committee's to answer."""
    if waiting:
        return "secretariat" if waiting.overdue else "committee"
    return "team" if active else "nobody"


def _waiting(record: GateRecord, place: str, at: datetime) -> Waiting:
    request, count = record.request, gates.tally(record)
    mandatory = set(count.missing_mandatory)
    return Waiting(
        gate=request.gate,
        target=request.target,
        since=request.at,
        days=(day_of(at, place) - day_of(request.at, place)).days,
        deadline=record.deadline,
        last_day=record.last_day,
        overdue=at >= record.deadline,
        spoken=count.spoken,
        quorum=request.rule.quorum,
        awaited=tuple(
            SeatAwaited(seat.id, seat.name, seat.id in mandatory) for seat in request.seats if seat.id in count.silent
        ),
        recused=tuple(seat.name for seat in request.seats if seat.id in count.recused),
        concerned=request.concerned,
    )


def _condition(condition: OpenCondition, state: ProductState, today: date) -> Condition:
    fact = condition.fact
    due = fact.condition.due
    return Condition(
        number=fact.number,
        text=fact.condition.text,
        seat=gates.seat_name(state.gates[fact.gate], fact.seat),
        owner=fact.condition.owner,
        due=due,
        overdue=bool(due) and due < today.isoformat(),
        since=fact.at,
    )
