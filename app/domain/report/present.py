"""The present of a product: what pages and reports need of its history, in one value that time alone never changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from app.domain.decide.reasons import Reason
from app.domain.product import fact_json, gates
from app.domain.product.description import direction, known_description
from app.domain.product.facts import (
    AccountsBound,
    BallotAltered,
    BallotCast,
    BallotOrphaned,
    BallotVoided,
    DecisionRestored,
    Fact,
    GatePostponed,
    GateRequested,
    History,
    PastPhase,
    PhaseEntered,
    Point,
    ProductDescribed,
    ProductImported,
    RecusalEnded,
)
from app.domain.product.gate_record import GateRecord
from app.domain.product.state import OpenCondition, ProductState, Stay, standing
from app.domain.report.reuse_told import ReuseTold, reuse_told
from app.domain.report.second_thought_story import (
    PauseStory,
    SecondThoughtStory,
    first_end,
    pause_of,
    second_thoughts_of,
)

SPOKEN, RECUSED, LATE, EXCUSED, SILENT = "s", "r", "l", "e", "-"
"""What became of a seat at a gate; late, it said something that came too late to count; excused from the session."""
BALLOTS = {"Go", "NoGo", "Abstain", "Recuse"}
"""The commands that speak for a seat, as refusals name them."""
SETTLED = {"done", "na"}
OF_A_GATE = (
    GateRequested,
    AccountsBound,
    BallotCast,
    RecusalEnded,
    BallotVoided,
    BallotOrphaned,
    BallotAltered,
    GatePostponed,
    DecisionRestored,
)
"""The facts that make an open gate what it is."""


@dataclass(frozen=True, slots=True)
class SeatAwaited:
    id: str
    name: str
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A gate that waits for the committee; `days` since it was requested, `awaited` the seats still silent.

    In a present, which no day changes, `days` and `overdue` tell nothing yet.
    """

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
class Takeover:
    """When a product was taken over, and what the former follow-up told of it."""

    at: datetime
    past: tuple[PastPhase, ...]


@dataclass(frozen=True, slots=True)
class PutOff:
    at: datetime
    reason: str


Electorate = tuple[tuple[str, str], ...]
"""The id and the name of each seat."""


@dataclass(frozen=True, slots=True)
class GateStory:
    """A gate as reports tell it; `outcome` is go, conditional, nogo or withdrawn, and empty while it is open.

    `first` is how it ended at the moment `ended`: the same, unless it was thought again; or overridden.
    """

    number: int
    origin: str
    target: str
    asked: datetime
    outcome: str
    ended: datetime | None
    go: int
    """As decided; as counted so far when the committee put its decision off and has not taken it yet."""
    nogo: int
    counted: tuple[int, int]
    """Seats for and against by their ballots, told of a decision put off."""
    present: tuple[str, ...]
    """Names of the seats that were there, when it was decided in session."""
    reasons: tuple[Point, ...]
    put_off: tuple[PutOff, ...]
    seats: Electorate
    voices: str
    """What became of each seat, a letter each."""
    first: str = ""
    second_thoughts: tuple[SecondThoughtStory, ...] = ()

    @property
    def is_overridden(self) -> bool:
        """Whether what holds is nobody's decision of the committee."""
        return any(one.kind == "overridden" for one in self.second_thoughts)

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def decided(self) -> datetime | None:
        """When the committee decided; None while it has not, or when the gate was withdrawn."""
        return self.ended if self.outcome != "withdrawn" else None


@dataclass(frozen=True, slots=True)
class StandingCondition:
    """A condition still open; `seat` is the name of the seat that set it."""

    number: int
    text: str
    seat: str
    owner: str
    due: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Present:
    """Drawn from a history by `present` alone; equal values are told alike by every page and report."""

    title: str = ""
    people: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    direction: str = ""
    author: str = ""
    left: bool = False
    takeovers: tuple[Takeover, ...] = ()
    stays: tuple[Stay, ...] = ()
    settled: frozenset[str] = frozenset()
    """The items of checklists that are done, or not applicable."""
    gates: tuple[GateStory, ...] = ()
    conditions: tuple[StandingCondition, ...] = ()
    lifted: tuple[tuple[datetime, datetime], ...] = ()
    """When each condition that is lifted was set, and lifted."""
    acted: datetime | None = None
    """When somebody last did something here; what the former follow-up told is apart."""
    last: datetime | None = None
    """The latest moment of a fact: before it, the product may have stood otherwise."""
    waiting: Waiting | None = None
    days: tuple[tuple[str, str], ...] = ()
    """The items that are done and whose answer gives a day, with that day (ISO)."""
    reuse: tuple[ReuseTold, ...] = ()
    """What may already answer its need, with what was answered."""
    opening: str = ""
    """The facts of the open gate, as JSON: few products have one, and few reports look into it."""
    paused: PauseStory | None = None

    @property
    def stay(self) -> Stay | None:
        return self.stays[-1] if self.stays else None

    @property
    def imported(self) -> Takeover | None:
        return self.takeovers[-1] if self.takeovers else None

    @property
    def open_gate(self) -> GateRecord | None:
        return _opened(self.opening) if self.opening else None


def present(history: History) -> Present:
    """Where a history leads, as reports tell it; raises KeyError or ValueError when it does not hold together."""
    state = standing(history)
    described, waiting = known_description(state), state.open_gate
    return Present(
        title=described.title,
        people=described.people,
        needs=described.needs,
        direction=direction(state),
        author=state.filed.by if state.filed else "",
        left=state.left is not None,
        takeovers=tuple(Takeover(fact.at, fact.past) for fact in history if isinstance(fact, ProductImported)),
        stays=tuple(Stay(stay.number, stay.phase, stay.since) for stay in state.stays),
        settled=frozenset(item for item, answer in state.answers.items() if answer.state in SETTLED),
        gates=tuple(story(record, state) for record in state.gates.values()),
        conditions=tuple(_condition(one, state) for one in state.open_conditions),
        lifted=tuple((one.fact.at, one.lifted.at) for one in state.conditions.values() if one.lifted),
        paused=pause_of(state),
        acted=max((fact.at for fact in history if _is_activity(fact)), default=None),
        last=max((fact.at for fact in history), default=None),
        waiting=_waiting(waiting) if waiting else None,
        days=tuple(_days(state)),
        reuse=tuple(reuse_told(history, state.reuse)),
        opening=_kept(history, waiting.request.gate) if waiting else "",
    )


def _days(state: ProductState) -> Iterator[tuple[str, str]]:
    for item, answer in sorted(state.answers.items()):
        if answer.state == "done" and answer.written and answer.written.day:
            yield item, answer.written.day


def _is_activity(fact: Fact) -> bool:
    """What a former follow-up told has dates of its own; a description follows what others did."""
    return not isinstance(fact, ProductDescribed | ProductImported | PhaseEntered) or (
        isinstance(fact, PhaseEntered) and not fact.imported
    )


def _outcome(record: GateRecord, state: ProductState) -> str:
    """A go with conditions is told apart from a plain one."""
    if record.ending is None or not record.outcome:
        return "withdrawn" if record.ending else ""
    standing_ones = (one for one in state.conditions.values() if one.fact.gate == record.request.gate)
    is_conditional = record.outcome == "go" and any(one.dropped is None for one in standing_ones)
    return "conditional" if is_conditional else record.outcome


def story(record: GateRecord, state: ProductState) -> GateStory:
    """A gate as reports tell it."""
    request, decided = record.request, record.decision
    ending = decided or record.withdrawal or record.revised
    count = gates.tally(record) if record.postponements else None
    return GateStory(
        number=request.gate,
        origin=request.origin,
        target=request.target,
        asked=request.at,
        outcome=_outcome(record, state),
        ended=ending.at if ending else None,
        go=decided.go if decided else 0,
        nogo=decided.nogo if decided else 0,
        counted=(len(count.go), len(count.nogo)) if count else (0, 0),
        present=tuple(gates.seat_name(record, seat) for seat in decided.present) if decided else (),
        reasons=_reasons(record, state),
        put_off=tuple(PutOff(one.at, one.reason) for one in record.postponements),
        seats=tuple((seat.id, seat.name) for seat in request.seats),
        voices="".join(_voices(record, _too_late(record, state))),
        first=first_end(record, state),
        second_thoughts=tuple(second_thoughts_of(record, state)),
    )


def _too_late(record: GateRecord, state: ProductState) -> frozenset[str]:
    """Names of those whose vote came there once it could not count: after its deadline, or after its end."""
    ending, following = record.decision or record.withdrawal or record.revised, state.gates.get(record.request.gate + 1)
    if ending is None:
        return frozenset()
    until = following.request.at if following else datetime.max.replace(tzinfo=UTC)
    spans = {Reason.TOO_LATE: (record.request.at, ending.at), Reason.NO_OPEN_GATE: (ending.at, until)}
    refused = (one for one in state.refusals if one.command in BALLOTS and one.reason in spans)
    said = (one for one in refused if spans[Reason(one.reason)][0] <= one.at <= spans[Reason(one.reason)][1])
    return frozenset(record.voter(one.who) for one in said) - {""}


def _voices(record: GateRecord, late: Collection[str]) -> Iterator[str]:
    counting, decision = record.counting, record.decision
    attending, excused = (decision.present, decision.excused) if decision else ((), ())
    for seat in record.request.seats:
        ballot = counting.get(seat.id)
        if ballot is not None and ballot.choice == "recuse":
            yield RECUSED
        elif ballot is not None or seat.id in attending:
            yield SPOKEN
        elif seat.name in excused:
            yield EXCUSED
        else:
            yield LATE if any(login.lower() in late for login in seat.logins) else SILENT


def _reasons(record: GateRecord, state: ProductState) -> tuple[Point, ...]:
    """Why: the points of the seats that said no, or the conditions set."""
    if record.outcome == "nogo":
        return gates.objections(record)
    of_it = (one for one in state.conditions.values() if one.fact.gate == record.request.gate)
    conditions = (one.fact for one in of_it if one.dropped is None)
    return tuple(Point(gates.seat_name(record, fact.seat), fact.condition.text) for fact in conditions)


def _condition(condition: OpenCondition, state: ProductState) -> StandingCondition:
    fact, said = condition.fact, condition.fact.condition
    seat = gates.seat_name(state.gates[fact.gate], fact.seat)
    return StandingCondition(fact.number, said.text, seat, said.owner, said.due, fact.at)


def _waiting(record: GateRecord) -> Waiting:
    request, count = record.request, gates.tally(record)
    mandatory = set(count.missing_mandatory)
    return Waiting(
        gate=request.gate,
        target=request.target,
        since=request.at,
        days=0,
        deadline=record.deadline,
        last_day=record.last_day,
        overdue=False,
        spoken=count.spoken,
        quorum=request.rule.quorum,
        awaited=tuple(
            SeatAwaited(seat.id, seat.name, seat.id in mandatory) for seat in request.seats if seat.id in count.silent
        ),
        recused=tuple(seat.name for seat in request.seats if seat.id in count.recused),
        concerned=request.concerned,
    )


def _kept(history: Iterable[Fact], gate: int) -> str:
    return canonical_json(
        [fact_json.to_json(fact) for fact in history if isinstance(fact, OF_A_GATE) and fact.gate == gate]
    )


@lru_cache(maxsize=1024)
def _opened(text: str) -> GateRecord | None:
    return standing(tuple(map(fact_json.from_json, json.loads(text)))).open_gate


def canonical_json(value: object) -> str:
    """JSON, the same for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
